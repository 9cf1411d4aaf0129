// gdb's settings that the console knows: `set print entry-values no`, `set breakpoint pending off`, and `show`. Must not know what they change.

import { EvaluationError } from "./values.ts";

/** Which values a frame's arguments are shown with: those now, those at the function's entry, or both (gdb, "Print Settings"). */
export const ENTRY_VALUES = ["no", "only", "preferred", "if-needed", "both", "compact", "default"] as const;
export type EntryValues = (typeof ENTRY_VALUES)[number];

/** What becomes of `break` where there is no code yet. gdb's "auto" asks; a console that cannot ask keeps the breakpoint. */
export const BREAKPOINT_PENDING = ["on", "off", "auto"] as const;
export type BreakpointPending = (typeof BREAKPOINT_PENDING)[number];

export interface Settings {
  entryValues: EntryValues;
  breakpointPending: BreakpointPending;
}

export const newSettings = (): Settings => ({ entryValues: "default", breakpointPending: "auto" });

interface Setting {
  pattern: RegExp;
  values: readonly string[];
  set(settings: Settings, word: string): void;
  show(settings: Settings): string;
}

/** One line a setting; the words are checked before they are set. */
const SETTINGS: readonly Setting[] = [
  {
    pattern: /^pr(?:int)?\s+entry-values(?:\s+(\S+))?$/,
    values: ENTRY_VALUES,
    set: (settings, word) => {
      settings.entryValues = word as EntryValues;
    },
    show: ({ entryValues }) => `Printing of function arguments at function entry is "${entryValues}".`,
  },
  {
    pattern: /^b(?:reak(?:point)?)?\s+pending(?:\s+(\S+))?$/,
    values: BREAKPOINT_PENDING,
    set: (settings, word) => {
      settings.breakpointPending = word as BreakpointPending;
    },
    show: ({ breakpointPending }) =>
      `Debugger's behavior regarding pending breakpoints is ${breakpointPending}.`,
  },
];

/** The text after `set`. False where it names no setting. Throws EvaluationError for a word that is none of its values. */
export function changeSetting(text: string, settings: Settings): boolean {
  for (const { pattern, values, set } of SETTINGS) {
    const [, word] = pattern.exec(text) ?? [];
    if (word === undefined) continue;
    if (!values.includes(word))
      throw new EvaluationError(`Undefined item: "${word}". Known: ${values.join(", ")}.`);
    set(settings, word);
    return true;
  }
  return false;
}

/** What `show` says of a setting. */
export function showSetting(text: string, settings: Settings): string {
  const found = SETTINGS.find(({ pattern }) => pattern.test(text));
  if (found) return found.show(settings);
  throw new EvaluationError(
    `Undefined show command: "${text}". Known: print entry-values, breakpoint pending, values, convenience.`,
  );
}
