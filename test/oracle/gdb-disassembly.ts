// `disassemble` by gdb and by our console: every Nth function of a kernel. Usage: node test/run-ts.mjs test/oracle/gdb-disassembly.ts KERNEL
// [--every 37] [--modifiers r] [--show 20]. Exits 1 when any line differs.

import { parseArgs } from "node:util";
import { answerOf, answersOf, askGdb, bootOf, hexOf, OPTIONS, runTo } from "./gdb-side.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...OPTIONS,
    every: { type: "string", default: "37" },
    /** Of `disassemble`: r, s. */
    modifiers: { type: "string", default: "" },
  },
});
const boot = bootOf(positionals[0], values);

async function main(): Promise<void> {
  const session = boot.open();
  const { debugger: engine } = session;
  // Where the kernel's own page tables are in place.
  const [moment] = await boot.moments(1);
  await runTo(session, moment!);
  session.target.limits = {};
  const functions = engine.symbols
    .symbolsWithPrefix("", 1_000_000)
    .filter(({ kind, size }) => kind === "function" && size > 0)
    .filter((_, index) => index % Number(values.every) === 0);
  const flags = values.modifiers === "" ? "" : `/${values.modifiers}`;
  const commands = [...new Set(functions.map(({ address }) => `disassemble${flags} ${hexOf(address)}`))];
  // The kernel patches its code for the processor: gdb looks at the same memory.
  const place = hexOf(session.target.readRegister("rip"));
  const text = await askGdb(boot, "gdb-expressions.py", [
    place,
    ...commands.map((command) => `0 ${command}`),
  ]);
  const answers = answersOf(text);
  let [lines, differ] = [0, 0];
  for (const [i, command] of commands.entries()) {
    const gdb = (answers[i] ?? "").split("\n");
    const ours = (await answerOf(engine, undefined, command)).replaceAll("\n=> ", "\n   ").split("\n");
    lines += gdb.length;
    for (let n = 0; n < Math.max(gdb.length, ours.length); n++)
      if (gdb[n] !== ours[n] && ++differ <= Number(values.show))
        console.log(`${command}\n  gdb:  ${gdb[n]}\n  ours: ${ours[n]}`);
  }
  console.log(`${commands.length} functions, ${lines} lines of gdb: ${differ} differ (${boot.folder})`);
  process.exit(differ === 0 ? 0 : 1);
}

void main();
