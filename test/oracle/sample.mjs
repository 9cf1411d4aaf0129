// A seeded sample of our definitions on a real tree, each checked against the source: `node test/oracle/sample.mjs TREE [--seed S] [--count N]
// [--extra]`. What universal-ctags has too is confirmed by it; the rest is printed with its source lines, for a reader to judge. --extra
// samples only what ctags does not have.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./load.mjs";

const args = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(args.splice(at, 2)[1]);
};
const firstSeed = option("seed", 1);
const count = option("count", 200);
const tree = args.find((arg) => !arg.startsWith("--")) ?? process.env.CLOCKPATH_NETBSD_SRC;
if (tree === undefined) {
  console.error("usage: node test/oracle/sample.mjs TREE [--seed S] [--count N] [--extra]");
  process.exit(1);
}
const sys = existsSync(path.join(tree, "sys", "kern")) ? path.join(tree, "sys") : tree;

let seed = firstSeed;
function random(limit) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % limit;
}

function sampleOf(list) {
  const chosen = new Set();
  while (chosen.size < Math.min(count, list.length)) chosen.add(random(list.length));
  return [...chosen].map((at) => list[at]);
}

const output = execFileSync(process.execPath, [path.join(root, "test/oracle/ctags.mjs"), sys, "--ours"], {
  maxBuffer: 1 << 29,
  encoding: "latin1",
});
const wanted = args.includes("--extra") ? /^ours\t/ : /^(both|ours)\t/;
const ours = output.split("\n").filter((line) => wanted.test(line));
const sample = sampleOf(ours);
let confirmed = 0;
const doubtful = [];
for (const one of sample) {
  const [whose, file, name, kind, line] = one.split("\t");
  const lines = readFileSync(path.join(sys, file), "latin1").split("\n");
  const text = lines[Number(line) - 1] ?? "";
  const stands = new RegExp(`(?<!\\w)${name}(?!\\w)`).test(text);
  if (whose === "both" && stands) confirmed++;
  else
    doubtful.push(
      `${stands ? "" : "NOT IN THE LINE "}${kind} ${name}\t${file}:${line}\t${text.trim().slice(0, 110)}`,
    );
}
console.log(
  `${sample.length} of ${ours.length} definitions, seed ${firstSeed}: ${confirmed} are ctags' too and stand in their line; ${doubtful.length} to be read:`,
);
for (const one of doubtful) console.log(`  ${one}`);
