// How gdb writes a type in C: `struct timecounter *`, `void (*)(struct intrframe *)`, `const char [12]`. Must not know DWARF.

import type { Type } from "./api.ts";

/** A name that needs more parts than this comes of a cycle in damaged debug info. */
const MAX_PARTS = 500;

/** Counts the parts of one name. */
interface Budget {
  left: number;
}

/** The type's name, as gdb's `whatis` prints it. */
export function typeName(type: Type): string {
  const { prefix, suffix } = parts(type, { left: MAX_PARTS });
  return abstractName(prefix, suffix);
}

/** A declaration of `name`, as gdb's `ptype` prints a member: `int (*handler)(void *)`. */
export function declare(type: Type, name: string): string {
  if (name === "") return typeName(type);
  const { prefix, suffix } = parts(type, { left: MAX_PARTS });
  return `${prefix}${endsOpen(prefix) ? "" : " "}${name}${suffix}`;
}

/** `char [12]`, `char *[3]`, `void (*)(int)`. */
function abstractName(prefix: string, suffix: string): string {
  const close =
    suffix === "" || suffix.startsWith(")") || endsOpen(prefix) || /\*(?: [a-z_A]\w*)+$/.test(prefix);
  return `${prefix}${close ? "" : " "}${suffix}`;
}

function endsOpen(prefix: string): boolean {
  return prefix.endsWith("*") || prefix.endsWith("(");
}

interface Parts {
  /** What stands left of the name. */
  readonly prefix: string;
  /** What stands right of it: parameters and dimensions. */
  readonly suffix: string;
}

function parts(type: Type, budget: Budget): Parts {
  if (--budget.left < 0) return { prefix: "...", suffix: "" };
  switch (type.kind) {
    case "void":
      return { prefix: "void", suffix: "" };
    case "base":
    case "typedef":
      return { prefix: type.name, suffix: "" };
    case "struct":
    case "union":
      return { prefix: `${type.kind} ${type.name || "{...}"}`, suffix: "" };
    case "enum":
      return { prefix: `enum ${type.name || "{...}"}`, suffix: "" };
    case "qualified":
      return qualifiedParts(type, budget);
    case "pointer":
      return pointerParts(type, budget);
    case "array":
      return arrayParts(type, budget);
    case "function":
      return functionParts(type, budget);
  }
}

/** gdb's order, whatever the debug info's. */
const QUALIFIERS = ["const", "volatile", "restrict", "atomic"] as const;

/** Qualifiers stand before the type's name, or after the `*` of the pointer that they qualify. */
function qualifiedParts(type: Extract<Type, { kind: "qualified" }>, budget: Budget): Parts {
  const found = new Set<string>();
  let target: Type = type;
  for (let i = 0; i < MAX_PARTS && target.kind === "qualified"; i++) {
    found.add(target.qualifier);
    target = target.target();
  }
  const words = QUALIFIERS.filter((qualifier) => found.has(qualifier))
    .map((q) => (q === "atomic" ? "_Atomic" : q))
    .join(" ");
  const inner = parts(target, budget);
  return target.kind === "pointer"
    ? { prefix: `${inner.prefix} ${words}`, suffix: inner.suffix }
    : { prefix: `${words} ${inner.prefix}`, suffix: inner.suffix };
}

function pointerParts(type: Extract<Type, { kind: "pointer" }>, budget: Budget): Parts {
  const target = type.target();
  const inner = parts(target, budget);
  const wrapped = target.kind === "function" || target.kind === "array";
  const space = inner.prefix.endsWith("*") ? "" : " ";
  return wrapped
    ? { prefix: `${inner.prefix}${space}(*`, suffix: `)${inner.suffix}` }
    : { prefix: `${inner.prefix}${space}*`, suffix: inner.suffix };
}

function arrayParts(type: Extract<Type, { kind: "array" }>, budget: Budget): Parts {
  const inner = parts(type.element, budget);
  const dimensions = type.counts.map((count) => `[${count ?? ""}]`).join("");
  return { prefix: inner.prefix, suffix: `${dimensions}${inner.suffix}` };
}

function functionParts(type: Extract<Type, { kind: "function" }>, budget: Budget): Parts {
  const inner = parts(type.returns(), budget);
  return { prefix: inner.prefix, suffix: `(${parameterList(type, budget)})${inner.suffix}` };
}

function parameterList(type: Extract<Type, { kind: "function" }>, budget: Budget): string {
  const names = type.parameters().map((parameter) => {
    const { prefix, suffix } = parts(parameter, budget);
    return abstractName(prefix, suffix);
  });
  if (type.variadic) names.push("...");
  if (names.length === 0) return type.prototyped ? "void" : "";
  return names.join(", ");
}
