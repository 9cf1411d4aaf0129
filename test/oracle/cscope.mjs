// Compares our references, callers and assignments with cscope's on a real tree:
// `node test/oracle/cscope.mjs TREE [--symbols N] [--seed S] [--list] [--database FOLDER]`.
// Counts which of cscope's lines (-L0 references, -L3 callers, -L9 assignments) we do not have, by file and line, and says of each
// what cscope-explain.mjs reads in the source there: classes with their number and an example (--list: every line). Ends with 1 where
// a line is left that nothing explains.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { explain, OPEN, readPlaces } from "./cscope-explain.mjs";
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

function random(limit) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % limit;
}

const work = mkdtempSync(path.join(tmpdir(), "clockpath-cscope-"));
try {
  const folder = database ?? path.join(work, "cscope");
  mkdirSync(folder, { recursive: true });
  const { assemblerCommentMark, detectTree, listSources, openIndex, updateIndex } = await load(
    work,
    `export { detectTree, listSources } from "./server/index/tree.ts"; export { openIndex } from "./server/query/open.ts";
     export { updateIndex } from "./server/index/build.ts"; export { assemblerCommentMark } from "./server/lang/assembler-comments.ts";`,
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
  let lastRead;
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
        missing.push({ label, name, line });
      }
    }
  }
  index.close();
  for (const [label, { theirs, missing: lost, ours }] of Object.entries(totals))
    console.log(
      `${label.padEnd(12)} cscope ${String(theirs).padStart(7)}  ours ${String(ours).padStart(7)}  missing ${String(lost).padStart(5)}  found ${((100 * (theirs - lost)) / theirs).toFixed(2)} %`,
    );
  missing.sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0));
  const classes = new Map();
  for (const { label, name, line } of missing) {
    const at = line.lastIndexOf(":");
    const [file, number] = [line.slice(0, at), Number(line.slice(at + 1))];
    const { lines, places } = textOf(file);
    const why = explain(label, name, number, places);
    const row = `${label}\t${name}\t${line}\t${(lines[number - 1] ?? "").trim()}`;
    const key = `${label}: ${why}`;
    if (classes.has(key)) classes.get(key).push(row);
    else classes.set(key, [row]);
  }
  let open = 0;
  for (const [key, rows] of [...classes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (key.endsWith(OPEN)) open += rows.length;
    console.log(`${String(rows.length).padStart(7)} ${key}`);
    const shown = list || key.endsWith(OPEN) ? rows : rows.slice(0, 1);
    for (const row of shown) console.log(`          ${row}`);
  }
  console.log(`${missing.length} lines of cscope's are none of ours; ${open} of them ${OPEN}`);
  process.exitCode = open === 0 ? 0 : 1;

  /** The lines of a file and what stands in them; the last one read is kept, since they come sorted. */
  function textOf(file) {
    if (lastRead?.file !== file) {
      const source = readFileSync(path.join(tree.root, file), "latin1");
      const assembly = /\.[sS]$/.test(file);
      const mark = assembly ? assemblerCommentMark(file) : "";
      const places = readPlaces(source, { assembly, mark });
      lastRead = { file, lines: source.split("\n"), places };
    }
    return lastRead;
  }

  /** Names that stand in random places of random C files: functions, fields, variables, macros alike. */
  function sample(all) {
    const sources = all.filter((file) => file.path.endsWith(".c") && !file.path.includes("external/"));
    const chosen = new Set(["tc_init", "lapic_timecounter", "hz"]);
    while (chosen.size < count) {
      const file = sources[random(sources.length)];
      const words =
        readFileSync(path.join(tree.root, file.path), "latin1")
          .replace(/\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|^[ \t]*#(?![ \t]*define\b).*/gm, "")
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
} finally {
  rmSync(work, { recursive: true, force: true });
}
