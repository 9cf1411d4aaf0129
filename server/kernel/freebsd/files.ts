// The files that the tree knows (sys/conf/files, files.MACHINE, what they include) and which of them are built
// (usr.sbin/config/mkmakefile.c, read_file).

import type { KernelFileKind, ReadFile } from "../api.ts";
import type { Origin } from "../origin.ts";
import { joinPath } from "../paths.ts";
import { readText } from "../text.ts";
import { complain, type Selection, type SetOption } from "./selection.ts";
import { type Line, readLines } from "./words.ts";

/** A name that a file depends on, or (with `not`) must be without. */
export interface Requirement {
  name: string;
  not: boolean;
}

/** A line of a list of files. */
export interface FileLine {
  path: string;
  /** `standard`: always. */
  isStandard: boolean;
  /** One of these lists must hold as a whole. */
  alternatives: Requirement[][];
  isProfiling: boolean;
  isLocal: boolean;
  noDepend: boolean;
  noObject: boolean;
  noImplicitRule: boolean;
  beforeDepend: boolean;
  noWarningErrors: boolean;
  compileWith?: string;
  dependency?: string;
  warning?: string;
  objectPrefix?: string;
  origin: Origin;
}

/** No tree has as many lists of files; lists that include each other twice would never end. */
const MOST_FILES = 10_000;

/** All lines, in config(8)'s order. */
export function readFileLines(sys: string, folder: string, selection: Selection, read: ReadFile): FileLine[] {
  const lines: FileLine[] = [];
  const readList = (file: string, from: Origin | undefined, open: readonly string[]) => {
    if (from !== undefined && open.includes(file))
      return complain(selection, from, `${file} includes itself`);
    const result = readText(file, read);
    if ("error" in result) {
      if (from !== undefined) return complain(selection, from, `cannot read ${file}: ${result.error}`);
      return selection.diagnostics.push({
        severity: "error",
        message: `cannot read ${file}: ${result.error}`,
      });
    }
    selection.inputs.push(file);
    const source = { file, text: result.text };
    const error = (line: number, message: string) =>
      selection.diagnostics.push({ place: { file, line }, severity: "error", message });
    for (const line of readLines(source, error)) {
      if (line.words[0] !== "include") {
        const parsed = parseLine(line, selection);
        if (parsed !== undefined) lines.push(parsed);
      } else if (line.words[1] === undefined) complain(selection, line.origin, "include names no file");
      else if (selection.inputs.length >= MOST_FILES)
        complain(selection, line.origin, `more than ${MOST_FILES} files are included`);
      else readList(joinPath(sys, line.words[1]), line.origin, [...open, file]);
    }
  };
  readList(joinPath(sys, "conf", "files"), undefined, []);
  if (selection.machine !== undefined)
    readList(joinPath(sys, "conf", `files.${selection.machine}`), undefined, []);
  for (const { file, origin } of selection.files) readList(joinPath(folder, file), origin, []);
  return lines;
}

const STRINGS = {
  "compile-with": "compileWith",
  dependency: "dependency",
  clean: "clean",
  warning: "warning",
  "obj-prefix": "objectPrefix",
} as const;

const FLAGS = {
  "no-obj": "noObject",
  "no-implicit-rule": "noImplicitRule",
  "before-depend": "beforeDepend",
  nowerror: "noWarningErrors",
  local: "isLocal",
  "no-depend": "noDepend",
  "profiling-routine": "isProfiling",
  "no-ctfconvert": "noConvert",
} as const;

function parseLine({ words, origin }: Line, selection: Selection): FileLine | undefined {
  const [path, kind, ...rest] = words as [string, string?, ...string[]];
  if (kind !== "standard" && kind !== "optional") {
    const found = kind === undefined ? "nothing" : `"${kind}"`;
    complain(selection, origin, `${path} must be followed by "standard" or "optional", not ${found}`);
    return undefined;
  }
  const line: FileLine & { clean?: string; noConvert?: boolean } = {
    path,
    isStandard: kind === "standard",
    alternatives: [[]],
    isProfiling: false,
    isLocal: false,
    noDepend: false,
    noObject: false,
    noImplicitRule: false,
    beforeDepend: false,
    noWarningErrors: false,
    origin,
  };
  let not = false;
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word === "!") not = true;
    else if (word === "|") {
      if (line.alternatives.at(-1)!.length === 0)
        complain(selection, origin, `there is nothing before "|" in the line of ${path}`);
      line.alternatives.push([]);
    } else if (Object.hasOwn(FLAGS, word)) line[FLAGS[word as keyof typeof FLAGS]] = true;
    else if (Object.hasOwn(STRINGS, word)) {
      const text = rest[++i];
      if (text === undefined)
        complain(selection, origin, `there is no string behind "${word}" in the line of ${path}`);
      else line[STRINGS[word as keyof typeof STRINGS]] = text;
    } else {
      if (line.isStandard) complain(selection, origin, `the standard file ${path} cannot depend on ${word}`);
      line.alternatives.at(-1)!.push({ name: word, not });
      not = false;
    }
  }
  if (!line.isStandard && line.alternatives.every((all) => all.length === 0) && !line.isProfiling) {
    complain(selection, origin, `${path} is optional and names nothing that it depends on`);
  }
  return line;
}

/** What requirements ask: a device of exactly this name, or an option without a value in any case of letters. */
export type Selected = (name: string) => Origin | "built-in" | undefined;

export function selectedNames(selection: Selection, options: readonly SetOption[]): Selected {
  const flags = new Map<string, Origin | "built-in">();
  for (const { name, value, origin } of options)
    if (value === undefined) flags.set(name.toLowerCase(), origin ?? "built-in");
  return (name) => selection.devices.get(name) ?? flags.get(name.toLowerCase());
}

export const holds = ({ name, not }: Requirement, selected: Selected): boolean =>
  (selected(name) !== undefined) !== not;

/** Of several lines for one file the first that holds is the one. */
export function chooseFiles(lines: readonly FileLine[], selected: Selected, profile: number): FileLine[] {
  const chosen = new Map<string, FileLine>();
  for (const line of lines) {
    const isIn = line.isStandard || line.alternatives.some((all) => all.every((one) => holds(one, selected)));
    if (isIn && !(line.isProfiling && profile === 0) && !chosen.has(line.path)) chosen.set(line.path, line);
  }
  return [...chosen.values()];
}

/**
 * "source": C or assembly of the tree, also where `no-obj` keeps its object out of the link (it goes into another file then); "generated":
 * made in the build directory, or from a .m file; "helper": anything else with `no-obj` or a rule of its own.
 */
export function kindOf({ path, noObject, isLocal }: FileLine): KernelFileKind {
  if (isLocal || path.endsWith(".m")) return noObject ? "helper" : "generated";
  if (/\.[cSs]$/.test(path)) return "source";
  return path.endsWith(".o") && !noObject ? "object" : "helper";
}
