// The names in a text of configuration language, whatever state it is in: for each where it stands and what it names there. Made for
// editors: a line that makes no sense gives the names that it has. Reads no other file and judges nothing.

/** Which of the languages a text is written in. */
export interface Dialect {
  system: "netbsd" | "freebsd";
  /** What is selected (a configuration, std.amd64), what there is (files.*), or FreeBSD's list of options. */
  kind: "configuration" | "files" | "options";
}

/** "condition": an attribute, device or option in lower case, as conditions ask for it. */
export type NameRole = "option" | "file-system" | "device" | "attribute" | "condition" | "file" | "include";

export interface NameInText {
  name: string;
  role: NameRole;
  /** It is declared here. */
  declares: boolean;
  /** From 0, in UTF-16 units. */
  line: number;
  start: number;
  end: number;
}

/** The dialect of a file by its path in the tree; undefined for what is no configuration text. */
export function dialectOf(system: Dialect["system"], file: string): Dialect | undefined {
  const base = file.slice(file.lastIndexOf("/") + 1);
  if (/^(Makefile|makefile|README|CVS)\b|\.(hints|mk|sh|awk|c|h|S|ldscript|inc|env|orig|rej)$/.test(base))
    return undefined;
  if (/^files(\.|$)/.test(base) || (system === "netbsd" && /^(majors|ufiles)(\.|$)/.test(base)))
    return { system, kind: "files" };
  if (system === "freebsd" && /^options(\.|-compat$|$)/.test(base)) return { system, kind: "options" };
  return /(^|\/)conf\/[^/]+$/.test(file) ? { system, kind: "configuration" } : undefined;
}

interface Word {
  text: string;
  kind: "word" | "string" | "symbol";
  line: number;
  start: number;
  end: number;
}

const WORDS = /"(?:\\.|[^"\\])*"?|#.*|[A-Za-z0-9_./$%^-]+|[^\s]/g;

/** Statements as lists of words: comments taken away, lines that go on joined. */
function statements(text: string): Word[][] {
  const found: Word[][] = [];
  let goesOn = false;
  for (const [line, content] of text.split(/\r?\n/).entries()) {
    const words: Word[] = [];
    for (const match of content.matchAll(WORDS)) {
      const [word] = match;
      if (word.startsWith("#")) break;
      const kind = word.startsWith('"') ? "string" : /^[\w./$%^-]/.test(word) ? "word" : "symbol";
      words.push({ text: word, kind, line, start: match.index, end: match.index + word.length });
    }
    const backslash = words.at(-1)?.text === "\\";
    if (backslash) words.pop();
    // A line that begins with white space continues the one before: config(5), scan.l and lang.l alike.
    if (goesOn || (/^[ \t]/.test(content) && found.length > 0)) found.at(-1)!.push(...words);
    else found.push(words);
    goesOn = backslash;
  }
  return found.filter((words) => words.length > 0);
}

/** Every name of a text, in order. */
export function namesIn(text: string, dialect: Dialect): NameInText[] {
  const found: NameInText[] = [];
  const reader: Reader = {
    prefixes: [],
    add: (word, role, declares = false, name = word.text) => {
      const quoted = word.kind === "string" ? 1 : 0;
      const bare = quoted && name === word.text ? name.slice(1, -1) : name;
      const { line, start, end } = word;
      found.push({ name: bare, role, declares, line, start: start + quoted, end: end - quoted });
    },
  };
  const read = READERS[dialect.system][dialect.kind];
  for (const words of statements(text)) read(words, reader);
  return found;
}

/** The name at a position, its end included. */
export function nameAt(
  text: string,
  dialect: Dialect,
  at: { line: number; character: number },
): NameInText | undefined {
  return namesIn(text, dialect).find(
    ({ line, start, end }) => line === at.line && start <= at.character && at.character <= end,
  );
}

interface Reader {
  /** NetBSD: `prefix` lines that hold. */
  prefixes: string[];
  add(word: Word, role: NameRole, declares?: boolean, name?: string): void;
}

