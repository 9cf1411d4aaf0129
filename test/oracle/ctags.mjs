// Compares our definitions with universal-ctags' on a real tree: `node test/oracle/ctags.mjs TREE [--list] [--ours]`.
// Counts per kind what ctags finds and we do not (same file, name and kind; the line may differ), and lists it with --list; --ours lists
// what we find, with "both" where ctags has it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadScanner } from "./load.mjs";

// ctags' letters for its kinds -> the groups that the issue counts.
const groups = {
  f: "function",
  d: "macro",
  s: "struct",
  u: "union",
  g: "enum",
  t: "typedef",
  v: "variable",
  e: "enumerator",
  m: "member",
};
const ours = ["function", "macro", "struct", "union", "enum", "enumerator", "typedef", "variable", "member"];

function runCtags(tree, files, folder) {
  const list = path.join(folder, "files");
  const tags = path.join(folder, "tags");
  writeFileSync(list, files.join("\n"));
  execFileSync(
    "ctags",
    [
      "--languages=C,C++",
      "--langmap=C:.c.h.y.l",
      "--kinds-C=defgstuvm",
      "--fields=kns",
      "--sort=no",
      "--excmd=number",
      "-L",
      list,
      "-f",
      tags,
    ],
    { cwd: tree, stdio: ["ignore", "ignore", "ignore"], env: { ...process.env, LC_ALL: "C" } },
  );
  return readFileSync(tags, "latin1")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("!"));
}

