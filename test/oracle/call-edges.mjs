// Compares the call graph of a configured kernel with the compiled kernel: `npm run oracle:calls`, or
// `node test/oracle/call-edges.mjs TREE KERNEL [CONFIG] [--list]` (CLOCKPATH_NETBSD_SRC, CLOCKPATH_NETBSD_KERNEL; MICROVM). Direct calls: each call
// instruction, given to the innermost inlined function, must be an edge. Indirect calls: what they call while the kernel boots on our machine must
// be among what is shown. Whether what is claimed is real: claimed-edges.mjs.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { callInstructions, namesByAddress, stacksAt, targetsOfBoot } from "./compiled.mjs";
import { load, root } from "./load.mjs";

const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const [
  tree = process.env.CLOCKPATH_NETBSD_SRC,
  kernel = process.env.CLOCKPATH_NETBSD_KERNEL,
  config = "MICROVM",
] = words;
if (tree === undefined || kernel === undefined || !existsSync(kernel)) {
  console.error("skipped: set CLOCKPATH_NETBSD_SRC and CLOCKPATH_NETBSD_KERNEL, or name TREE and KERNEL");
  process.exit(0);
}

/** Breakpoints that the machine takes. */
const MAX_WATCHED = 2000;
const isC = (file) => /\.[chly]$/.test(file);
const percent = (part, whole) => `${((100 * part) / whole).toFixed(2)} %`;

/** Calls of the source by pair of names, and what calls through pointers may reach. */
function claims(graph) {
  const direct = new Map();
  const pointers = new Map();
  for (const edge of graph.edges()) {
    const key = `${edge.caller.name}\t${edge.callee.name}`;
    if (edge.kind === "pointer" || edge.kind === "set" || edge.kind === "ifunc")
      pointers.set(key, [...(pointers.get(key) ?? []), edge]);
    else if (!direct.has(key)) direct.set(key, edge);
  }
  return { direct, pointers };
}

function compareDirect({ direct: known, pointers }, direct, stacks, names) {
  const pairs = new Map();
  const counts = { found: 0, clone: 0, constant: 0, apart: 0, missing: [] };
  const callees = [...new Set(direct.map(({ target }) => target))];
  const places = new Map(
    stacksAt(kernel, tree, callees).map((frames, i) => [callees[i], frames.at(-1)?.file ?? ""]),
  );
  direct.forEach((site, i) => {
    const frame = stacks[i][0];
    if (frame === undefined || !isC(frame.file) || !isC(places.get(site.target))) return;
    // Files that the build writes are not of the tree; code that a compiler has merged from several places has no line; a stack's
    // canary is the compiler's own.
    const isWritten = frame.file.startsWith("..");
    if (isWritten || !(frame.line > 0) || site.callee === "__stack_chk_fail") {
      counts.apart++;
      return;
    }
    const key = `${frame.name}\t${site.callee}\t${frame.file}`;
    if (!pairs.has(key)) pairs.set(key, { ...site, ...frame });
  });
  for (const [key, pair] of pairs) {
    const wanted = [pair.callee, ...(names.get(pair.target.padStart(16, "0")) ?? [])];
    if (wanted.some((name) => known.has(`${pair.name}\t${name}`))) counts.found++;
    else if (wanted.includes(pair.name)) counts.clone++;
    else if (wanted.some((name) => pointers.has(`${pair.name}\t${name}`))) counts.constant++;
    else counts.missing.push(`${key}:${pair.line}`);
  }
  const total = pairs.size;
  const accounted = total - counts.clone - counts.constant;
  console.log(
    `direct call edges between C functions in the compiled kernel: ${total} (apart: ${counts.apart} calls in files that the build writes, without a line, or of a stack's canary)`,
  );
  console.log(`  as written in the source: ${counts.found} of ${total} (${percent(counts.found, total)})`);
  console.log(
    `  compiler-made: calls of a function's own clone ${counts.clone}, a pointer's call made direct ${counts.constant}`,
  );
  console.log(
    `  compiler-made ones apart: ${counts.found} of ${accounted} found (${percent(counts.found, accounted)})`,
  );
  if (flags.includes("--list")) for (const line of counts.missing) console.log(`  missing ${line}`);
}

