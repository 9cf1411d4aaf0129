// `clockpath config`: what is in a kernel's configuration, and why, from a terminal. Parses arguments, prints results; the work is done in
// kernel/. With --json every result is one JSON object on a line of its own.
import { statSync } from "node:fs";
import path from "node:path";
import type { KernelConfiguration, KernelFile, Reason, WhyAnswer } from "./kernel/api.ts";
import {
  configureKernel,
  findConfigurations,
  resolveConfiguration,
  shortName,
  why,
  whyText,
} from "./kernel/configure.ts";
import { mentionsIn } from "./kernel/mentions.ts";
import { baseOf, joinPath } from "./kernel/paths.ts";
import { type TreeFiles, treeFiles } from "./kernel-files.ts";
import type { Output } from "./terminal.ts";

export const configUsage = `usage: clockpath config TREE [--json]
       clockpath config TREE CONFIG files|options|devices [--all] [--out] [--json]
       clockpath config TREE CONFIG why NAME [--json]
  TREE is the folder that holds sys/, or sys itself. CONFIG is a name (MICROVM; amd64/GENERIC where several machines have
  it) or a path in the tree. Without CONFIG: the configurations of the tree.
  files    the C and assembly sources that are compiled, with the reason; --all: generated files, objects and helpers too
  options  what is set; devices  what is configured
  --out    what the tree declares and the configuration leaves out, with the reason
  why      is it in, and which lines decide? NAME is a file, option, device, driver or attribute`;

const KINDS = ["files", "options", "devices", "why"] as const;

