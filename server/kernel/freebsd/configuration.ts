// FreeBSD: a configuration file in, a KernelConfiguration out. Runs config(8)'s steps and puts together what they find.

import type {
  KernelConfiguration,
  KernelDevice,
  KernelFile,
  KernelOption,
  Macro,
  ReadFile,
  Reason,
  ReasonLine,
  UnselectedName,
} from "../api.ts";
import { type Origin, placeOf, statementText } from "../origin.ts";
import { baseOf, folderOf, joinPath } from "../paths.ts";
import { readText } from "../text.ts";
import {
  chooseFiles,
  type FileLine,
  holds,
  kindOf,
  type Requirement,
  readFileLines,
  type Selected,
  selectedNames,
} from "./files.ts";
import { type KnownOption, makeHeaders, readKnownOptions, settleOptions } from "./options.ts";
import { complain, readSelection, type Selection, type SetOption } from "./selection.ts";

/** `sys` is the folder of the kernel sources: "sys/", or "" when the tree is sys/ itself. Never throws. */
export function configureFreebsd(sys: string, path: string, read: ReadFile): KernelConfiguration {
  const selection = readSelection(sys, path, read);
  const folder = folderOf(path);
  if (selection.inputs.length > 0) checkWhole(selection, path, folder, read);
  const known = readKnownOptions(sys, folder, selection, read);
  const options = settleOptions(selection, known);
  const lines = readFileLines(sys, folder, selection, read);
  const selected = selectedNames(selection, options);
  const chosen = chooseFiles(lines, selected, selection.profile);
  checkDevices(selection, lines);
  const why = { selection, selected };
  const { machine = "" } = selection;
  const headers = makeHeaders(options, known);
  return {
    system: "freebsd",
    name: baseOf(path),
    path,
    machine,
    ...(selection.ident === undefined ? {} : { ident: selection.ident }),
    sys,
    files: chosen.map((line) => fileOf(sys, line, true, why)),
    excluded: excludedLines(lines, chosen).map((line) => fileOf(sys, line, false, why)),
    options: optionsOf(selection, options, known),
    devices: devicesOf(selection),
    attributes: [],
    unselected: unselectedNames(lines, options, known, why),
    headers,
    defines: definesOf(headers.find(({ name }) => name === "opt_global.h")?.macros ?? []),
    // sys/conf/kern.pre.mk, INCLUDES; the build directory with the headers above comes first and is no folder of the tree.
    includePath: [joinPath(sys), joinPath(sys, "contrib/ck/include"), joinPath(sys, "contrib/libfdt")],
    links: machine === "" ? [] : linksOf(sys, machine),
    inputs: selection.inputs,
    diagnostics: selection.diagnostics,
  };
}

interface Why {
  selection: Selection;
  selected: Selected;
}

function checkWhole(selection: Selection, path: string, folder: string, read: ReadFile) {
  const lacks = (what: string) =>
    selection.diagnostics.push({
      place: { file: path, line: 1 },
      severity: "error",
      message: `there is no ${what} line`,
    });
  if (selection.machine === undefined) lacks("`machine'");
  if (selection.ident === undefined) lacks("`ident'");
  if (selection.cpus.length === 0) lacks("`cpu'");
  const environment = selection.environment
    .filter(({ isFile }) => isFile)
    .map(({ text, origin }) => ({ file: text, origin }));
  for (const { file, origin } of [...selection.hints, ...environment]) {
    const full = joinPath(folder, file);
    const result = readText(full, read);
    if ("text" in result) selection.inputs.push(full);
    else complain(selection, origin, `cannot read ${full}: ${result.error}`);
  }
}

/** A device that no file asks for is unknown (mkheaders.c). */
function checkDevices(selection: Selection, lines: readonly FileLine[]) {
  const asked = new Set(
    lines
      .flatMap(({ alternatives }) => alternatives.flat().filter(({ not }) => !not))
      .map(({ name }) => name),
  );
  for (const [name, origin] of selection.devices) {
    if (!asked.has(name))
      complain(selection, origin, `device ${name} is not known: no line of conf/files asks for it`);
  }
}

