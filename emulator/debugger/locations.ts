// Breakpoint locations as people write them (gdb's linespecs): `tc_init`, `kern_tc.c:713`, `kern_tc.c:tc_init`, `pvclock.c:*`, `713`, `+2`,
// `*0xffffffff80365f20`, `*tc_init+4`.

import type { Where } from "./breakpoints.ts";
import { EvaluationError } from "./values.ts";

/** What a location may lean on: the line that is looked at, and the values of expressions. */
export interface Here {
  file?: string | undefined;
  line?: number | undefined;
  /** Throws EvaluationError. */
  address?(expression: string): bigint;
}

/** Reads a location: what is no line and no address is a function's name. Throws EvaluationError for a line without a file. */
export function parseLocation(text: string, here: Here = {}): Where {
  const trimmed = text.trim();
  const address = /^\*?\s*(0[xX][0-9a-fA-F]+)$/.exec(trimmed) ?? /^\*\s*(\d+)$/.exec(trimmed);
  if (address) return { kind: "address", address: BigInt.asUintN(64, BigInt(address[1]!)) };
  if (trimmed.startsWith("*") && here.address)
    return { kind: "address", address: here.address(trimmed.slice(1)) };
  const [, sign = "", digits] = /^([+-]?)(\d+)$/.exec(trimmed) ?? [];
  if (digits !== undefined) return lineHere(sign, Number(digits), here);
  const all = /^(.+):\*$/.exec(trimmed);
  if (all) return { kind: "file", file: all[1]! };
  const line = /^(.+):(\d+)$/.exec(trimmed);
  if (line) return { kind: "line", file: line[1]!, line: Number(line[2]) };
  const scoped = /^([^:]+):([A-Za-z_][\w.$]*)$/.exec(trimmed);
  if (scoped) return { kind: "function", file: scoped[1]!, name: scoped[2]! };
  return { kind: "function", name: trimmed };
}

function lineHere(sign: string, number: number, { file, line = 0 }: Here): Where {
  if (file === undefined)
    throw new EvaluationError("No default source file: write FILE:LINE, or stop where there is source.");
  const wanted = sign === "+" ? line + number : sign === "-" ? line - number : number;
  return { kind: "line", file, line: Math.max(1, wanted) };
}

/** A location as `info breakpoints` shows it for one that waits for code. */
export function locationText(where: Where): string {
  switch (where.kind) {
    case "function":
      return where.file ? `${where.file}:${where.name}` : where.name;
    case "line":
      return `${where.file}:${where.line}`;
    case "file":
      return `${where.file}:*`;
    case "address":
      return `*0x${where.address.toString(16)}`;
    case "watch":
      return where.expression;
  }
}