/** Runs the command; gives the exit status. Throws an Error with a message for users. */
export async function config(args: readonly string[], out: Output): Promise<number> {
  const flags = new Set(args.filter((argument) => argument.startsWith("-")));
  const [tree, name, what, asked, ...more] = args.filter((argument) => !argument.startsWith("-"));
  if (flags.has("--help") || flags.has("-h")) return print(out, configUsage);
  for (const flag of flags) {
    if (!["--json", "--all", "--out"].includes(flag))
      throw new Error(`unknown option ${flag}; see clockpath config --help`);
  }
  if (tree === undefined) throw new Error("name a tree; see clockpath config --help");
  if (!statSync(tree, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${tree} is not a folder`);
  const files = treeFiles(tree);
  const json = flags.has("--json");
  if (name === undefined) return printConfigurations(files, json, out);
  if (!KINDS.some((kind) => kind === what))
    throw new Error(`say files, options, devices or why; see clockpath config --help`);
  if ((what === "why") !== (asked !== undefined) || more.length > 0)
    throw new Error(`${what} takes ${what === "why" ? "one name" : "no name"}`);
  const configuration = open(files, name, tree);
  if (what === "why") return printWhy(configuration, asked!, files, json, out);
  for (const line of linesOf(configuration, what!, flags))
    print(out, json ? JSON.stringify(line.object) : line.text);
  return 0;
}

function print(out: Output, text: string): number {
  out.write(`${text}\n`);
  return 0;
}

function printConfigurations(files: TreeFiles, json: boolean, out: Output): number {
  for (const path of findConfigurations(files.list)) {
    print(out, json ? JSON.stringify({ name: shortName(path), file: path }) : shortName(path));
  }
  return 0;
}

/** Reads a configuration; what is wrong with it goes to standard error, and what could be understood is printed all the same. */
function open(files: TreeFiles, name: string, tree: string): KernelConfiguration {
  const found = resolveConfiguration(pathInTree(name, tree), files.list, files.read);
  if ("error" in found) {
    const hint = found.candidates.length === 0 ? `; clockpath config ${tree} lists what there is` : "";
    throw new Error(`${found.error.replace("in this tree", `in ${tree}`)}${hint}`);
  }
  const configuration = configureKernel(found.path, files.read);
  for (const { place, severity, message } of configuration.diagnostics) {
    const where = place === undefined ? found.path : `${place.file}:${place.line}`;
    process.stderr.write(`${where}: ${severity}: ${message}\n`);
  }
  return configuration;
}

/** A path from here, or an absolute one, as a path in the tree; everything else stays. */
function pathInTree(name: string, tree: string): string {
  const relative = path.relative(path.resolve(tree), path.resolve(name));
  const isInside = relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
  const isFile = statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
  return isInside && isFile ? relative.split(path.sep).join("/") : name;
}

interface Line {
  object: object;
  text: string;
}

const place = (line: { file: string; line: number } | undefined) =>
  line === undefined ? "built in" : `${line.file}:${line.line}`;

/** The deciding lines on one line: "`optional kvm_clock | xenhvm`, sys/conf/files.x86:12; `device kvm_clock`, sys/...:3". */
const inOneLine = (reason: Reason): string =>
  reason
    .map((line) =>
      line.place === undefined ? `${line.text}: ${line.note}` : `\`${line.text}\`, ${place(line.place)}`,
    )
    .join("; ");

const reasonObject = (reason: Reason): object[] =>
  reason.map((line) => ({ ...(line.place ?? {}), text: line.text, note: line.note }));

function linesOf(configuration: KernelConfiguration, what: string, flags: ReadonlySet<string>): Line[] {
  const isOut = flags.has("--out");
  if (what === "files") {
    const wanted = ({ kind }: KernelFile) => kind === "source" || flags.has("--all");
    return (isOut ? configuration.excluded : configuration.files)
      .filter(wanted)
      .map((file) => fileLine(file, flags.has("--all")));
  }
  const kind = what === "options" ? "option" : "device";
  if (isOut) {
    const names = configuration.unselected.filter((one) => one.what === kind);
    return names.map(({ name, reason }) => ({
      object: { name, reason: reasonObject(reason) },
      text: `${name}: ${reason.map((line) => line.note).join("; ")} (${place(reason[0]?.place)})`,
    }));
  }
  return what === "options" ? optionLines(configuration) : deviceLines(configuration);
}

function fileLine({ file, kind, condition, reason }: KernelFile, showKind: boolean): Line {
  return {
    object: { file, kind, condition, reason: reasonObject(reason) },
    text: `${file}${showKind && kind !== "source" ? ` (${kind})` : ""}: ${inOneLine(reason)}`,
  };
}

function optionLines({ options }: KernelConfiguration): Line[] {
  return options.map(({ reason, ...option }) => {
    const { name, kind, value } = option;
    const shown =
      value === undefined ? name : value.startsWith("+=") ? `${name}${value}` : `${name}=${value}`;
    const label = kind === "option" ? "" : ` (${kind})`;
    return {
      object: { ...option, reason: reasonObject(reason) },
      text: `${shown}${label}: ${inOneLine(reason)}`,
    };
  });
}

function deviceLines({ devices }: KernelConfiguration): Line[] {
  return devices.map(({ reason, ...device }) => {
    const { name, at, active } = device;
    const text = `${name}${at === undefined ? "" : ` at ${at}`}${active ? "" : " (not in the kernel)"}: ${inOneLine(reason)}`;
    return { object: { ...device, reason: reasonObject(reason) }, text };
  });
}

function printWhy(
  configuration: KernelConfiguration,
  name: string,
  files: TreeFiles,
  json: boolean,
  out: Output,
): number {
  const answers = why(configuration, name);
  if (json) for (const answer of answers) print(out, JSON.stringify(whyObject(answer)));
  else for (const answer of answers) print(out, whyText(answer));
  if (answers.length > 0) return 0;
  const mentions = findMentions(configuration, name, files);
  const named = filesNamedAfter(configuration, name);
  if (json) print(out, JSON.stringify({ name, selected: false, files: named, mentions }));
  else print(out, noSuchName(configuration, name, named, mentions));
  return 0;
}

interface NamedFile {
  file: string;
  state: "compiled" | "not compiled";
}

/** Files that the configuration's rules name, with the word in their own names: acpi_hpet.c for hpet. Compiled ones first. */
function filesNamedAfter({ files, excluded }: KernelConfiguration, name: string): NamedFile[] {
  const isNamed = ({ file }: KernelFile) =>
    baseOf(file)
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .includes(name.toLowerCase());
  return [
    ...files.filter(isNamed).map(({ file }) => ({ file, state: "compiled" as const })),
    ...excluded.filter(isNamed).map(({ file }) => ({ file, state: "not compiled" as const })),
  ];
}

const whyObject = ({ reason, ...answer }: WhyAnswer): object => ({ ...answer, reason: reasonObject(reason) });

interface TreeMention {
  file: string;
  line: number;
  identifier: string;
  /** Is it in a file that this kernel compiles? A header may be. */
  state: "compiled" | "header" | "not compiled";
}

/** Places of a word that are shown to a reader. */
const MAX_SHOWN = 20;

/** "nothing named pvclock is declared or selected in MICROVM; it stands in sys/...hypervisor.c:85 (compiled), as ..." */
function noSuchName(
  { name: configuration }: KernelConfiguration,
  name: string,
  named: readonly NamedFile[],
  mentions: readonly TreeMention[],
): string {
  const head = [
    `nothing named ${name} is declared or selected for ${configuration}`,
    ...named.map(({ file, state }) => `  file ${file} has the word in its name (${state})`),
  ].join("\n");
  const separator = named.length === 0 ? "; " : "\n";
  if (mentions.length === 0)
    return `${head}${separator === "; " ? ", and " : separator}the word stands in no source of the tree`;
  const more =
    mentions.length > MAX_SHOWN ? [`  and ${mentions.length - MAX_SHOWN} more places (--json)`] : [];
  const lines = mentions.slice(0, MAX_SHOWN).map(({ file, line, identifier, state }) => {
    const shown = identifier === name ? "" : `, as ${identifier}`;
    return `  ${file}:${line} (${state})${shown}`;
  });
  return [`${head}${separator}the word stands in`, ...lines, ...more].join("\n");
}

const STATES = ["compiled", "header", "not compiled"] as const;

/** The word in the sources of the tree: compiled files first, then headers, then the rest. */
function findMentions(configuration: KernelConfiguration, name: string, files: TreeFiles): TreeMention[] {
  const compiled = new Set(configuration.files.map(({ file }) => file));
  const mentions: TreeMention[] = [];
  for (const file of sourcesBelow(configuration.sys.replace(/\/$/, ""), files)) {
    const state = compiled.has(file) ? "compiled" : file.endsWith(".h") ? "header" : "not compiled";
    for (const mention of mentionsIn(files.read(file) ?? new Uint8Array(), name))
      mentions.push({ file, ...mention, state });
  }
  return mentions.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state)).slice(0, 200);
}

function* sourcesBelow(folder: string, files: TreeFiles): Generator<string> {
  for (const name of [...files.list(folder)].sort()) {
    const file = joinPath(folder, name);
    if (/\.[chSs]$/.test(baseOf(file))) yield file;
    else if (name !== ".git") yield* sourcesBelow(file, files);
  }
}
