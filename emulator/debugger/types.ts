// C types as the debugger uses them: resolving, sizes, built-in types, and names spelled as gdb spells them.
// Works on the closed union of symbols/api.ts; must not know where types come from.

import type { Type } from "../symbols/api.ts";

export type BaseType = Extract<Type, { kind: "base" }>;
export type StructType = Extract<Type, { kind: "struct" | "union" }>;
export type ArrayType = Extract<Type, { kind: "array" }>;
export type EnumType = Extract<Type, { kind: "enum" }>;

const base = (name: string, size: number, encoding: BaseType["encoding"]): BaseType => ({
  kind: "base",
  name,
  size,
  encoding,
});

/** The LP64 types that literals and operators produce (ABI AMD64 section 3.1.2). */
export const BUILTIN = {
  char: base("char", 1, "signed-char"),
  signedChar: base("signed char", 1, "signed-char"),
  unsignedChar: base("unsigned char", 1, "unsigned-char"),
  short: base("short", 2, "signed"),
  unsignedShort: base("unsigned short", 2, "unsigned"),
  int: base("int", 4, "signed"),
  unsignedInt: base("unsigned int", 4, "unsigned"),
  long: base("long", 8, "signed"),
  unsignedLong: base("unsigned long", 8, "unsigned"),
  longLong: base("long long", 8, "signed"),
  unsignedLongLong: base("unsigned long long", 8, "unsigned"),
  int128: base("__int128", 16, "signed"),
  unsignedInt128: base("unsigned __int128", 16, "unsigned"),
  bool: base("_Bool", 1, "boolean"),
  float: base("float", 4, "float"),
  double: base("double", 8, "float"),
  longDouble: base("long double", 16, "float"),
} as const;

/** The type of `$al`: a byte that is a number and no character (gdb's int8_t). */
export const REGISTER_BYTE: BaseType = base("int8_t", 1, "signed");

const FLAG_REGISTERS = new WeakMap<Type, readonly (readonly [string, number])[]>();

/** A register of flags, as gdb types $eflags: [name, bit] in the order in which set bits are listed. */
export function registerFlags(
  name: string,
  size: number,
  bits: readonly (readonly [string, number])[],
): Type {
  const underlying = size === 4 ? BUILTIN.unsignedInt : BUILTIN.unsignedLong;
  const type: Type = { kind: "enum", name, size, underlying, values: () => [] };
  FLAG_REGISTERS.set(type, bits);
  return type;
}

/** The bits of a register of flags; undefined for every other type. */
export const flagsOf = (type: Type): readonly (readonly [string, number])[] | undefined =>
  FLAG_REGISTERS.get(type);

export const VOID: Type = { kind: "void" };

export const pointerTo = (target: Type): Type => ({ kind: "pointer", size: 8, target: () => target });

export const arrayOf = (element: Type, count: number): ArrayType => ({
  kind: "array",
  element,
  counts: [count],
  size: sizeOf(element) * count,
});

/** `void (*)()`: what gdb gives $rip. */
export const CODE_POINTER = pointerTo({
  kind: "function",
  returns: () => VOID,
  parameters: () => [],
  prototyped: false,
  variadic: false,
});

/** The type below typedefs and qualifiers. */
export function resolve(type: Type): Exclude<Type, { kind: "typedef" | "qualified" }> {
  let current = type;
  while (current.kind === "typedef" || current.kind === "qualified") current = current.target();
  return current;
}

/** The type below qualifiers only: its name is the name that the user wrote. */
export function unqualified(type: Type): Type {
  let current = type;
  while (current.kind === "qualified") current = current.target();
  return current;
}

/** Size in bytes; 0 where C gives none. As in GNU C, void and functions count 1. */
export function sizeOf(type: Type): number {
  const resolved = resolve(type);
  return resolved.kind === "void" || resolved.kind === "function" ? 1 : resolved.size;
}

export type Integral = Extract<Type, { kind: "base" | "enum" }>;

export const isFloat = (type: Type): boolean => {
  const resolved = resolve(type);
  return resolved.kind === "base" && resolved.encoding === "float";
};

/** Integers, characters, booleans and enums: whatever C promotes to an integer. */
export function isIntegral(type: Type): boolean {
  const resolved = resolve(type);
  if (resolved.kind === "enum") return true;
  return resolved.kind === "base" && resolved.encoding !== "float" && resolved.encoding !== "complex";
}

export const isScalar = (type: Type): boolean => {
  const { kind } = resolve(type);
  return kind === "base" || kind === "pointer" || kind === "enum";
};

