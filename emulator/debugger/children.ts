// A value's parts, for views that open values bit by bit: members, elements, pointees. Made only when asked for.

import type { Type } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import { unsignedOf } from "./numbers.ts";
import { isTextual, peelArray, resolve } from "./types.ts";
import { elementOf, memberOf, pointee, type Value } from "./values.ts";

export interface Child {
  /** "tc_name", "[3]", "*tc". */
  name: string;
  value: Value;
  /** An expression for it, given one for the parent: "tc->tc_name". */
  expression(parent: string): string;
}

/** How many parts a value has: named ones (members, a pointee) and indexed ones (elements). */
export function childCounts(value: Value): { named: number; indexed: number } {
  const none = { named: 0, indexed: 0 };
  if (value.missing) return none;
  const type = resolve(value.type);
  switch (type.kind) {
    case "struct":
    case "union":
      return { named: type.members().length, indexed: 0 };
    case "array":
      return { named: 0, indexed: peelArray(type).count ?? 0 };
    case "pointer":
      return { named: pointsSomewhere(value, type.target()) ? 1 : 0, indexed: 0 };
    default:
      return none;
  }
}

/** Pointers to void, to functions and null have nothing to open; text is shown already. */
function pointsSomewhere(value: Value, target: Type): boolean {
  const below = resolve(target);
  if (below.kind === "void" || below.kind === "function" || isTextual(below)) return false;
  if ((below.kind === "struct" || below.kind === "union") && below.declaration) return false;
  try {
    return unsignedOf(value.bytes()) !== 0n;
  } catch {
    return false;
  }
}

/** The parts, elements from `start` on, at most `count` of them. A pointer to a struct opens as the struct. */
export function children(value: Value, memory: MemoryReader, start = 0, count?: number): Child[] {
  if (value.missing) return [];
  const type = resolve(value.type);
  if (type.kind === "struct" || type.kind === "union") return members(value, memory, ".");
  if (type.kind === "array") return elements(value, memory, start, count);
  if (type.kind !== "pointer" || !pointsSomewhere(value, type.target())) return [];
  const target = pointee(value, memory);
  const below = resolve(target.type);
  if (below.kind === "struct" || below.kind === "union") return members(target, memory, "->");
  return [{ name: "*", value: target, expression: (parent) => `*(${parent})` }];
}

function members(value: Value, memory: MemoryReader, access: "." | "->"): Child[] {
  const type = resolve(value.type);
  if (type.kind !== "struct" && type.kind !== "union") return [];
  return type.members().map((member) => ({
    name: member.name || `{${resolve(member.type).kind}}`,
    value: memberOf(value, member, memory),
    // C names the members of an anonymous struct as if they were the outer one's.
    expression: (parent) => (member.name === "" ? parent : `${postfix(parent)}${access}${member.name}`),
  }));
}

function elements(value: Value, memory: MemoryReader, start: number, count: number | undefined): Child[] {
  const type = resolve(value.type);
  if (type.kind !== "array") return [];
  const total = peelArray(type).count ?? 0;
  const end = Math.min(total, start + (count ?? total));
  return Array.from({ length: Math.max(0, end - start) }, (_, offset) => {
    const index = start + offset;
    return {
      name: `[${index}]`,
      value: elementOf(value, index, memory),
      expression: (parent) => `${postfix(parent)}[${index}]`,
    };
  });
}

/** Parentheses where a postfix operator would bind to a part only. */
const postfix = (expression: string): string =>
  /^[\w$]+(?:(?:\.|->)\w+|\[\d+\])*$/.test(expression) ? expression : `(${expression})`;
