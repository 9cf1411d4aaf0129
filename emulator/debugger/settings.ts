// gdb's settings that the console knows: `set print entry-values no`, `show print entry-values`. Must not know what they change.

import { EvaluationError } from "./values.ts";

/** Which values a frame's arguments are shown with: those now, those at the function's entry, or both (gdb, "Print Settings"). */
export const ENTRY_VALUES = ["no", "only", "preferred", "if-needed", "both", "compact", "default"] as const;
export type EntryValues = (typeof ENTRY_VALUES)[number];

export interface Settings {
  entryValues: EntryValues;
}

export const newSettings = (): Settings => ({ entryValues: "default" });

/** `print entry-values WORD` after `set`. False where the text names no setting. Throws EvaluationError for a word that is none of its values. */
export function changeSetting(text: string, settings: Settings): boolean {
  const [, word] = /^pr(?:int)?\s+entry-values(?:\s+(\S+))?$/.exec(text) ?? [];
  if (word === undefined) return false;
  const value = ENTRY_VALUES.find((each) => each === word);
  if (!value) throw new EvaluationError(`Undefined item: "${word}". Known: ${ENTRY_VALUES.join(", ")}.`);
  settings.entryValues = value;
  return true;
}

/** What `show` says of a setting. */
export function showSetting(text: string, settings: Settings): string {
  if (/^pr(?:int)?\s+entry-values$/.test(text))
    return `Printing of function arguments at function entry is "${settings.entryValues}".`;
  throw new EvaluationError(`Undefined show command: "${text}". Known: print entry-values.`);
}