export const isAggregate = (type: Type): boolean => {
  const { kind } = resolve(type);
  return kind === "struct" || kind === "union" || kind === "array";
};

/** True where arithmetic treats the type's bytes as two's complement. */
export function isSigned(type: Type): boolean {
  const resolved = resolve(type);
  if (resolved.kind === "enum") return resolved.values().some(({ value }) => value < 0n);
  if (resolved.kind !== "base") return false;
  return resolved.encoding === "signed" || resolved.encoding === "signed-char";
}

/** True for what C has as text: integers of one byte (gdb's c_textual_element_type), but not _Bool. */
export function isTextual(type: Type): boolean {
  const resolved = resolve(type);
  if (resolved.kind !== "base" || resolved.size !== 1 || resolved === REGISTER_BYTE) return false;
  return resolved.encoding !== "boolean" && resolved.encoding !== "float";
}

/** One array dimension peeled: `int [2][3]` gives element `int [3]` and count 2. Count is undefined for `[]`. */
export function peelArray(type: ArrayType): { element: Type; count: number | undefined } {
  const [count, ...rest] = type.counts;
  if (rest.length === 0) return { element: type.element, count };
  const inner = rest.reduce<number>((product, each) => product * (each ?? 0), 1) * sizeOf(type.element);
  return { element: { kind: "array", element: type.element, counts: rest, size: inner }, count };
}

/** The type's name as gdb's `whatis` prints it: `struct timecounter *`, `u_int (*)(struct timecounter *)`. */
export function typeName(type: Type): string {
  const { before, after } = declarator(type, false, false);
  const name = baseName(innermost(type));
  return before === "" && after === "" ? name : `${name} ${before}${after}`;
}

/** A declaration of `name` with the type: `u_int (*tc_get_timecount)(struct timecounter *)`. */
export function declaration(type: Type, name: string): string {
  const { before, after } = declarator(type, false, true);
  const space = /\w$/.test(before) ? " " : "";
  return `${baseName(innermost(type))} ${before}${space}${name}${after}`;
}

/** What a declarator hangs on: below pointers, arrays and functions. */
function innermost(type: Type): Type {
  const below = unqualified(type);
  if (below.kind === "pointer") return innermost(below.target());
  if (below.kind === "array") return innermost(below.element);
  if (below.kind === "function") return innermost(below.returns());
  return type;
}

/** gdb's spelling of what compilers call "long unsigned int". */
function canonicalName(name: string): string {
  const words = name.split(" ");
  if (!words.some((word) => ["long", "short", "unsigned", "__int128"].includes(word))) return name;
  const size = words.filter((word) => ["long", "short", "char", "double", "__int128"].includes(word));
  const known = size.length + words.filter((word) => ["int", "signed", "unsigned"].includes(word)).length;
  if (known !== words.length) return name;
  const kind = size.length > 0 ? size : ["int"];
  return [...(words.includes("unsigned") ? ["unsigned"] : []), ...kind].join(" ");
}

const QUALIFIER_ORDER = ["const", "volatile", "restrict", "atomic"] as const;

/** Peels qualifiers; they come in gdb's order, whatever the debug info's. */
function qualifiersOf(type: Type): { words: string[]; below: Type } {
  const found = new Set<string>();
  let below = type;
  while (below.kind === "qualified") {
    found.add(below.qualifier);
    below = below.target();
  }
  const words = QUALIFIER_ORDER.filter((each) => found.has(each));
  return { words: words.map((word) => (word === "atomic" ? "_Atomic" : word)), below };
}

function baseName(type: Type): string {
  const { words, below } = qualifiersOf(type);
  return [...words, plainName(below)].join(" ");
}

function plainName(type: Type): string {
  switch (type.kind) {
    case "void":
      return "void";
    case "struct":
    case "union":
    case "enum":
      return `${type.kind} ${type.name === "" ? "{...}" : type.name}`;
    case "base":
      return canonicalName(type.name);
    case "typedef":
      return type.name;
    default:
      return "?";
  }
}

/**
 * The two halves of a declarator around the name, as gdb's c_type_print_varspec_prefix and _suffix make them.
 * `spaced` asks for a space behind trailing qualifiers: a name or another `*` follows.
 */
