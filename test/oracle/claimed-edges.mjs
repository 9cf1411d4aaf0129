// Are the edges real that a configured kernel's call graph claims? `npm run oracle:claims`, or `node test/oracle/claimed-edges.mjs TREE KERNEL
// [CONFIG] [--seed N] [--count N]` (CLOCKPATH_NETBSD_SRC, CLOCKPATH_NETBSD_KERNEL; MICROVM). A seeded sample of all edges: what the compiled kernel
// proves (a call instruction, an inlined function, two names of one address), what the source's words prove (the name and its parenthesis at the
// place; of a call through a pointer the call there and the name at its registration), and the rest, printed with its text, to be read by eye.
// Then, over every direct call that stands in a file's own text: does a parenthesis follow the name? A function's address is no call.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { callInstructions, inlinedPairs, namesByAddress, stacksAt } from "./compiled.mjs";
import { load } from "./load.mjs";
import { sample } from "./sampled.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "300" } },
});
const [
  tree = process.env.CLOCKPATH_NETBSD_SRC,
  kernel = process.env.CLOCKPATH_NETBSD_KERNEL,
  config = "MICROVM",
] = positionals;
if (tree === undefined || kernel === undefined || !existsSync(kernel)) {
  console.error("skipped: set CLOCKPATH_NETBSD_SRC and CLOCKPATH_NETBSD_KERNEL, or name TREE and KERNEL");
  process.exit(0);
}

const texts = new Map();

/** Lines of a file of the tree, without comments and strings, from index 0; none for what the build writes. */
function linesOf(file) {
  if (!texts.has(file)) {
    const name = path.join(tree, file);
    const blank = (text) => text.replace(/[^\n]/g, " ");
    const text = existsSync(name) ? readFileSync(name, "latin1") : "";
    const plain = text.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"/g, blank);
    texts.set(file, plain.split("\n"));
  }
  return texts.get(file);
}

/** The text at a place, up to the end of what is begun there. */
const textAt = ({ file, line }, count = 3) =>
  linesOf(file)
    .slice(line - 1, line - 1 + count)
    .join("\n");

/** The whole `#define` at a place. */
function macroText({ file, line }) {
  const lines = linesOf(file);
  let last = line;
  while (lines[last - 1]?.endsWith("\\")) last++;
  return lines.slice(line - 1, last).join("\n");
}

const called = (name, text) => new RegExp(`\\b${name}\\b[\\s\\\\)]*\\(`).test(text);
const named = (name, text) => new RegExp(`\\b${name}\\b`).test(text);

/** What the compiled kernel says: pairs of functions by call or inlining, names of one address, functions that call through pointers. */
function compiledFacts() {
  const { direct, indirect } = callInstructions(kernel);
  const names = namesByAddress(kernel);
  const at = (list) =>
    stacksAt(
      kernel,
      tree,
      list.map(({ address }) => address),
    );
  const calls = new Set();
  at(direct).forEach((frames, i) => {
    const { callee, target } = direct[i];
    for (const name of [callee, ...(names.get(target.padStart(16, "0")) ?? [])])
      calls.add(`${frames[0]?.name}\t${name}`);
  });
  const dispatches = new Set();
  for (const [frame] of at(indirect))
    if (frame !== undefined) dispatches.add(`${frame.name}\t${frame.file}\t${frame.line}`);
  const same = new Set();
  for (const all of names.values()) for (const a of all) for (const b of all) same.add(`${a}\t${b}`);
  return { calls, inlined: inlinedPairs(kernel, tree), dispatches, same };
}

/** A word for how an edge is proved; undefined: it is to be read. */
function proof(edge, facts) {
  const { caller, callee, kind, macro, registered, through } = edge;
  const pair = `${caller.name}\t${callee.name}`;
  if (kind === "alias") return facts.same.has(pair) ? "two names of one address" : undefined;
  if (kind === "direct" || kind === "macro") {
    if (facts.calls.has(pair)) return "call instruction";
    if (facts.inlined.has(pair)) return "inlined";
    if (macro === undefined ? called(callee.name, textAt(edge)) : called(callee.name, macroText(macro)))
      return "call in the text";
    return undefined;
  }
  const isRegistered = registered !== undefined && named(callee.name, textAt(registered, 1));
  if (!isRegistered) return undefined;
  if (kind === "ifunc") return "returned by its resolver";
  const field = /(\w+)\W*$/.exec(through.replace(/\[[^\]]*\]/g, ""))?.[1];
  const isDesignated = new RegExp(`\\.${field}\\s*=|(->|\\.|\\b)${field}\\s*=[^=]`).test(
    textAt(registered, 1),
  );
  const lines = [0, 1, 2, -1, -2].map((d) => `${caller.name}\t${edge.file}\t${edge.line + d}`);
  const isCalled =
    lines.some((line) => facts.dispatches.has(line)) || (macro === undefined && called(field, textAt(edge)));
  return isDesignated && isCalled ? "call through the field that is given the function" : undefined;
}

function checkSample(edges, facts) {
  const chosen = sample(edges, Number(values.count), Number(values.seed));
  const proofs = new Map();
  const open = [];
  for (const edge of chosen) {
    const word = proof(edge, facts);
    if (word === undefined) open.push(edge);
    else proofs.set(word, (proofs.get(word) ?? 0) + 1);
  }
  console.log(
    `${chosen.length} of ${edges.length} edges (seed ${values.seed}): proved by machine ${chosen.length - open.length}, to be read by eye ${open.length}`,
  );
  for (const [word, count] of proofs) console.log(`  ${String(count).padStart(4)}  ${word}`);
  for (const edge of open) {
    const { caller, callee, kind, macro, registered, through } = edge;
    console.log(
      `\n${caller.name} -> ${callee.name}  (${kind}${through === undefined ? "" : ` through ${through}`})`,
    );
    console.log(`  ${edge.file}:${edge.line}: ${textAt(edge, 2).trim().replace(/\s+/g, " ")}`);
    if (macro !== undefined)
      console.log(
        `  ${macro.name} ${macro.file}:${macro.line}: ${macroText(macro)
          .replace(/[\s\\]+/g, " ")
          .slice(0, 300)}`,
      );
    if (registered !== undefined)
      console.log(`  ${registered.file}:${registered.line}: ${textAt(registered, 1).trim()}`);
  }
}

/** Direct calls of a file's own text whose name no parenthesis follows: names that a macro was handed, or mistakes. */
function checkCalls(edges) {
  const direct = edges.filter(({ kind, file }) => kind === "direct" && linesOf(file).length > 1);
  const bare = direct.filter((edge) => !called(edge.callee.name, textAt(edge, 6)));
  console.log(
    `\ndirect calls in a file's own text: ${direct.length}; without a parenthesis behind the name: ${bare.length}`,
  );
  for (const edge of bare)
    console.log(
      `  ${edge.caller.name} -> ${edge.callee.name} ${edge.file}:${edge.line}: ${textAt(edge, 1).trim()}`,
    );
}

const folder = mkdtempSync(path.join(tmpdir(), "clockpath-claimed-edges-"));
try {
  const { loadGraph } = await load(folder, `export { loadGraph } from "./server/graph/load.ts";`);
  const graph = loadGraph(tree, config, { indexDir: folder });
  const edges = [...graph.edges()];
  console.log(`${graph.configuration}: ${edges.length} edges`);
  checkSample(edges, compiledFacts());
  checkCalls(edges);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
