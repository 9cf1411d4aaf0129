// Compares our references, callers and assignments with cscope's on a real tree:
// `node test/oracle/cscope.mjs TREE [--symbols N] [--seed S] [--list] [--database FOLDER]`.
// Counts which of cscope's lines (-L0 references, -L3 callers, -L9 assignments) we do not have, by file and line.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { load } from "./load.mjs";

const args = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? otherwise : args.splice(at, 2)[1];
};
const count = Number(option("symbols", "100"));
let seed = Number(option("seed", "1"));
const database = option("database");
const list = args.includes("--list");
const treePath = args.find((arg) => !arg.startsWith("--"));
if (treePath === undefined) {
  console.error(
    "usage: node test/oracle/cscope.mjs TREE [--symbols N] [--seed S] [--list] [--database FOLDER]",
  );
  process.exit(1);
}

/** Of a line that no rule explains. */
const OPEN = "to be read";

function random(limit) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % limit;
}

const work = mkdtempSync(path.join(tmpdir(), "clockpath-cscope-"));
try {
  const folder = database ?? path.join(work, "cscope");
  mkdirSync(folder, { recursive: true });
  const { detectTree, listSources, openIndex, updateIndex } = await load(
    work,
    `export { detectTree, listSources } from "./server/index/tree.ts"; export { openIndex } from "./server/query/open.ts";
     export { updateIndex } from "./server/index/build.ts";`,
  );
  const tree = detectTree(treePath);
  const { files } = await listSources(tree);
  if (!existsSync(path.join(folder, "cscope.out"))) {
    writeFileSync(
      path.join(folder, "cscope.files"),
      files.map((file) => path.join(tree.root, file.path)).join("\n"),
    );
    execFileSync("cscope", ["-b", "-q", "-k"], { cwd: folder, stdio: "ignore" });
  }
  const indexDir = path.join(work, "index");
  await updateIndex(treePath, { indexDir });
  const index = openIndex(treePath, { indexDir });
  const names = sample(files);
  const totals = {};
  const missing = [];
  for (const name of names) {
    const limit = { limit: 1e6 };
    const answers = {
      0: ["references", index.references(name, limit)],
      3: ["callers", index.callers(name, limit)],
      9: ["assignments", index.references(name, { ...limit, kinds: ["write", "definition"] })],
    };
    for (const [query, [label, ours]] of Object.entries(answers)) {
      const have = new Set(ours.map(({ file, line }) => `${file}:${line}`));
      totals[label] ??= { theirs: 0, missing: 0, ours: 0 };
      totals[label].ours += have.size;
      for (const line of ask(folder, query, name)) {
        totals[label].theirs++;
        if (have.has(line)) continue;
        totals[label].missing++;
        const text = textAt(tree.root, line) ?? "";
        missing.push({ label, name, line, text, why: explain(label, name, text) });
      }
    }
  }
  index.close();
  for (const [label, { theirs, missing: lost, ours }] of Object.entries(totals))
    console.log(
      `${label.padEnd(12)} cscope ${String(theirs).padStart(7)}  ours ${String(ours).padStart(7)}  missing ${String(lost).padStart(5)}  found ${((100 * (theirs - lost)) / theirs).toFixed(2)} %`,
    );
  const reasons = new Map();
  for (const { label, why } of missing)
    reasons.set(`${label}: ${why}`, (reasons.get(`${label}: ${why}`) ?? 0) + 1);
  for (const [why, times] of [...reasons].sort()) console.log(`  ${String(times).padStart(5)} ${why}`);
  for (const { label, name, line, text, why } of missing)
    if (list || why === OPEN) console.log(`${why}\t${label}\t${name}\t${line}\t${text}`);

  /** Why a line of cscope's is none of ours; OPEN: to be read by a person. */
  function explain(label, name, text) {
    const code = text.replace(/\/\*.*?(\*\/|$)|\/\/.*/g, " ").replace(/"(?:\\.|[^"\\])*"/g, '""');
    const word = `(?<!\\w)${name}(?!\\w)`;
    if (!new RegExp(word).test(text)) return "the name does not stand in that line";
    if (!new RegExp(word).test(code)) return "it stands in a comment or a string";
    if (new RegExp(`##\\s*${word}|${word}\\s*##`).test(code))
      return "a macro's parameter that is pasted into another name";
    if (new RegExp(`^\\s*#\\s*define\\s+\\w+\\([^)]*${word}`).test(code))
      return "a macro's own parameter, which is no symbol";
    if (label === "callers") {
      if (!new RegExp(`${word}\\s*\\(`).test(code)) return "the name is used, not called";
      if (new RegExp(`(->|\\.)\\s*${word}\\s*\\(`).test(code))
        return "a call through a field, not of the function";
      if (/^\s*#\s*define/.test(code)) return "a macro's definition, not a call";
      if (new RegExp(`^\\s*(?!return\\b|else\\b|case\\b)[A-Za-z_][\\w\\s*]*[\\s*]${word}\\s*\\(`).test(code))
        return "a declaration, not a call";
      return OPEN;
    }
    if (label !== "assignments") return OPEN;
    const written = `${word}[\\w.>\\s\\[\\]()+*-]*?([-+*/%|&^]|<<|>>)?=(?!=)|${word}\\s*(\\+\\+|--)|(\\+\\+|--)\\s*[\\w.>-]*${word}`;
    return new RegExp(written).test(code) ? OPEN : "read or compared, not written";
  }

  /** Names that stand in random places of random C files: functions, fields, variables, macros alike. */
  function sample(all) {
    const sources = all.filter((file) => file.path.endsWith(".c") && !file.path.includes("external/"));
    const chosen = new Set(["tc_init", "lapic_timecounter", "hz"]);
    while (chosen.size < count) {
      const file = sources[random(sources.length)];
      const words =
        readFileSync(path.join(tree.root, file.path), "latin1")
          .replace(/\/\*[\s\S]*?\*\//g, "")
          .match(/\b[a-z_]\w{3,}\b/g) ?? [];
      const word = words[random(Math.max(1, words.length))];
      if (word !== undefined && index.definitions(word).length > 0) chosen.add(word);
    }
    return chosen;
  }

  function ask(where, query, name) {
    const out = execFileSync("cscope", ["-d", "-L", `-${query}`, name], {
      cwd: where,
      encoding: "latin1",
      maxBuffer: 1 << 28,
    });
    return new Set(
      out
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const [file, , number] = line.split(" ");
          return `${path.relative(tree.root, file).split(path.sep).join("/")}:${number}`;
        }),
    );
  }

  function textAt(root, place) {
    const at = place.lastIndexOf(":");
    return readFileSync(path.join(root, place.slice(0, at)), "latin1")
      .split("\n")
      [Number(place.slice(at + 1)) - 1]?.trim();
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