function declarator(type: Type, afterPointer: boolean, spaced: boolean): { before: string; after: string } {
  const { words, below } = qualifiersOf(type);
  if (below.kind === "pointer") {
    const { before, after } = declarator(below.target(), true, true);
    const text = [`${before}*`, ...words].join(" ");
    return { before: words.length > 0 && spaced ? `${text} ` : text, after };
  }
  if (below.kind !== "array" && below.kind !== "function") return { before: "", after: "" };
  const inner = below.kind === "array" ? below.element : below.returns();
  const { before, after } = declarator(inner, false, below.kind === "array" && spaced);
  const suffix = below.kind === "array" ? dimensions(below) : `(${parameterNames(below)})`;
  return afterPointer
    ? { before: `${before}(`, after: `)${suffix}${after}` }
    : { before, after: `${suffix}${after}` };
}

const dimensions = ({ counts, vector }: ArrayType): string =>
  vector
    ? ` __attribute__ ((vector_size(${counts[0] ?? 0})))`
    : counts.map((count) => `[${count ?? ""}]`).join("");

function parameterNames(type: Extract<Type, { kind: "function" }>): string {
  const names = type.parameters().map(typeName);
  if (type.variadic) names.push("...");
  if (names.length === 0) return type.prototyped ? "void" : "";
  return names.join(", ");
}

/** A type as gdb's `ptype` writes it: typedefs resolved down to what it is made of, a struct, union or enum written out, one member a line. */
export function typeDefinition(type: Type): string {
  const plain = withoutTypedefs(type);
  const { before, after } = declarator(plain, false, false);
  const { words, below } = qualifiersOf(baseOf(plain));
  const head = [...words, definitionOf(below)].join(" ");
  return `${head}${before || (after.startsWith("[") || after.startsWith("(")) ? " " : ""}${before}${after}`;
}

function definitionOf(type: Type): string {
  if (type.kind === "struct" || type.kind === "union") {
    const head = type.name === "" ? type.kind : `${type.kind} ${type.name}`;
    if (type.declaration) return `${head} {\n    <incomplete type>\n}`;
    return `${head} {\n${memberLines(type, "    ")}}`;
  }
  const flags = flagsOf(type);
  if (flags && type.kind === "enum")
    return `flag ${type.name} {\n${flags.map(([name, bit]) => `    bool ${name && `${name} `}@${bit};\n`).join("")}}`;
  if (type.kind === "enum")
    return `${type.name === "" ? "enum" : `enum ${type.name}`} {${enumerators(type)}}`;
  return plainName(type);
}

/** The type without the typedefs of its pointers, elements and return values. */
function withoutTypedefs(type: Type, depth = 0): Type {
  if (depth > MAX_DECLARATOR) return type;
  const inner = (target: Type) => withoutTypedefs(target, depth + 1);
  switch (type.kind) {
    case "typedef":
      return inner(type.target());
    case "qualified":
      return { ...type, target: () => inner(type.target()) };
    case "pointer":
      return { ...type, target: () => inner(type.target()) };
    case "array":
      return { ...type, element: inner(type.element), size: type.size };
    case "function":
      return { ...type, returns: () => inner(type.returns()) };
    default:
      return type;
  }
}

/** Declarators nested deeper than this are damage. */
const MAX_DECLARATOR = 64;

/** What a declarator's pointers, arrays and functions are made of. */
function baseOf(type: Type): Type {
  const { below } = qualifiersOf(type);
  if (below.kind === "pointer") return baseOf(below.target());
  if (below.kind === "array") return baseOf(below.element);
  return below.kind === "function" ? baseOf(below.returns()) : type;
}

/** A struct without a name is written out within one that has one, and abbreviated within another such. */
function memberLines(type: StructType, indent: string, nested = false): string {
  return type
    .members()
    .map(({ name, type: member, bits }) => {
      const width = bits ? ` : ${bits.size}` : "";
      const anonymous = resolve(member);
      const inline =
        unqualified(member).kind !== "typedef" &&
        (anonymous.kind === "struct" || anonymous.kind === "union") &&
        anonymous.name === "";
      if (!inline) return `${indent}${declaration(member, name)}${width};\n`;
      if (nested) return `${indent}${anonymous.kind} {...}${name && ` ${name}`};\n`;
      return `${indent}${anonymous.kind} {\n${memberLines(anonymous, `${indent}    `, true)}${indent}}${name && ` ${name}`};\n`;
    })
    .join("");
}

function enumerators(type: EnumType): string {
  let expected = 0n;
  return type
    .values()
    .map(({ name, value }) => {
      const text = value === expected ? name : `${name} = ${value}`;
      expected = value + 1n;
      return text;
    })
    .join(", ");
}
