// The directions of the design, checked: who may import whom, what the machine must not know, and that each file says what it holds.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(__dirname, "..");
const PARTS = ["cli", "emulator", "extension", "knowledge", "server"];

interface Source {
  file: string;
  text: string;
  /** Targets of imports: repository paths for relative ones ("emulator/cpu/host.ts"), package names otherwise. */
  imports: string[];
}

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourceFiles(file);
    return /\.(ts|mts|mjs)$/.test(entry.name) ? [file] : [];
  });
}

function readSource(file: string): Source {
  const text = readFileSync(path.join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import|require\(|import\()\s*["']([^"']+)["']/g)].map(
    (m) => m[1]!,
  );
  const imports = specifiers.map((specifier) =>
    specifier.startsWith(".") ? path.posix.join(path.posix.dirname(file), specifier) : specifier,
  );
  return { file, text, imports };
}

const sources = PARTS.flatMap(sourceFiles).map(readSource);
const core = sources.filter((source) => source.file.startsWith("emulator/cpu/core/"));
const below = (...folders: string[]) =>
  sources.filter((s) => folders.some((folder) => s.file.startsWith(`${folder}/`)));

/** "file imports target" for each import of these sources that the rule forbids. */
function violations(files: Source[], forbidden: (target: string, file: string) => boolean): string[] {
  return files.flatMap((s) =>
    s.imports.filter((t) => forbidden(t, s.file)).map((t) => `${s.file} imports ${t}`),
  );
}

const NODE = /^(node:|fs$|net$|path$|os$|child_process$|worker_threads$)/;
const isProject = (target: string) => PARTS.some((part) => target.startsWith(`${part}/`));

test("only extension/ imports vscode", () => {
  const outside = sources.filter((s) => !s.file.startsWith("extension/"));
  expect(violations(outside, (t) => t === "vscode")).toEqual([]);
});

test("extension/ imports the other parts' protocol files only, and only types", () => {
  const allowed = ["server/protocol.ts", "emulator/adapter/protocol.ts"];
  const outside = (t: string) => isProject(t) && !t.startsWith("extension/");
  expect(violations(below("extension"), (t) => outside(t) && !allowed.includes(t))).toEqual([]);
  for (const { file, text } of below("extension")) {
    for (const line of text.match(/^import (?!type).*(server\/protocol|adapter\/protocol)\.ts".*$/gm) ?? []) {
      expect.fail(`${file}: a value import of a protocol file: ${line}`);
    }
  }
});

test("knowledge/ imports nothing beyond itself", () => {
  expect(violations(below("knowledge"), (t) => !t.startsWith("knowledge/"))).toEqual([]);
});

const MACHINE = [
  "emulator/cpu",
  "emulator/machine",
  "emulator/devices",
  "emulator/boot",
  "emulator/timeline",
];

test("the machine imports nothing above it, and nothing of the host", () => {
  const allowed = [...MACHINE, "emulator/elf", "knowledge"];
  const forbidden = (t: string) =>
    NODE.test(t) || (isProject(t) && !allowed.some((folder) => t.startsWith(`${folder}/`)));
  expect(violations(below(...MACHINE), forbidden)).toEqual([]);
});

test("the machine knows no host time, no chance and no host calls", () => {
  const forbidden =
    /\b(Date|performance|setTimeout|setInterval|setImmediate|process|fetch)\b(?=\s*[.(])|\bMath\.random\b|\bnew Date\b/;
  for (const { file, text } of [...below(...MACHINE), ...below("emulator/elf")]) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(forbidden.exec(code)?.[0], file).toBeUndefined();
  }
});

test("symbols/ and debugger/ know no protocol", () => {
  const protocol = (t: string) => /^@vscode\/|^vscode/.test(t) || /^emulator\/(adapter|gdb)\//.test(t);
  expect(violations(below("emulator/symbols", "emulator/debugger"), protocol)).toEqual([]);
});

test("server/lang, kernel, index and query know no LSP", () => {
  const lsp = (t: string) => /^vscode/.test(t) || /^server\/(lsp|main|protocol)/.test(t);
  expect(violations(below("server/lang", "server/kernel", "server/index", "server/query"), lsp)).toEqual([]);
});

test("server and emulator do not import each other", () => {
  expect(violations(below("server"), (t) => t.startsWith("emulator/"))).toEqual([]);
  expect(violations(below("emulator"), (t) => t.startsWith("server/"))).toEqual([]);
});

test("each source file opens by saying what it holds", () => {
  const silent = sources.filter((s) => !/^(#!.*\n)?(\/\/|\/\*)/.test(s.text)).map((s) => s.file);
  expect(silent).toEqual([]);
});

test("files hold one idea: no source of more than 600 lines, tables apart", () => {
  const tables = /table|opcodes|registers|softfloat|generated/;
  const long = sources
    .filter((s) => s.text.split("\n").length > 600 && !tables.test(s.file))
    .map((s) => s.file);
  expect(long).toEqual([]);
});

test("the CPU core has sources (a check that the walk above sees them)", () => {
  expect(core.length).toBeGreaterThan(5);
});
