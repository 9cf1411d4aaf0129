// What a function returns, once it has: gdb's "Value returned is". By the System V ABI for amd64, 3.2.3: integers and pointers
// are in rax. What comes back in other registers or in memory is not told.

import type { SymbolFile, Type } from "../symbols/api.ts";
import { bytesOf } from "./numbers.ts";
import { resolve, sizeOf } from "./types.ts";
import { temporary, type Value } from "./values.ts";

/** The type that the function at the pc returns; undefined where the visible function (behind `hidden` that begin here) is inlined. */
export function returnType(symbols: SymbolFile, pc: bigint, hidden: number): Type | undefined {
  const visible = symbols.functionsAt(pc)[hidden];
  if (!visible || visible.inlined) return undefined;
  const type = symbols.functionType?.(visible.name);
  return type?.kind === "function" ? type.returns() : undefined;
}

/** The value, of types that are returned in rax. */
export function returnValue(type: Type, rax: bigint): Value | undefined {
  const resolved = resolve(type);
  const inRax =
    resolved.kind === "pointer" ||
    resolved.kind === "enum" ||
    (resolved.kind === "base" && !/float|complex/.test(resolved.encoding));
  const size = sizeOf(type);
  return inRax && size <= 8 ? temporary(type, bytesOf(rax, size)) : undefined;
}
