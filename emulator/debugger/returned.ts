// What a function returns, once it has: gdb's "Value returned is". Where it is tells the System V ABI for amd64, 3.2.3: each eight bytes have a
// class, and each class its registers. Must not know frames' layout.

import type { Type } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import type { Frame } from "./frames.ts";
import { bytesOf } from "./numbers.ts";
import type { Target } from "./target.ts";
import { peelArray, resolve, sizeOf } from "./types.ts";
import { inMemory, temporary, type Value } from "./values.ts";

type Class = "none" | "integer" | "sse" | "x87" | "x87up" | "memory";
type Classes = [first: Class, second: Class];

/** Deeper nesting is damage. */
const MAX_DEPTH = 32;

/** The type that a frame's function returns; undefined of an inlined one, which returns nowhere. */
export function returnType(frame: Frame): Type | undefined {
  const type = frame.inlined ? undefined : frame.instance?.type?.();
  return type?.kind === "function" ? type.returns() : undefined;
}

/** The value, right after the return; undefined for void, and where the target does not tell the register. */
export function returnValue(type: Type, target: Target, memory: MemoryReader): Value | undefined {
  const size = sizeOf(type);
  if (resolve(type).kind === "void" || size === 0) return undefined;
  const classes = classify(type);
  // The caller made room for it; its address comes back in rax.
  if (classes[0] === "memory") return inMemory(type, target.readRegister("rax"), memory);
  const bytes = registerBytes(classes, size, target);
  // As gdb: under the type's own name, not a typedef's.
  return bytes && temporary(resolve(type), bytes.subarray(0, size));
}

/** Both eight bytes, each from the next register of its class. */
function registerBytes(classes: Classes, size: number, target: Target): Uint8Array | undefined {
  const integers = (["rax", "rdx"] as const)[Symbol.iterator]();
  const vectors = ["xmm0", "xmm1"][Symbol.iterator]();
  const bytes = new Uint8Array(16);
  for (const [index, each] of classes.entries()) {
    if (index * 8 >= size) break;
    if (each === "integer") bytes.set(bytesOf(target.readRegister(integers.next().value!), 8), index * 8);
    if (each === "sse" || each === "x87") {
      const content = target.vectors?.read(each === "x87" ? "st0" : vectors.next().value!);
      if (!content) return undefined;
      bytes.set(content.subarray(0, each === "x87" ? 10 : 8), index * 8);
    }
  }
  return bytes;
}

/** The classes of a value's eight bytes (ABI 3.2.3, "Classification"). */
export function classify(type: Type, depth = 0): Classes {
  const resolved = resolve(type);
  const size = sizeOf(resolved);
  switch (resolved.kind) {
    case "pointer":
    case "enum":
      return ["integer", "none"];
    case "base":
      return classifyBase(resolved.encoding, size);
    case "struct":
    case "union":
    case "array":
      return size > 16 || depth > MAX_DEPTH ? ["memory", "memory"] : classifyParts(resolved, depth);
    default:
      return ["none", "none"];
  }
}

function classifyBase(encoding: string, size: number): Classes {
  if (encoding === "float") return size > 8 ? ["x87", "x87up"] : ["sse", "none"];
  if (encoding === "complex") return size > 16 ? ["memory", "memory"] : ["sse", size > 8 ? "sse" : "none"];
  return ["integer", size > 8 ? "integer" : "none"];
}

/** A struct, union or array in eight bytes: each has the class that its fields' classes come to. */
function classifyParts(type: Type, depth: number): Classes {
  const classes: Classes = ["none", "none"];
  for (const { type: part, offset } of partsOf(type)) {
    const size = sizeOf(part);
    if (size > 0 && offset % alignmentOf(part) !== 0) return ["memory", "memory"];
    const inner = classify(part, depth + 1);
    const first = Math.min(offset >> 3, 1);
    classes[first] = merged(classes[first]!, inner[0]);
    if (inner[1] !== "none") classes[1] = merged(classes[1], inner[1]);
    // What does not begin with its eight bytes may end in the next.
    else if (first === 0 && offset + size > 8) classes[1] = merged(classes[1], inner[0]);
  }
  return classes.includes("memory") ? ["memory", "memory"] : classes;
}

function partsOf(type: Type): { type: Type; offset: number }[] {
  if (type.kind === "struct" || type.kind === "union")
    return type.members().map(({ type: member, offset, bits }) => ({
      type: member,
      // A bit-field counts where its storage unit lies.
      offset: bits ? offset - (offset % (sizeOf(member) || 1)) : offset,
    }));
  if (type.kind !== "array") return [];
  const { element, count } = peelArray(type);
  return Array.from({ length: count ?? 0 }, (_, index) => ({
    type: element,
    offset: index * sizeOf(element),
  }));
}

/** How a type is aligned where nothing else is said. */
function alignmentOf(type: Type): number {
  const resolved = resolve(type);
  if (resolved.kind === "array") return alignmentOf(peelArray(resolved).element);
  if (resolved.kind === "struct" || resolved.kind === "union")
    return Math.max(1, ...resolved.members().map(({ type: member }) => alignmentOf(member)));
  return Math.max(1, sizeOf(resolved));
}

function merged(left: Class, right: Class): Class {
  if (left === right || right === "none") return left;
  if (left === "none") return right;
  if (left === "memory" || right === "memory") return "memory";
  if (left === "integer" || right === "integer") return "integer";
  return [left, right].some((each) => each.startsWith("x87")) ? "memory" : "sse";
}
