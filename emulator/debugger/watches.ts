// Data breakpoints: what a user's words name (a variable, a field, a range, a device register, an MSR, a port), and what is
// told of a hit, in gdb's words. Must not know DAP or run control.

import { registerOfConstant } from "../../knowledge/constants.ts";
import type { Type } from "../symbols/api.ts";
import { makeInteger, scalarOf } from "./expressions/convert.ts";
import { type Context, evaluate } from "./expressions/evaluator.ts";
import { formatErrors, formatInner, type Surroundings } from "./format.ts";
import type { Frame } from "./frames.ts";
import { hex } from "./numbers.ts";
import type { WatchHit, WatchPlace, Watchpoint } from "./target.ts";
import { BUILTIN, sizeOf } from "./types.ts";
import { EvaluationError, temporary } from "./values.ts";

/** A frame whose end is a watchpoint's end: it is gone when the stack pointer is at its canonical frame address or above. */
export interface WatchScope {
  returnAddress: bigint;
  cfa: bigint;
}

export interface Watch {
  kind: "watch";
  /** As the user wrote it. */
  expression: string;
  access: Watchpoint["access"];
  place: WatchPlace;
  /** How the bytes are shown; undefined: as a number. */
  type: Type | undefined;
  scope: WatchScope | undefined;
  /** The place is meant, whatever the expression names later (gdb's `watch -location`). */
  fixed?: true;
}

/** A watch before it is known what for. */
export type ResolvedWatch = Omit<Watch, "access">;

const number = (source: string, context: Context): bigint =>
  scalarOf(evaluate(source, context), "A number is needed here.");

const DEVICE = /^(lapic|i8254|pit|tsc)\.(\w+)$/;

/** `lapic.timer_initial_count`, or by a kernel's constant: `lapic.icr_timer` is LAPIC_ICR_TIMER. */
function deviceRegister(device: string, register: string): WatchPlace {
  const constant = registerOfConstant(`${device}_${register}`.toUpperCase());
  if (constant && !constant.field)
    return { kind: "register", device: constant.device, register: constant.register };
  return { kind: "register", device: device === "pit" ? "i8254" : device, register };
}

/**
 * Reads what is to be watched: a C lvalue, `lapic.timer_initial_count`, a constant like LAPIC_ICR_TIMER, `msr 0x1b`,
 * `port 0x70-0x71`, `phys 0xfee00380,4`. Throws EvaluationError. `frame` is where locals live; their watch ends with it.
 */
export function watchPlace(
  source: string,
  context: Context,
): { place: WatchPlace; type: Type | undefined; local: boolean } {
  const text = source.trim();
  const special = specialPlace(text, context);
  if (special) return { place: special, type: undefined, local: false };
  const value = evaluate(text, context);
  if (value.missing) throw new EvaluationError(`Cannot watch ${text}: ${value.missing}.`);
  if (value.place.kind === "register")
    throw new EvaluationError(
      `${text} is in register ${value.place.register} here: only memory can be watched.`,
    );
  if (value.place.kind === "none") throw new EvaluationError("Cannot watch constant value.");
  const length = sizeOf(value.type);
  if (length === 0) throw new EvaluationError(`${text} has no size.`);
  return {
    place: { kind: "linear", address: value.place.address, length },
    type: value.type,
    local: namesLocal(text, context),
  };
}

/** True when a name in the expression is a variable of the frame. */
const namesLocal = (text: string, context: Context): boolean =>
  (text.match(/[A-Za-z_]\w*/g) ?? []).some((name) => context.local(name)?.place.kind === "memory");

function specialPlace(text: string, context: Context): WatchPlace | undefined {
  const device = DEVICE.exec(text);
  if (device && !context.local(device[1]!) && !context.symbols.globalNamed(device[1]!))
    return deviceRegister(device[1]!, device[2]!);
  const constant = /^\w+$/.test(text) ? registerOfConstant(text) : undefined;
  if (constant && !constant.field && !context.symbols.globalNamed(text))
    return { kind: "register", device: constant.device, register: constant.register };
  const [, kind, rest = ""] = /^(msr|port|phys(?:ical)?)(?:\s+|:\s*)(.+)$/.exec(text) ?? [];
  switch (kind) {
    case "msr":
      return { kind: "msr", index: Number(BigInt.asUintN(32, number(rest, context))) };
    case "port": {
      const [first = "", last = first] = rest.split("-");
      return { kind: "port", first: Number(number(first, context)), last: Number(number(last, context)) };
    }
    case "phys":
    case "physical": {
      const [address = "", length = "4"] = rest.split(",");
      return { kind: "physical", address: number(address, context), length: Number(number(length, context)) };
    }
    default:
      return undefined;
  }
}

/** The frame whose end ends a watch on its variables; undefined for the outermost. */
export function scopeOf(
  frame: Frame | undefined,
  caller: { pc: bigint; stack: bigint | undefined } | undefined,
): WatchScope | undefined {
  if (!frame || !caller || caller.stack === undefined) return undefined;
  return { returnAddress: caller.pc, cfa: caller.stack };
}

const TITLES = {
  change: "Hardware watchpoint",
  write: "Hardware watchpoint",
  read: "Hardware read watchpoint",
  access: "Hardware access (read/write) watchpoint",
} as const;

/** gdb's `Hardware watchpoint 2: x2apic_mode`. */
export const watchTitle = (id: number, { access, expression }: Watch): string =>
  `${TITLES[access]} ${id}: ${expression}`;

/** What a hit is told with, in gdb's lines. */
export function watchText(id: number, watch: Watch, hit: WatchHit, around: Surroundings): string {
  const show = (bytes: Uint8Array | undefined) => valueText(watch, bytes, around);
  const head = `${watchTitle(id, watch)}\n\n`;
  if (hit.access === "read") return `${head}Value = ${show(hit.value)}`;
  return `${head}Old value = ${show(hit.old)}\nNew value = ${show(hit.value)}`;
}

function valueText({ type, place }: Watch, bytes: Uint8Array | undefined, around: Surroundings): string {
  if (!bytes) return "<unreadable>";
  if (type) return formatErrors(() => formatInner(temporary(type, bytes), around));
  if (place.kind === "physical" && bytes.length > 8)
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return hex(value);
}

/** A hit as values for conditions: `$_address`, `$_size`. */
export const hitVariables = (hit: WatchHit): Record<string, ReturnType<typeof makeInteger>> => ({
  _address: makeInteger(BUILTIN.unsignedLong, hit.address),
  _size: makeInteger(BUILTIN.int, BigInt(hit.size)),
});

/** gdb's word on a watch whose variable is gone. */
export const leftBlock = (id: number): string =>
  `Watchpoint ${id} deleted because the program has left the block in\nwhich its expression is valid.`;
