// What a symbol file says about names, lines and addresses, as text: two ways of reading one file must say the same.

import { parseElf } from "../../emulator/elf/elf.ts";
import type { SymbolFile, Type, Variable } from "../../emulator/symbols/api.ts";
import { MemoryError } from "../../emulator/symbols/memory.ts";

const NO_FRAME = { pc: 0n, isCaller: false, get: () => undefined };
const noMemory = (address: bigint): never => {
  throw new MemoryError(address);
};

export function aboutFunction(symbols: SymbolFile, name: string): string {
  const sites = symbols
    .functionSites(name)
    .map((s) => `${hex(s.address)} ${s.function} ${s.file}:${s.line} ${s.inlined}`);
  return `${name}: ${sites.join(", ")}; ${typeText(symbols.functionType?.(name))}`;
}

export function aboutGlobal(symbols: SymbolFile, name: string, near?: bigint): string {
  const variable = symbols.globalNamed(name, near);
  return `${name}: ${variable ? variableText(symbols, variable) : "-"}`;
}

export function aboutType(symbols: SymbolFile, name: string, near?: bigint): string {
  return `${name}: ${typeText(symbols.typeNamed(name, near))}`;
}

export function aboutEnumerator(symbols: SymbolFile, name: string): string {
  const found = symbols.enumeratorNamed?.(name);
  return `${name}: ${found ? `${found.value} of ${typeText(found.type)}` : "-"}`;
}

export function aboutLine(symbols: SymbolFile, file: string, line: number): string {
  const sites = symbols
    .lineSites(file, line)
    .map((s) => `${hex(s.address)} ${s.function}:${s.line} ${s.inlined}`);
  return `${file}:${line}: ${sites.join(", ")}`;
}

export function aboutAddress(symbols: SymbolFile, address: bigint): string {
  const symbol = symbols.symbolAt(address);
  const line = symbols.lineAt(address);
  const functions = symbols.functionsAt(address).map((f) => {
    const names = [...f.parameters(), ...f.locals(address)].map((v) => `${v.name} ${typeText(v.type, 0)}`);
    return `${f.name} ${f.inlined} ${f.callLine ?? ""} ${f.declFile ?? ""} (${names.join(", ")})`;
  });
  return `${hex(address)}: ${symbol?.symbol.name}+${symbol?.offset} ${line?.file}:${line?.line} from ${line && hex(line.low)} in ${functions.join(" in ")}`;
}

/** Everything about a small file: its names, all its lines, every address of its code. */
export function* aboutAll(symbols: SymbolFile): Generator<string> {
  const all = symbols.symbolsWithPrefix("", Number.MAX_SAFE_INTEGER);
  for (const { name } of all) yield aboutFunction(symbols, name);
  for (const { name, address } of all)
    yield `${aboutGlobal(symbols, name)} ${aboutGlobal(symbols, name, address)}`;
  const types = new Set<string>();
  const highest = new Map<string, number>();
  for (const { address, size, kind } of all.filter((symbol) => symbol.kind === "function")) {
    for (let at = address; kind === "function" && at < address + BigInt(Math.min(size, 0x1000)); at += 2n) {
      yield aboutAddress(symbols, at);
      const line = symbols.lineAt(at);
      if (line) highest.set(line.file, Math.max(highest.get(line.file) ?? 0, line.line));
      for (const f of symbols.functionsAt(at))
        for (const { type } of [...f.parameters(), ...f.locals(at)]) namesIn(type, types);
    }
  }
  for (const name of [...types].sort()) yield `${aboutType(symbols, name)} ${aboutEnumerator(symbols, name)}`;
  for (const file of symbols.sourceFiles()) {
    yield file;
    for (let line = 1; line <= (highest.get(file) ?? 0) + 1; line++) yield aboutLine(symbols, file, line);
  }
}

/** Names to ask for: those of the type, of what it points to, and of an enum's values. */
function namesIn(type: Type, names: Set<string>, depth = 3): void {
  if (depth === 0) return;
  if ("name" in type && type.name !== "") {
    const keyword =
      type.kind === "struct" || type.kind === "union" || type.kind === "enum" ? `${type.kind} ` : "";
    names.add(`${keyword}${type.name}`);
  }
  if (type.kind === "enum") for (const { name } of type.values()) names.add(name);
  if (type.kind === "struct" || type.kind === "union")
    for (const member of type.members()) namesIn(member.type, names, depth - 1);
  if (type.kind === "pointer" || type.kind === "typedef" || type.kind === "qualified")
    namesIn(type.target(), names, depth - 1);
}

function variableText(symbols: SymbolFile, variable: Variable): string {
  const place = symbols.locate(variable, NO_FRAME, noMemory);
  const where = place.kind === "memory" ? hex(place.address) : place.kind;
  return `${variable.name} ${typeText(variable.type)} ${variable.declFile}:${variable.declLine} at ${where}`;
}

/** A type's shape, two structs deep. */
function typeText(type: Type | undefined, depth = 2): string {
  switch (type?.kind) {
    case undefined:
      return "-";
    case "pointer":
      return `*${typeText(type.target(), depth - 1)}`;
    case "typedef":
      return depth > 0 ? `${type.name}=${typeText(type.target(), depth)}` : type.name;
    case "qualified":
      return `${type.qualifier} ${typeText(type.target(), depth)}`;
    case "array":
      return `${typeText(type.element, depth)}[${type.counts}]`;
    case "struct":
    case "union": {
      const head = `${type.kind} ${type.name} ${type.size} ${type.declaration}`;
      if (depth <= 0) return head;
      return `${head} {${type.members().map((m) => `${m.name} ${typeText(m.type, depth - 1)}`)}}`;
    }
    case "enum":
      return `enum ${type.name} {${depth > 0 ? type.values().map((v) => `${v.name}=${v.value}`) : ""}}`;
    case "function":
      return `${typeText(type.returns(), depth - 1)} (${type.parameters().map((p) => typeText(p, depth - 1))})`;
    default:
      return type && "name" in type ? type.name : "void";
  }
}

const hex = (address: bigint): string => address.toString(16);

/** The file with its own index (.debug_names, .gdb_index) under another name, where nobody looks for it. */
export function withoutIndex(file: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(file);
  const { sections } = parseElf(copy);
  const names = sections.find(({ name }) => name === ".shstrtab");
  const text = Buffer.from(copy.buffer);
  for (const name of [".debug_names\0", ".gdb_index\0"]) {
    const at = names ? text.indexOf(name, names.offset, "latin1") : -1;
    if (at >= 0) text[at + 1] = "x".charCodeAt(0);
  }
  return copy;
}
