// Compares our direct calls with a compiled kernel's: `node test/oracle/calls.mjs TREE KERNEL [--list]`. Every call and
// tail-jump instruction to a function (objdump) is given to the innermost inlined function it lies in (addr2line); the
// index must know a call from that function to that callee in that file, directly or through macros.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadScanner } from "./load.mjs";

const [treePath, kernel, ...flags] = process.argv.slice(2);
if (kernel === undefined) {
  console.error("usage: node test/oracle/calls.mjs TREE KERNEL [--list]");
  process.exit(1);
}

const run = (command, args, input) =>
  execFileSync(command, args, {
    input,
    maxBuffer: 1 << 30,
    encoding: "latin1",
    stdio: ["pipe", "pipe", "ignore"],
  });

/** A compiler's clone of a function: f.part.0, f.constprop.1, f.cold. */
const original = (symbol) => symbol.replace(/\.(part|constprop|isra|cold|lto_priv)(\.\d+)*.*$/, "");

/** All names of each address: a callee has several (`_atomic_inc_32`, `atomic_inc_32`), and objdump shows one. */
function namesByAddress() {
  const names = new Map();
  for (const line of run("nm", [kernel]).split("\n")) {
    const [address, , name] = line.split(" ");
    if (name !== undefined) names.set(address, [...(names.get(address) ?? []), original(name)]);
  }
  return names;
}

/** Call sites of the kernel: the innermost source function, where it is, and the callee's symbol. */
function callSites() {
  const calls = [];
  for (const line of run("objdump", ["-d", "--no-show-raw-insn", kernel]).split("\n")) {
    const found = /^([0-9a-f]+):\t(call|jmp)\s+([0-9a-f]+) <([^+>]+)>$/.exec(line);
    if (found)
      calls.push({
        address: found[1],
        callee: original(found[4]),
        target: found[3],
        jump: found[2] === "jmp",
      });
  }
  const text = run(
    "addr2line",
    ["-f", "-i", "-a", "-e", kernel],
    calls.map((call) => call.address).join("\n"),
  );
  const blocks = text.split(/^0x[0-9a-f]+\n/m).slice(1);
  return calls.map((call, i) => {
    const [caller, place] = blocks[i].split("\n");
    const [file, line] = place.replace(/ \(discriminator \d+\)/, "").split(":");
    return { ...call, caller: original(caller), file: path.normalize(file), line: Number(line) };
  });
}

const folder = mkdtempSync(path.join(tmpdir(), "clockpath-calls-"));
try {
  const { SourceScanner, F, detectTree } = await loadScanner(folder);
  const tree = detectTree(treePath);
  const source = new SourceScanner();
  const files = new Map();
  const allFunctions = new Set();
  const macros = new Map();

  /** Callees per function and per macro of a file; macros of headers are shared by name. */
  function readFile(file) {
    const functions = new Map();
    files.set(file, functions);
    const full = path.join(tree.root, file);
    if (!existsSync(full)) return;
    source.clear();
    source.scan(file, readFileSync(full));
    const { facts, names } = source;
    for (let i = 0; i < facts.count; i++) {
      if ((facts.kinds[i] & F.MEMBER) !== 0) continue;
      const isCall = (facts.kinds[i] & F.BASE_KIND) === F.CALL;
      let scope = -1;
      for (let s = facts.scopeCount - 1; s >= 0 && scope < 0; s--)
        if (facts.scopeLines[s] <= facts.lines[i] && facts.scopeEnds[s] >= facts.lines[i]) scope = s;
      if (scope < 0) continue;
      const table = facts.scopeMacros[scope] ? macros : functions;
      const caller = names.text(facts.scopeNames[scope]);
      if (!facts.scopeMacros[scope]) allFunctions.add(caller);
      if (!table.has(caller)) table.set(caller, new Set());
      // An object-like macro may stand for a function's name, so every use counts as a step through macros.
      table.get(caller).add(names.text(facts.names[i]) + (isCall ? "" : " use"));
    }
  }

  function reaches(callees, callee, depth, seen) {
    if (callees === undefined) return false;
    if (callees.has(callee)) return true;
    if (depth === 0) return false;
    for (const name of callees) {
      const step = name.replace(" use", "");
      if (step === callee && depth < 8) return true;
      if (seen.has(step) || !macros.has(step)) continue;
      seen.add(step);
      if (reaches(macros.get(step), callee, depth - 1, seen)) return true;
    }
    return false;
  }

  const sites = callSites();
  const inTree = (file) => {
    const at = file.lastIndexOf("/sys/");
    return at < 0 ? undefined : tree.sys === "" ? file.slice(at + 5) : file.slice(at + 1);
  };
  for (const header of run("find", [tree.root, "-name", "*.h", "-not", "-path", "*/external/*"]).split("\n"))
    if (header !== "") readFile(path.relative(tree.root, header));
  const edges = new Map();
  for (const site of sites) {
    const file = inTree(site.file);
    if (file === undefined || file.endsWith(".S") || !existsSync(path.join(tree.root, file))) continue;
    if (site.jump && site.callee === site.caller) continue;
    edges.set(`${file}\t${site.caller}\t${site.callee}`, site);
  }
  const aliases = namesByAddress();
  let direct = 0;
  let throughMacro = 0;
  let fromMacroHead = 0;
  const missing = [];
  for (const [key, site] of edges) {
    const [file, caller, callee] = key.split("\t");
    if (!files.has(file)) readFile(file);
    const callees = files.get(file).get(caller);
    const wanted = [callee, ...(aliases.get(site.target) ?? [])];
    if (wanted.some((name) => callees?.has(name))) direct++;
    else if (wanted.includes(caller) || wanted.some((name) => reaches(callees, name, 8, new Set())))
      throughMacro++;
    else if (callees === undefined && !allFunctions.has(caller)) fromMacroHead++;
    else missing.push(`${key}\t${site.line}`);
  }
  const total = edges.size;
  console.log(
    `edges ${total}  direct ${direct}  through macros ${throughMacro}  functions written by macros ${fromMacroHead}  missing ${missing.length}  found ${((100 * (total - missing.length)) / total).toFixed(2)} %`,
  );
  if (flags.includes("--list")) console.log(missing.join("\n"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