/** One line for each file that is left out: the first. */
function excludedLines(lines: readonly FileLine[], chosen: readonly FileLine[]): FileLine[] {
  const seen = new Set(chosen.map(({ path }) => path));
  return lines.filter(({ path }) => {
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
}

function conditionText({ isStandard, alternatives }: FileLine): string {
  if (isStandard) return "standard";
  const text = alternatives.map((all) => all.map(({ name, not }) => (not ? `!${name}` : name)).join(" "));
  return `optional ${text.join(" | ")}`;
}

function fileOf(sys: string, line: FileLine, isIn: boolean, why: Why): KernelFile {
  return {
    file: line.isLocal ? line.path : joinPath(sys, line.path),
    kind: kindOf(line),
    condition: conditionText(line),
    ...(line.compileWith === undefined ? {} : { compileWith: line.compileWith }),
    reason: fileReason(line, isIn, why),
  };
}

const lineOf = (origin: Origin, note: string): ReasonLine => ({
  place: placeOf(origin),
  text: statementText(origin),
  note,
});

function fileReason(line: FileLine, isIn: boolean, why: Why): Reason {
  if (line.isStandard) return [lineOf(line.origin, "is standard")];
  if (isIn) {
    const all =
      line.alternatives.find((one) => one.every((requirement) => holds(requirement, why.selected))) ?? [];
    return [lineOf(line.origin, "its condition holds"), ...all.flatMap((one) => nameReason(one, why))];
  }
  if (line.isProfiling) return [lineOf(line.origin, "is for kernels with `profile' only")];
  const missing = line.alternatives.flatMap((all) =>
    all.filter((one) => !holds(one, why.selected)).slice(0, 1),
  );
  return [
    lineOf(line.origin, "its condition does not hold"),
    ...missing.flatMap((one) => nameReason(one, why)),
  ];
}

/** Why a name is selected or not. */
function nameReason({ name }: Pick<Requirement, "name">, { selection, selected }: Why): Reason {
  const origin = selected(name);
  if (origin === "built-in") return [{ text: name, note: "config(8) sets it of itself" }];
  if (origin !== undefined) return [lineOf(origin, `selects ${name}`)];
  const removed = selection.removed.get(name) ?? selection.removed.get(name.toLowerCase());
  if (removed !== undefined) return [lineOf(removed, `takes ${name} away`)];
  return [
    { text: name, note: `no "device ${name}" and no "options ${name.toUpperCase()}" in this configuration` },
  ];
}

function optionsOf(
  selection: Selection,
  options: readonly SetOption[],
  known: Map<string, KnownOption>,
): KernelOption[] {
  const reason = (origin: Origin | undefined, name: string): Reason =>
    origin === undefined
      ? [{ text: "config(8)", note: `sets ${name} of itself` }]
      : [lineOf(origin, `sets ${name}`)];
  const isDevice = ({ name }: SetOption) => name.startsWith("DEV_") && !known.has(name);
  return [
    ...options
      .filter((option) => !isDevice(option))
      .map(({ name, value, origin }): KernelOption => {
        const declared = known.get(name);
        return {
          name,
          kind: "option",
          ...(value === undefined ? {} : { value }),
          ...(declared === undefined ? {} : { declared: placeOf(declared.origin), header: declared.header }),
          reason: reason(origin, name),
        };
      }),
    ...selection.makeOptions.map(
      ({ name, value, append, origin }): KernelOption => ({
        name,
        kind: "makeoption",
        value: append ? `+=${value}` : value,
        reason: reason(origin, name),
      }),
    ),
    ...selection.environment.map(
      ({ text, origin }): KernelOption => ({
        name: text.split("=")[0]!.trim(),
        kind: "envvar",
        value: text,
        reason: reason(origin, text),
      }),
    ),
  ];
}

function devicesOf(selection: Selection): KernelDevice[] {
  return [...selection.devices].map(([name, origin]) => ({
    name,
    driver: name,
    kind: "device",
    active: true,
    reason: [lineOf(origin, `selects ${name}`)],
  }));
}

/** Known options that are not set, and names that only lines of files ask for: devices. */
function unselectedNames(
  lines: readonly FileLine[],
  options: readonly SetOption[],
  known: Map<string, KnownOption>,
  why: Why,
): UnselectedName[] {
  const set = new Set(options.map(({ name }) => name));
  const unset = [...known.values()].filter(({ name }) => !set.has(name));
  const names = new Map<string, Origin>();
  for (const { alternatives, origin } of lines) {
    for (const { name } of alternatives.flat()) {
      if (why.selected(name) === undefined && !known.has(name.toUpperCase()) && !names.has(name))
        names.set(name, origin);
    }
  }
  return [
    ...unset.map(({ name, origin }): UnselectedName => {
      const removed = why.selection.removed.get(name.toLowerCase());
      const line =
        removed === undefined
          ? lineOf(origin, `declares ${name}; no line sets it`)
          : lineOf(removed, `takes ${name} away`);
      return { what: "option", name, declared: placeOf(origin), reason: [line] };
    }),
    ...[...names].map(([name, origin]): UnselectedName => {
      const reason = [lineOf(origin, `asks for ${name}`), ...nameReason({ name }, why)];
      return { what: "device", name, declared: placeOf(origin), reason };
    }),
  ];
}

/** sys/conf/kern.pre.mk: every file is compiled with these, and with opt_global.h included. */
function definesOf(globals: readonly Macro[]): Macro[] {
  return [{ name: "_KERNEL", value: "1" }, { name: "HAVE_KERNEL_OPTION_HEADERS", value: "1" }, ...globals];
}

function linksOf(sys: string, machine: string) {
  const machines = machine === "amd64" || machine === "i386" ? [machine, "x86"] : [machine];
  return machines.map((name, i) => ({
    name: i === 0 ? "machine" : name,
    target: joinPath(sys, name, "include"),
  }));
}