const [treePath, ...flags] = process.argv.slice(2);
if (treePath === undefined) {
  console.error("usage: node test/oracle/ctags.mjs TREE [--list] [--ours]");
  process.exit(1);
}
const folder = mkdtempSync(path.join(tmpdir(), "clockpath-ctags-"));
try {
  const { SourceScanner, F, detectTree, listSources } = await loadScanner(folder);
  const tree = detectTree(treePath);
  const files = (await listSources(tree)).files
    .map((file) => file.path)
    .filter((file) => /\.[chyl]$/.test(file));
  const source = new SourceScanner();
  const found = new Set();
  const declared = new Set();
  const bodies = new Map();
  const names = new Map();
  for (const file of files) {
    source.clear();
    source.scan(file, readFileSync(path.join(tree.root, file)));
    const { facts } = source;
    const inside = [];
    for (let i = 0; i < facts.scopeCount; i++)
      if (!facts.scopeMacros[i]) inside.push([facts.scopeLines[i], facts.scopeEnds[i]]);
    bodies.set(file, inside);
    for (let i = 0; i < facts.count; i++) {
      if (facts.kinds[i] !== F.DEFINITION && facts.kinds[i] !== F.DECLARATION) continue;
      const kind = ours[facts.definitionKinds[facts.definition[i] - 1] & F.SYMBOL_KIND];
      const name = source.names.text(facts.names[i]);
      const key = `${file}\t${name}\t${kind}`;
      if (facts.kinds[i] === F.DECLARATION) {
        declared.add(key);
        continue;
      }
      found.add(key);
      names.set(`${file}\t${name}\t${kind}`, facts.lines[i]);
    }
  }
  // ctags takes attributes for names (`} __packed;`, `int x __read_mostly;`), and macros that write a function's head, or
  // that need no semicolon, for functions (`SYSCTL_SETUP(...) {`, `__weak_alias(a, b)`).
  const attribute = /^(__\w+|_\w+_ALIGN)$/;
  const macroHead = (name) => /^[A-Z_][A-Z0-9_]*$/.test(name) || /^__(weak|strong)_alias$/.test(name);
  const isCxx = (file) => {
    if (!file.endsWith(".h")) return false;
    return /^\s*(namespace\s+\w+\s*{|class\s+\w+|template\s*<|public:|using\s)/m.test(
      readFileSync(path.join(tree.root, file), "latin1"),
    );
  };
  const cxx = new Map();
  const depths = new Map();
  /** Open braces before a line, those of `extern "C"` apart; comments, strings and directives do not count. */
  const braceDepth = (file, line) => {
    if (!depths.has(file)) {
      const text = readFileSync(path.join(tree.root, file), "latin1")
        .replace(/\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (part) =>
          part.replace(/[^\n]/g, " "),
        )
        .replace(/\/\/.*/g, "")
        .replace(/^[ \t]*#(?:.*\\\r?\n)*.*/gm, (part) => part.replace(/[^\n]/g, " "))
        .replace(/extern\s*{/g, "");
      let depth = 0;
      depths.set(
        file,
        text.split("\n").map((content) => {
          const before = depth;
          // A brace in the first column that opens begins a body, one that closes ends all.
          if (content.startsWith("}")) depth = 0;
          else for (const c of content) depth += c === "{" ? 1 : c === "}" ? -1 : 0;
          depth = Math.max(depth, 0);
          return content.startsWith("{") || content.startsWith("}") ? 0 : before;
        }),
      );
    }
    return depths.get(file)[line - 1] ?? 0;
  };
  const texts = new Map();
  const lineOf = (file, line) => {
    if (!texts.has(file)) texts.set(file, readFileSync(path.join(tree.root, file), "latin1").split("\n"));
    return texts.get(file)[line - 1] ?? "";
  };
  /** `enum vtype table[] = { VNON, ... }`: an array of an enumeration, whose name and values ctags takes for a new one. */
  const arrays = new Set();
  const isArray = (kind, name, file, line, scope) => {
    if (kind === "enumerator") return arrays.has(`${file}\t${scope}`);
    if (kind !== "enum" || !new RegExp(`\\benum\\s+\\w+\\s+${name}\\s*\\[`).test(lineOf(file, line)))
      return false;
    arrays.add(`${file}\t${name}`);
    return true;
  };
  /** `enum { VALUES(F) LAST }`: a macro's call, whose name is no enumerator. */
  const isCall = (kind, name, file, line) =>
    kind === "enumerator" && new RegExp(`\\b${name}\\s*\\(`).test(lineOf(file, line));
  const counts = {};
  const missing = [];
  const theirs = new Set();
  // Enumerations before their enumerators.
  const tags = runCtags(tree.root, files, folder);
  const isEnum = (tag) => /\tg(\t|$)/.test(tag);
  for (const line of [...tags.filter(isEnum), ...tags.filter((tag) => !isEnum(tag))]) {
    const [name, file, , ...fields] = line.split("\t");
    const kind = groups[fields[0]];
    if (kind === undefined || name.startsWith("__anon")) continue;
    if (!cxx.has(file)) cxx.set(file, isCxx(file));
    if (cxx.get(file)) continue;
    counts[kind] ??= { theirs: 0, missing: 0, wrong: 0 };
    const count = counts[kind];
    const key = `${file}\t${name}\t${kind}`;
    theirs.add(key);
    count.theirs++;
    if (found.has(key)) continue;
    // Local variables are no definitions of the file; ctags gives some of them where a head confuses it.
    const lineNumber = Number(/line:(\d+)/.exec(line)?.[1]);
    const isLocal =
      kind === "variable" &&
      bodies.get(file).some(([first, last]) => first < lineNumber && lineNumber < last);
    // Parts of a function's body that are files of their own (`#include "u4.h"`), actions of a grammar, bodies behind a macro that
    // is the whole head: what stands in braces is no global. `extern struct x { ... } y;` declares y.
    const isInside = kind === "variable" && braceDepth(file, lineNumber) > 0;
    const isExtern = kind === "variable" && declared.has(key);
    const scope = /enum:(?:[^\t]*::)?([^\t]+)/.exec(line)?.[1];
    const mistaken =
      isArray(kind, name, file, lineNumber, scope) ||
      isCall(kind, name, file, lineNumber) ||
      isLocal ||
      isInside ||
      isExtern ||
      (kind === "function" ? macroHead(name) : attribute.test(name) && kind !== "macro");
    if (mistaken) {
      count.wrong++;
      continue;
    }
    count.missing++;
    missing.push(`${kind}\t${name}\t${file}\t${/line:(\d+)/.exec(line)?.[1]}`);
  }
  for (const [kind, { theirs: all, missing: lost, wrong }] of Object.entries(counts))
    console.log(
      `${kind.padEnd(12)} ctags ${String(all).padStart(8)}  missing ${String(lost).padStart(6)}  found ${((100 * (all - wrong - lost)) / (all - wrong)).toFixed(3)} %  (ctags mistaken: ${wrong})`,
    );
  if (flags.includes("--list")) console.log(missing.join("\n"));
  if (flags.includes("--ours"))
    for (const key of found) console.log(`${theirs.has(key) ? "both" : "ours"}\t${key}\t${names.get(key)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
