// What the configuration itself selects: machine, cpus, options, devices, make options, in config(8)'s order and with its rules for what
// is given twice or taken away (usr.sbin/config/config.y). Reads DEFAULTS, the configuration and what they include.

import type { KernelDiagnostic, ReadFile } from "../api.ts";
import { type Origin, placeOf, type SourceText } from "../origin.ts";
import { folderOf, joinPath } from "../paths.ts";
import { readText } from "../text.ts";
import { Scanner } from "./scanner.ts";
import { parseStatement, type Statement } from "./statements.ts";

export interface SetOption {
  name: string;
  value?: string;
  origin?: Origin;
}

export interface MakeOption {
  name: string;
  value: string;
  append: boolean;
  origin: Origin;
}

export interface Selection {
  machine?: string;
  arch?: string;
  ident?: string;
  maxusers: number;
  profile: number;
  cpus: { name: string; origin: Origin }[];
  options: SetOption[];
  devices: Map<string, Origin>;
  makeOptions: MakeOption[];
  environment: { text: string; isFile: boolean; origin: Origin }[];
  hints: { file: string; origin: Origin }[];
  /** More lists of files (`files "x"`), relative to the configuration's folder. */
  files: { file: string; origin: Origin }[];
  /** Names that `nodevice`, `nooptions` or `nocpu` took away, with the line. Options in lower case too. */
  removed: Map<string, Origin>;
  inputs: string[];
  diagnostics: KernelDiagnostic[];
}

/** What is open around a file, to notice one that includes itself; and no configuration includes as many files. */
interface Including {
  sys: string;
  folder: string;
  read: ReadFile;
  open: readonly string[];
}

const MOST_FILES = 10_000;

/** Reads a configuration. Never throws. */
export function readSelection(sys: string, path: string, read: ReadFile): Selection {
  const selection: Selection = {
    maxusers: 0,
    profile: 0,
    cpus: [],
    options: [],
    devices: new Map(),
    makeOptions: [],
    environment: [],
    hints: [],
    files: [],
    removed: new Map(),
    inputs: [],
    diagnostics: [],
  };
  const folder = folderOf(path);
  const defaults = joinPath(folder, "DEFAULTS");
  const own = readText(path, read);
  const shared = readText(defaults, read);
  if ("error" in own) {
    const message = `cannot read the configuration: ${own.error}`;
    selection.diagnostics.push({ place: { file: path, line: 1 }, severity: "error", message });
    return selection;
  }
  if ("text" in shared && defaults !== path)
    readSource(selection, { file: defaults, text: shared.text }, { sys, folder, read, open: [] });
  readSource(selection, { file: path, text: own.text }, { sys, folder, read, open: [] });
  return selection;
}

export function complain(
  selection: Selection,
  origin: Origin,
  message: string,
  severity: "error" | "warning" = "error",
) {
  selection.diagnostics.push({ place: placeOf(origin), severity, message });
}

function readSource(selection: Selection, source: SourceText, including: Including) {
  selection.inputs.push(source.file);
  const inside = { ...including, open: [...including.open, source.file] };
  const scanner = new Scanner(source.text);
  for (let tokens = scanner.statement(); tokens !== undefined; tokens = scanner.statement()) {
    if (tokens.length === 0) continue;
    const origin = { source, line: tokens[0]!.line, start: tokens[0]!.start, end: tokens.at(-1)!.end };
    const parsed = parseStatement(tokens);
    if ("error" in parsed) complain(selection, { ...origin, line: parsed.line }, parsed.error);
    else if (parsed.kind === "include") include(selection, parsed.name, origin, inside);
    else apply(selection, { ...parsed, origin });
  }
}

/** A file beside the configuration, or else in sys/conf (lang.l, include). */
function include(selection: Selection, name: string, origin: Origin, including: Including) {
  const { sys, folder, read, open } = including;
  if (name.startsWith("/")) return complain(selection, origin, `${name} is outside of the tree`);
  const places = [joinPath(folder, name), ...(name.startsWith(".") ? [] : [joinPath(sys, "conf", name)])];
  for (const file of places) {
    const result = readText(file, read);
    if ("error" in result) continue;
    if (open.includes(file)) return complain(selection, origin, `${file} includes itself`);
    if (selection.inputs.length < MOST_FILES)
      return readSource(selection, { file, text: result.text }, including);
    return complain(selection, origin, `more than ${MOST_FILES} files are included`);
  }
  complain(selection, origin, `cannot include ${name}: there is no ${places.join(" and no ")}`);
}

function apply(selection: Selection, statement: Statement) {
  const { origin } = statement;
  const at = (line: number): Origin => ({ ...origin, line });
  switch (statement.kind) {
    case "machine":
      return setMachine(selection, statement.machine, statement.arch ?? statement.machine, origin);
    case "cpu":
      selection.cpus.push({ name: statement.name, origin });
      return;
    case "nocpu":
      selection.cpus = selection.cpus.filter(({ name }) => name !== statement.name);
      selection.removed.set(statement.name.toLowerCase(), origin);
      return;
    case "ident":
      selection.ident = statement.name;
      return;
    case "maxusers":
      selection.maxusers = statement.value;
      return;
    case "profile":
      selection.profile = statement.value;
      return;
    case "config":
      return setMakeOption(selection, { name: "KERNEL", value: statement.name, append: false, origin });
    case "options":
      for (const { line, ...option } of statement.settings)
        selection.options.push({ ...option, origin: at(line) });
      return;
    case "nooptions":
      for (const { name, line } of statement.names) removeOption(selection, name, at(line));
      return;
    case "makeoptions":
      for (const { name, value = "", append, line } of statement.settings) {
        setMakeOption(selection, { name, value, append, origin: at(line) });
      }
      return;
    case "nomakeoptions":
      for (const { name } of statement.names) {
        selection.makeOptions = selection.makeOptions.filter((option) => option.name !== name);
      }
      return;
    case "device":
      for (const { name, line } of statement.names) addDevice(selection, name, at(line));
      return;
    case "nodevice":
      for (const { name, line } of statement.names) {
        selection.devices.delete(name);
        selection.removed.set(name, at(line));
      }
      return;
    case "env":
    case "envvar":
      selection.environment.push({ text: statement.name, isFile: statement.kind === "env", origin });
      return;
    case "hints":
      selection.hints.push({ file: statement.name, origin });
      return;
    case "files":
      selection.files.push({ file: statement.name, origin });
      return;
  }
}

function setMachine(selection: Selection, machine: string, arch: string, origin: Origin) {
  if (selection.machine !== undefined && (selection.machine !== machine || selection.arch !== arch)) {
    return complain(selection, origin, `there is a second machine, ${machine}: only one is allowed`);
  }
  selection.machine = machine;
  selection.arch = arch;
}

/** The first value of a make option stays; "+=" adds. */
function setMakeOption(selection: Selection, option: MakeOption) {
  const known = selection.makeOptions.some(({ name }) => name === option.name);
  if (!known || option.append) selection.makeOptions.push(option);
}

function removeOption(selection: Selection, name: string, origin: Origin) {
  selection.options = selection.options.filter((option) => option.name !== name);
  selection.removed.set(name.toLowerCase(), origin);
}

function addDevice(selection: Selection, name: string, origin: Origin) {
  const known = selection.devices.get(name);
  if (known === undefined) selection.devices.set(name, origin);
  else if (known.source.file === origin.source.file) {
    complain(selection, origin, `device ${name} is there already (line ${known.line})`, "warning");
  }
}