const NUMBER = /^-?(0x[0-9a-fA-F]+|[0-9]+)$/;
const isName = (word: Word | undefined): word is Word & { kind: "word" } =>
  word?.kind === "word" && !NUMBER.test(word.text) && /\w/.test(word.text);

/** "com0", "com*" and "isa?" name the drivers com and isa. */
const driver = (text: string): string => text.replace(/[0-9]+$/, "");

type Statement = (rest: readonly Word[], reader: Reader) => void;

/** NetBSD's statements by their first word; what is none of them may be a device: "com0 at isa?". */
const NETBSD: Readonly<Record<string, Statement>> = {
  options: (rest, reader) => settings(rest, reader, "option"),
  "file-system": (rest, reader) => listed(rest, reader, "file-system"),
  "pseudo-device": ([name], reader) => one(name, reader, "device"),
  select: ([name], reader) => one(name, reader, "attribute"),
  no: deselection,
  include: ([path], reader) => one(path, reader, "include"),
  cinclude: ([path], reader) => one(path, reader, "include"),
  package: ([path], reader) => one(path, reader, "include"),
  prefix,
  file: sourceFile,
  object: sourceFile,
  define: (rest, reader) => declared(rest, reader, "attribute"),
  devclass: (rest, reader) => declared(rest, reader, "attribute"),
  device: (rest, reader) => declared(rest, reader, "device"),
  defpseudo: (rest, reader) => declared(rest, reader, "device"),
  defpseudodev: (rest, reader) => declared(rest, reader, "device"),
  attach: attachment,
  deffs: (rest, reader) => optionList(rest, reader, "file-system"),
  defflag: (rest, reader) => optionList(rest, reader, "option"),
  defparam: (rest, reader) => optionList(rest, reader, "option"),
  defopt: (rest, reader) => optionList(rest, reader, "option"),
  obsolete: (rest, reader) => optionList(rest.slice(1), reader, "option"),
};

function netbsd(words: readonly Word[], reader: Reader): void {
  const [first, ...rest] = words;
  const statement = NETBSD[first!.text];
  if (statement) statement(rest, reader);
  else if (rest.some(({ text }) => text === "at")) instance(words, reader);
}

/** Stacks a prefix upon the one before; without a path takes the last one back. */
function prefix([path]: readonly Word[], { prefixes }: Reader): void {
  if (path) prefixes.push([...prefixes.slice(-1), bare(path)].join("/"));
  else prefixes.pop();
}

function sourceFile([path, ...rest]: readonly Word[], reader: Reader): void {
  if (path) reader.add(path, "file", true, [...reader.prefixes.slice(-1), bare(path)].join("/"));
  condition(rest, reader);
}

const bare = (word: Word): string => (word.kind === "string" ? word.text.replace(/^"|"$/g, "") : word.text);

function one(word: Word | undefined, reader: Reader, role: NameRole): void {
  if (word && (isName(word) || word.kind === "string")) reader.add(word, role);
}

function listed(words: readonly Word[], reader: Reader, role: NameRole): void {
  for (const word of words) if (isName(word)) reader.add(word, role);
}

/** "NAME=value, OTHER": the first word of each part. */
function settings(words: readonly Word[], reader: Reader, role: NameRole): void {
  for (const [i, word] of words.entries())
    if (isName(word) && (i === 0 || words[i - 1]!.text === ",")) reader.add(word, role);
}

function deselection(words: readonly Word[], reader: Reader): void {
  const [what, ...rest] = words;
  if (what?.text === "options") settings(rest, reader, "option");
  else if (what?.text === "file-system") listed(rest, reader, "file-system");
  else if (what?.text === "pseudo-device") one(rest[0], reader, "device");
  else if (what?.text === "select") one(rest[0], reader, "attribute");
  else if (what?.text === "device") parent(rest[1], reader);
  else if (what && what.text !== "makeoptions" && what.text !== "config") instance(words, reader);
}

