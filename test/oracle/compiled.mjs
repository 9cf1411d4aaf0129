// A compiled kernel as an oracle of calls: its call instructions (objdump), each with the source functions that it lies in (addr2line), and
// the targets that its indirect calls have when it boots.
import { execFileSync } from "node:child_process";
import path from "node:path";

const run = (command, args, input) =>
  execFileSync(command, args, {
    input,
    maxBuffer: 1 << 30,
    encoding: "latin1",
    stdio: ["pipe", "pipe", "ignore"],
  });

/** The function of which a compiler's clone is: f.part.0, f.constprop.1, f.cold. */
export const original = (symbol) => symbol.replace(/\.(part|constprop|isra|cold|lto_priv)(\.\d+)*.*$/, "");

/** Every name of an address: a callee has several (aliases, folded functions), and objdump shows one. */
export function namesByAddress(kernel) {
  const names = new Map();
  for (const line of run("nm", [kernel]).split("\n")) {
    const [address, type, name] = line.split(" ");
    if (name === undefined || !/[tTwWi]/.test(type)) continue;
    names.set(address, [...(names.get(address) ?? []), original(name)]);
  }
  return names;
}

/** Source functions at each address, innermost inlined one first: [{ name, file, line }]. */
export function stacksAt(kernel, root, addresses) {
  const text = run("addr2line", ["-f", "-i", "-a", "-e", kernel], addresses.join("\n"));
  return text
    .split(/^0x[0-9a-f]+\n/m)
    .slice(1)
    .map((block) => {
      const lines = block.trimEnd().split("\n");
      const frames = [];
      for (let i = 0; i + 1 < lines.length; i += 2) {
        const [file, line] = lines[i + 1].replace(/ \(discriminator \d+\)/, "").split(":");
        frames.push({
          name: original(lines[i]),
          file: path.relative(root, path.normalize(file)),
          line: Number(line),
        });
      }
      return frames;
    });
}

/** Pairs "caller\tcallee" of functions of which the one has been inlined into the other, at any line of the line table. */
export function inlinedPairs(kernel, root) {
  const addresses = new Set();
  for (const [, address] of run("objdump", ["--dwarf=decodedline", kernel]).matchAll(/ 0x([0-9a-f]+) /g))
    addresses.add(address);
  const pairs = new Set();
  for (const frames of stacksAt(kernel, root, [...addresses]))
    for (let k = 0; k + 1 < frames.length; k++) pairs.add(`${frames[k + 1].name}\t${frames[k].name}`);
  return pairs;
}

/** Call instructions and jumps to another function, and indirect calls: { address, symbol, callee, target } and { address, symbol, length }. */
export function callInstructions(kernel) {
  const direct = [];
  const indirect = [];
  let symbol = "";
  for (const line of run("objdump", ["-d", kernel]).split("\n")) {
    const head = /^[0-9a-f]{16} <(.+)>:$/.exec(line);
    if (head) symbol = head[1];
    const found = /^([0-9a-f]+):\t([0-9a-f ]+)\t(call|j[a-z]+)\s+(?:(\*)|([0-9a-f]+) <([^+>]+)>)/.exec(line);
    if (!found) continue;
    const [, address, bytes, operation, star, target, callee] = found;
    if (star !== undefined && (operation === "call" || operation === "jmp"))
      indirect.push({ address, symbol, length: bytes.trim().split(" ").length });
    else if (callee !== undefined && (operation === "call" || callee !== symbol))
      direct.push({ address, symbol, callee: original(callee), target, operation });
  }
  return { direct, indirect };
}

/** Boots the kernel and gives the targets of indirect calls: address of the call -> names; a call is watched for its first `hits`. */
export function targetsOfBoot(machine, indirect, symbols, limit, hits = 4) {
  const left = new Map(indirect.map(({ address }) => [BigInt(`0x${address}`), hits]));
  const targets = new Map();
  machine.setBreakpoints(left.keys());
  while (machine.instructions < limit) {
    const stop = machine.run(limit - machine.instructions);
    if (stop.kind !== "breakpoint") break;
    machine.run(1);
    const target = symbols.symbolAt(machine.readRegister("rip"));
    const key = stop.address.toString(16);
    if (target?.offset === 0)
      targets.set(key, new Set([...(targets.get(key) ?? []), target.symbol.address.toString(16)]));
    const more = left.get(stop.address) - 1;
    if (more > 0) left.set(stop.address, more);
    else {
      left.delete(stop.address);
      machine.setBreakpoints(left.keys());
    }
  }
  return targets;
}
