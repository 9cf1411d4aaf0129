// From a configuration to the facts of its sources: preprocesses and parses every compiled C file, the kernel's library among them, once.
import type { KernelConfiguration, ReadFile } from "../kernel/api.ts";
import { predefinedMacros } from "../lang/preprocess/predefined.ts";
import { Units } from "../lang/preprocess/unit.ts";
import { translationUnit } from "./declarations.ts";
import { Facts } from "./facts.ts";
import { includeFinder } from "./includes.ts";
import { interfaceHeaders } from "./interfaces.ts";
import { librarySources } from "./library.ts";
import { LOADED_SET, VECTOR_STRUCT } from "./narrow.ts";
import { Parser } from "./parser.ts";

/** Structs whose fields people ask for, and the functions that register them; what linker sets and vectors of operations are told by. */
const WANTED_STRUCTS = new Set(["timecounter", "eventtimer", "sysinit", VECTOR_STRUCT]);
const WANTED_CALLS = new Set(["tc_init", "et_register", LOADED_SET]);

export interface Collected {
  readonly facts: Facts;
  readonly units: Units;
  readonly parser: Parser;
  /** Paths of the compiled C sources, in order. */
  readonly sources: readonly string[];
}

/** Reads all of it: some seconds for a kernel. `onFile` hears how many sources are done. Files that cannot be read are left out. */
export function collect(
  configuration: KernelConfiguration,
  read: ReadFile,
  onFile: (done: number, total: number) => void = () => {},
): Collected {
  const facts = new Facts();
  const generated = interfaceHeaders(configuration, read);
  const find = includeFinder(configuration, read, generated);
  const macros = configuration.defines.flatMap(({ name, value }) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  const host = {
    find,
    declarations: (buffer: Parameters<Parser["begin"]>[0], file: { index: number }, isHeader: boolean) => {
      parser.begin(buffer, file.index, isHeader);
      translationUnit(parser);
    },
  };
  const units: Units = new Units(host, [...predefinedMacros(configuration.system), ...macros]);
  const parser: Parser = new Parser(units.spellings, facts, WANTED_STRUCTS, WANTED_CALLS);
  const compiled = configuration.files.filter(({ file, kind }) => kind === "source" && file.endsWith(".c"));
  const sources = [...new Set([...compiled.map(({ file }) => file), ...librarySources(configuration, read)])];
  const attachments = pseudoDevices(configuration);
  if (attachments !== undefined) units.run("<ioconf.c>", Buffer.from(attachments, "latin1"));
  sources.forEach((file, i) => {
    const bytes = read(file);
    parser.scopes.beginUnit();
    if (bytes !== undefined) units.run(file, bytes);
    onFile(i + 1, sources.length);
  });
  return { facts, units, parser, sources };
}

/** NetBSD's ioconf.c as far as it names functions: the table of pseudo-devices, each attached by a function of its name. */
function pseudoDevices({ system, devices }: KernelConfiguration): string | undefined {
  const names = devices.filter(({ kind }) => kind === "pseudo-device").map(({ driver }) => driver);
  if (system !== "netbsd" || names.length === 0) return undefined;
  const declared = names.map((name) => `void ${name}attach(int);`);
  const rows = names.map((name) => `{ ${name}attach, 1 },`);
  return [
    "#include <sys/device.h>",
    ...declared,
    "const struct pdevinit pdevinit[] = {",
    ...rows,
    "};",
    "",
  ].join("\n");
}
