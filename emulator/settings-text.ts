// Options and settings that are texts with a form of their own: "root device:=ld0a", "50M". Shared by command line and adapter.

import type { ScriptedInput } from "./debugger/machine-target.ts";
import { UserError } from "./errors.ts";
import { MAX_CONSOLE_TEXT } from "./machine/console-tap.ts";

/** Reads "WHEN=TEXT": when the console has printed WHEN, TEXT and Enter are typed. Throws UserError. */
export function parseInput(text: string): ScriptedInput {
  const equals = text.indexOf("=");
  const after = text.slice(0, equals);
  if (equals < 1 || after.length > MAX_CONSOLE_TEXT)
    throw new UserError(
      `Input "${text.slice(0, 80)}" is not WHEN=TEXT, as in "root device:=ld0a": what the console prints, then what to type.`,
    );
  return { after, text: text.slice(equals + 1) };
}

const MULTIPLIERS: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

/** A whole number above 0 with k, M or G behind it. Throws UserError. */
export function count(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)([kmg]?)$/i.exec(text);
  const number = match ? Number(match[1]) * MULTIPLIERS[match[2]!.toLowerCase()]! : Number.NaN;
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new UserError(`${option} takes a whole number above 0, not "${text}".`);
}
