// The words in which users say what is to be typed for them: "root device:=ld0a". Shared by command line and adapter.

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
