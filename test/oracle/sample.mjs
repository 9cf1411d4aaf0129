// A seeded sample of the definitions that we claim and universal-ctags does not, with their source lines, for a reader to judge:
// `node test/oracle/sample.mjs TREE [--seed S] [--count N]`. Runs test/oracle/ctags.mjs --extra.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./load.mjs";

const args = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(args.splice(at, 2)[1]);
};
let seed = option("seed", 1);
const count = option("count", 200);
const [tree] = args;
if (tree === undefined) {
  console.error("usage: node test/oracle/sample.mjs TREE [--seed S] [--count N]");
  process.exit(1);
}
const sys = existsSync(path.join(tree, "sys", "kern")) ? "sys" : "";

function random(limit) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % limit;
}

const output = execFileSync(
  process.execPath,
  [path.join(root, "test/oracle/ctags.mjs"), path.join(tree, sys), "--extra"],
  { maxBuffer: 1 << 28, encoding: "latin1" },
);
const extra = output.split("\n").filter((line) => line.startsWith("extra\t"));
console.log(`${extra.length} definitions that ctags does not have; seed ${seed}, ${count} of them:`);
const chosen = new Set();
while (chosen.size < Math.min(count, extra.length)) chosen.add(random(extra.length));
for (const i of chosen) {
  const [, file, name, kind, line] = extra[i].split("\t");
  const text = readFileSync(path.join(tree, sys, file), "latin1").split("\n")[Number(line) - 1] ?? "";
  console.log(`${kind} ${name}\t${file}:${line}\t${text.trim().slice(0, 120)}`);
}
