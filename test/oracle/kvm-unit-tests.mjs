// Runs the x86 tests of kvm-unit-tests on our machine and, beside it, on QEMU TCG; prints a table with the sub-tests counted.
// The tests are built elsewhere: nothing of them is in this repository.
//
//   CLOCKPATH_KVM_UNIT_TESTS=/folder/of/flat/files node test/oracle/kvm-unit-tests.mjs [options] [NAME...]
//     --ours, --qemu   only that side          --show     print each test's console output
//     --seconds N      at most so long a test  --cpu-module FILE   another cpu.wasm
//     --write FILE     the table as Markdown (docs/kvm-unit-tests.md)
//   CLOCKPATH_KVM_UNIT_TESTS_I386=/folder: the tests that exist for i386 only.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { TESTS } from "./kvm-unit-tests-list.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const scratch = mkdtempSync(path.join(tmpdir(), "clockpath-kvm-"));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ours: { type: "boolean" },
    qemu: { type: "boolean" },
    show: { type: "boolean" },
    seconds: { type: "string", default: "60" },
    write: { type: "string" },
    "cpu-module": { type: "string", default: path.join(root, "dist/cpu.wasm") },
  },
});
const folder = process.env.CLOCKPATH_KVM_UNIT_TESTS;
if (!folder) {
  console.error(
    "Set CLOCKPATH_KVM_UNIT_TESTS to the folder with the built .flat files (x86/ of the built tree).",
  );
  process.exit(2);
}
const fileOf = (test) =>
  path.join(test.i386 ? (process.env.CLOCKPATH_KVM_UNIT_TESTS_I386 ?? "") : folder, test.file);
/** Seconds of processor time for ours; QEMU's is not known, so it gets that many times the seconds by the clock. */
const seconds = Number(values.seconds);
const QEMU_PATIENCE = 2;
const MEMORY_MB = 128;
const environment = (test) =>
  Object.entries({ NR_CPUS: test.cpus ?? 1, MEMSIZE: MEMORY_MB, TEST_DEVICE: 1, ...test.environment })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");

/** What the debug exit port makes of a test's status: 0 passed, 1 failed, 77 >> 1 skipped. */
const VERDICTS = new Map([[1, "pass"], [3, "FAIL"], [77, "skip"]]); // biome-ignore format: a table

function summary(verdict, output, why) {
  const count = (word) => output.match(new RegExp(`^${word}: `, "gm"))?.length ?? 0;
  return { verdict, why, output, passed: count("PASS"), failed: count("FAIL"), skipped: count("SKIP") };
}