/** Boots the kernel as often as there are breakpoints for; gives the targets of each indirect call that it makes. */
function bootTargets(loaded, graph, indirect) {
  const module = new WebAssembly.Module(readFileSync(path.join(root, "dist/cpu.wasm")));
  const bytes = readFileSync(kernel);
  const symbols = loaded.openSymbols(bytes);
  const isNetbsd = graph.system === "netbsd";
  const limit = isNetbsd ? 36_000_000 : 120_000_000;
  const targets = new Map();
  for (let from = 0; from < indirect.length; from += MAX_WATCHED) {
    const machine = loaded.createMachine(module, {
      kernel: bytes,
      cmdline: isNetbsd ? "console=com -a" : "",
    });
    const watched = indirect.slice(from, from + MAX_WATCHED);
    for (const [address, found] of targetsOfBoot(machine, watched, symbols, limit))
      targets.set(address, found);
  }
  return targets;
}

function compareIndirect(loaded, graph, indirect, names) {
  const targets = bootTargets(loaded, graph, indirect);
  const sites = indirect.filter(({ address }) => targets.has(address));
  const stacks = stacksAt(
    kernel,
    tree,
    sites.map(({ address }) => address),
  );
  const shown = new Map();
  for (const edge of graph.edges()) {
    if (edge.through === undefined) continue;
    if (!shown.has(edge.caller.name)) shown.set(edge.caller.name, []);
    shown.get(edge.caller.name).push(edge);
  }
  const counts = { sites: 0, right: 0, targets: 0, shown: 0, wrong: [], named: new Map() };
  sites.forEach(({ address }, i) => {
    const frame = stacks[i][0];
    if (frame === undefined || !isC(frame.file) || !(frame.line > 0)) return;
    counts.sites++;
    const edges = shown.get(frame.name) ?? [];
    const missing = [...targets.get(address)].filter((target) => {
      const wanted = names.get(target.padStart(16, "0")) ?? [];
      return !edges.some(({ callee }) => wanted.includes(callee.name));
    });
    counts.targets += targets.get(address).size;
    counts.shown += new Set(edges.map(({ callee }) => callee.name)).size;
    if (missing.length === 0) counts.right++;
    else
      counts.wrong.push(
        `${frame.name} ${frame.file}:${frame.line} -> ${missing.map((target) => names.get(target.padStart(16, "0"))?.[0]).join(", ")}`,
      );
    for (const { through } of edges)
      if (/tc_get_timecount|initclock_func|x86_delay/.test(through))
        counts.named.set(through, missing.length === 0);
  });
  console.log(
    `indirect calls of C that the boot makes, of ${indirect.length}: ${counts.sites} sites, ${counts.targets} targets; all true targets shown at ${counts.right} (${percent(counts.right, counts.sites)})`,
  );
  console.log(
    `  among them ${[...counts.named].map(([through, right]) => `${through}: ${right ? "right" : "WRONG"}`).join(", ")}; mean of targets shown in the calling function ${(counts.shown / counts.sites).toFixed(1)}`,
  );
  for (const line of counts.wrong) console.log(`  not shown: ${line}`);
}

const folder = mkdtempSync(path.join(tmpdir(), "clockpath-call-edges-"));
try {
  const loaded = await load(
    folder,
    `export { loadGraph } from "./server/graph/load.ts"; export { createMachine } from "./emulator/machine/machine.ts";
     export { openSymbols } from "./emulator/symbols/open.ts";`,
  );
  const started = performance.now();
  const graph = loaded.loadGraph(tree, config, { indexDir: folder });
  console.log(
    `${graph.configuration}: ${graph.functionCount} functions, ${[...graph.edges()].length} edges in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  const { direct, indirect } = callInstructions(kernel);
  const names = namesByAddress(kernel);
  const stacks = stacksAt(
    kernel,
    tree,
    direct.map(({ address }) => address),
  );
  const known = claims(graph);
  compareDirect(known, direct, stacks, names);
  compareIndirect(loaded, graph, indirect, names);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