/** "com0 at isa? port 0x3f8 irq 4" */
function instance(words: readonly Word[], reader: Reader): void {
  const [name] = words;
  if (isName(name)) reader.add(name, "device", false, driver(name.text));
  parent(words[words.findIndex(({ text }) => text === "at") + 1], reader);
}

function parent(word: Word | undefined, reader: Reader): void {
  if (isName(word) && word.text !== "root") reader.add(word, "attribute", false, driver(word.text));
}

/** "name {locators}: depends" */
function declared(words: readonly Word[], reader: Reader, role: NameRole): void {
  if (isName(words[0])) reader.add(words[0], role, true);
  dependencies(words, reader);
}

/** What stands behind the colon; braces hold locators. */
function dependencies(words: readonly Word[], reader: Reader): void {
  const colon = words.findIndex(({ text }) => text === ":");
  if (colon >= 0) for (const word of words.slice(colon + 1)) if (isName(word)) reader.add(word, "condition");
}

/** "net at bus, root with net_bus: depends" */
function attachment(words: readonly Word[], reader: Reader): void {
  const colon = words.findIndex(({ text }) => text === ":");
  let role: NameRole = "device";
  let declares = false;
  for (const word of colon < 0 ? words : words.slice(0, colon)) {
    if (word.text === "at") role = "attribute";
    else if (word.text === "with") declares = true;
    else if (isName(word) && word.text !== "root") reader.add(word, role, declares);
  }
  dependencies(words, reader);
}

/** "[header] NAME OTHER = value: depends" */
function optionList(words: readonly Word[], reader: Reader, role: NameRole): void {
  const colon = words.findIndex(({ text }) => text === ":");
  const names = colon < 0 ? words : words.slice(0, colon);
  for (const [i, word] of names.entries()) {
    const isHeader = i === 0 && word.text.endsWith(".h");
    const isValue = i > 0 && (names[i - 1]!.text === "=" || names[i - 1]!.text === ":=");
    if (isName(word) && !isHeader && !isValue) reader.add(word, role, true);
  }
  dependencies(words, reader);
}

const FLAGS = new Set(["needs-flag", "needs-count", "compile-with"]);

function condition(words: readonly Word[], reader: Reader): void {
  for (const word of words) if (isName(word) && !FLAGS.has(word.text)) reader.add(word, "condition");
}

const FREEBSD: readonly (readonly [RegExp, Statement])[] = [
  [/^(no)?(options?|cpu)$/, (rest, reader) => settings(rest, reader, "option")],
  [/^(no)?devices?$/, (rest, reader) => devices(rest, reader)],
  [/^(include|files|hints|env)$/, ([path], reader) => one(path, reader, "include")],
];

function freebsd([first, ...rest]: readonly Word[], reader: Reader): void {
  for (const [keyword, statement] of FREEBSD) if (keyword.test(first!.text)) statement(rest, reader);
}

function devices(words: readonly Word[], reader: Reader): void {
  for (const word of words) if (isName(word) || word.kind === "string") reader.add(word, "device");
}

/** "path optional a b | !c compile-with "..."": clauses are followed by a string, or stand alone with a hyphen. */
function freebsdFile(words: readonly Word[], reader: Reader): void {
  const [first, kind, ...rest] = words;
  if (first!.text === "include") one(kind, reader, "include");
  else reader.add(first!, "file", true);
  if (kind?.text !== "optional") return;
  for (const [i, word] of rest.entries()) {
    if (rest[i + 1]?.kind === "string") return;
    if (isName(word) && !CLAUSES.has(word.text)) reader.add(word, "condition");
  }
}

const CLAUSES = new Set([
  "no-obj",
  "no-depend",
  "no-implicit-rule",
  "before-depend",
  "local",
  "nowerror",
  "profiling-routine",
]);

function freebsdOption(words: readonly Word[], reader: Reader): void {
  if (isName(words[0])) reader.add(words[0], "option", true);
}

const READERS: Record<Dialect["system"], Record<Dialect["kind"], Statement>> = {
  netbsd: { configuration: netbsd, files: netbsd, options: netbsd },
  freebsd: { configuration: freebsd, files: freebsdFile, options: freebsdOption },
};