async function loadMachine() {
  const outfile = path.join(scratch, "machine.mjs");
  await build({
    stdin: {
      contents: `export { createMachine } from "./emulator/machine/machine.ts"; export { parseMachineSwitches } from "./emulator/machine/board.ts";`,
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
  });
  const module = new WebAssembly.Module(readFileSync(values["cpu-module"]));
  return { ...(await import(pathToFileURL(outfile).href)), module };
}

function runOurs(sources, test) {
  let output = "";
  const started = process.cpuUsage().user;
  let machine;
  try {
    machine = sources.createMachine(sources.module, {
      kernel: readFileSync(fileOf(test)),
      initrd: Buffer.from(environment(test)),
      cmdline: test.args ?? "",
      memory: MEMORY_MB * 2 ** 20,
      ...sources.parseMachineSwitches(
        ["pic=on,testdev=on,debug-exit=on,mptable=off", `cpus=${test.cpus ?? 1}`, test.ours]
          .filter(Boolean)
          .join(","),
      ),
    });
    for (;;) {
      const stop = machine.run(2_000_000);
      output += Buffer.from(machine.takeConsoleOutput()).toString("latin1");
      if (stop.kind !== "limit") {
        const verdict = VERDICTS.get(stop.exitCode) ?? "stop";
        if (values.show && verdict === "stop")
          for (const notice of machine.takeNotices().slice(0, 5)) console.log(`! ${notice}`);
        return summary(verdict, output, verdict === "stop" ? stop.message : "");
      }
      if (process.cpuUsage().user - started > seconds * 1e6)
        return summary("hang", output, `still running at 0x${machine.readRegister("rip").toString(16)}`);
    }
  } catch (error) {
    return summary("crash", output, error.stack);
  }
}

function runQemu(test) {
  const initrd = path.join(scratch, "env");
  writeFileSync(initrd, environment(test));
  const machine = ["microvm,acpi=off,pit=on,pic=on", test.qemuMachine].filter(Boolean).join(",");
  const { status, stdout, error, signal } = spawnSync(
    "qemu-system-x86_64",
    [
      ..."-accel tcg -nodefaults -no-reboot -display none -serial stdio -m".split(" "), `${MEMORY_MB}`,
      "-M", machine, "-smp", `${test.cpus ?? 1}`, "-cpu", test.qemuCpu ?? "qemu64",
      "-device", "pc-testdev", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x4",
      "-kernel", fileOf(test), "-initrd", initrd, "-append", test.args ?? "",
    ], // biome-ignore format: as on a command line
    { encoding: "latin1", timeout: QEMU_PATIENCE * seconds * 1000, input: "" },
  );
  if (signal || error) return summary("hang", stdout ?? "", String(error ?? signal));
  return summary(VERDICTS.get(status) ?? "stop", stdout, `exit status ${status}`);
}

const cell = (result) => {
  if (!result) return "";
  const counts = `${result.passed}/${result.passed + result.failed}${result.skipped ? ` +${result.skipped} skipped` : ""}`;
  return `${result.verdict.padEnd(5)} ${counts}`;
};

const sources = values.qemu ? undefined : await loadMachine();
const rows = [];
console.log(`${"test".padEnd(28)} ${"ours (sub-tests)".padEnd(26)} QEMU TCG (sub-tests)`);
for (const test of TESTS) {
  if (positionals.length > 0 && !positionals.includes(test.name)) continue;
  if (!existsSync(fileOf(test))) continue;
  const ours = sources && runOurs(sources, test);
  const qemu = values.ours ? undefined : runQemu(test);
  rows.push({ test, ours, qemu });
  console.log(`${test.name.padEnd(28)} ${cell(ours).padEnd(26)} ${cell(qemu)}`);
  for (const result of [ours, qemu]) {
    if (!result) continue;
    if (values.show) console.log(result.output.replace(/^/gm, "    "));
    if (values.show && result.why) console.log(`    (${result.why})`);
  }
}
/** By file: it passes, or is skipped, only when every row of it does. */
function byFile(side) {
  const files = new Map();
  for (const row of rows) {
    if (!row[side]) continue;
    const key = (row.test.i386 ? "i386/" : "") + row.test.file;
    files.set(key, [...(files.get(key) ?? []), row[side].verdict]);
  }
  const all = [...files.values()];
  const count = (accepts) => all.filter(accepts).length;
  return {
    files: all.length,
    pass: count((verdicts) => verdicts.every((verdict) => verdict === "pass")),
    skip: count((verdicts) => verdicts.every((verdict) => verdict === "skip")),
  };
}
const sideName = { ours: "Clockpath", qemu: "QEMU TCG" };
const sums = Object.keys(sideName)
  .filter((side) => rows.some((row) => row[side]))
  .map((side) => {
    const { files, pass, skip } = byFile(side);
    const passed = rows.filter((row) => row[side].verdict === "pass").length;
    return `${sideName[side]}: ${pass} of ${files} files pass, ${skip} are skipped, ${files - pass - skip} fail; ${passed} of ${rows.length} rows pass.`;
  });
console.log(sums.join("\n"));

const switches = (test) => [test.cpus && `cpus=${test.cpus}`, test.ours].filter(Boolean).join(",");
const tight = (result) => cell(result).replace(/ +/g, " ").trim();
function markdown() {
  const qemu = spawnSync("qemu-system-x86_64", ["--version"], { encoding: "latin1" }).stdout?.split("\n")[0];
  const line = ({ test, ours, qemu }) =>
    `| ${test.name}${test.i386 ? " (i386)" : ""} | ${switches(test)} | ${tight(ours)} | ${tight(qemu)} | ${test.note ?? ""} |`;
  return [
    "# kvm-unit-tests",
    "",
    "The x86 tests of kvm-unit-tests on Clockpath's machine and, beside it, on QEMU TCG (`-M microvm,acpi=off,pit=on,pic=on -device pc-testdev`).",
    "Sub-tests are counted: passed/run. This page is written by `npm run oracle:kvm -- --write docs/kvm-unit-tests.md`; the tests themselves are built",
    "elsewhere (`CLOCKPATH_KVM_UNIT_TESTS`, `CLOCKPATH_KVM_UNIT_TESTS_I386`). `stop`: the test ended with another status than pass, fail or skip;",
    `\`hang\`: still running after ${seconds} s of processor time, QEMU after ${QEMU_PATIENCE * seconds} s by the clock. The last column says why a test is skipped, or cannot pass on this board.`,
    "",
    ...sums.map((sum) => `- ${sum}`),
    `- Beside ${qemu ?? "QEMU"}.`,
    "",
    "| test | switches | Clockpath | QEMU TCG | |",
    "|---|---|---|---|---|",
    ...rows.map(line),
    "",
  ].join("\n");
}
if (values.write) writeFileSync(values.write, markdown());
