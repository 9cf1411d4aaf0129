// How gdb writes a type in C: `struct timecounter *`, `void (*)(struct intrframe *)`, `const char [12]`. Must not know DWARF.

import type { Type } from "./api.ts";

/** Deeper nesting is a cycle in damaged debug info. */
const MAX_DEPTH = 64;

/** The type's name, as gdb's `whatis` prints it. */
export function typeName(type: Type): string {
  return declare(type, "");
}

/** A declaration of `name`, as gdb's `ptype` prints a member: `int (*handler)(void *)`. */
export function declare(type: Type, name: string): string {
  const { prefix, suffix } = parts(type, 0);
  const space = name !== "" && !prefix.endsWith("*") && !prefix.endsWith("(") ? " " : "";
  return `${prefix}${space}${name}${suffix}`;
}

interface Parts {
  /** What stands left of the name. */
  readonly prefix: string;
  /** What stands right of it: parameters and dimensions. */
  readonly suffix: string;
}

function parts(type: Type, depth: number): Parts {
  if (depth > MAX_DEPTH) return { prefix: "...", suffix: "" };
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
      return qualifiedParts(type, depth);
    case "pointer":
      return pointerParts(type, depth);
    case "array":
      return arrayParts(type, depth);
    case "function":
      return functionParts(type, depth);
  }
}

/** A qualifier stands before the type's name, or after the `*` of the pointer that it qualifies. */
function qualifiedParts(type: Extract<Type, { kind: "qualified" }>, depth: number): Parts {
  const word = type.qualifier === "atomic" ? "_Atomic" : type.qualifier;
  const inner = parts(type.target(), depth + 1);
  if (isPointer(type.target(), 0)) return { prefix: `${inner.prefix} ${word}`, suffix: inner.suffix };
  return { prefix: `${word} ${inner.prefix}`, suffix: inner.suffix };
}

function isPointer(type: Type, depth: number): boolean {
  if (type.kind === "qualified" && depth < MAX_DEPTH) return isPointer(type.target(), depth + 1);
  return type.kind === "pointer";
}

function pointerParts(type: Extract<Type, { kind: "pointer" }>, depth: number): Parts {
  const target = type.target();
  const inner = parts(target, depth + 1);
  const wrapped = target.kind === "function" || target.kind === "array";
  if (wrapped) return { prefix: `${inner.prefix} (*`, suffix: `)${inner.suffix}` };
  return {
    prefix: inner.prefix.endsWith("*")
      ? `${inner.prefix}*`
      : inner.prefix.endsWith("(*")
        ? `${inner.prefix}*`
        : `${inner.prefix} *`,
    suffix: inner.suffix,
  };
}

function arrayParts(type: Extract<Type, { kind: "array" }>, depth: number): Parts {
  const inner = parts(type.element, depth + 1);
  const dimensions = type.counts.map((count) => `[${count ?? ""}]`).join("");
  return { prefix: inner.prefix, suffix: `${dimensions}${inner.suffix}` };
}

function functionParts(type: Extract<Type, { kind: "function" }>, depth: number): Parts {
  const inner = parts(type.returns(), depth + 1);
  return { prefix: inner.prefix, suffix: `(${parameterList(type, depth)})${inner.suffix}` };
}

function parameterList(type: Extract<Type, { kind: "function" }>, depth: number): string {
  const names = type.parameters().map((parameter) => {
    const { prefix, suffix } = parts(parameter, depth + 1);
    return `${prefix}${suffix && !prefix.endsWith("*") ? " " : ""}${suffix}`;
  });
  if (type.variadic) names.push("...");
  if (names.length === 0) return type.prototyped ? "void" : "";
  return names.join(", ");
}
