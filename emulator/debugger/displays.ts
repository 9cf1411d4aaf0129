// gdb's `display`: expressions that are shown at each stop, until `undisplay`.

import type { Debugger } from "./debugger.ts";
import { evaluate } from "./expressions/evaluator.ts";
import { formatErrors, formatValue } from "./format.ts";
import { type FormatLetter, isFormatLetter } from "./format-integer.ts";
import type { Frame } from "./frames.ts";
import { EvaluationError } from "./values.ts";

export interface Display {
  id: number;
  expression: string;
  letter: FormatLetter | undefined;
}

/** What `display`, `undisplay` and `info display` work on. */
export interface Displays {
  list: Display[];
  next: number;
}

/** More than anyone reads. */
const MAX_DISPLAYS = 100;

/** `display EXPR`, `display/x EXPR`, `display`. */
export function displayCommand(
  rest: string,
  format: string | undefined,
  displays: Displays,
  session: Debugger,
  frame: Frame | undefined,
): string {
  if (rest === "") return displaysText(displays, session, frame);
  if (format && !isFormatLetter(format)) throw new EvaluationError(`Undefined output format "${format}".`);
  if (displays.list.length >= MAX_DISPLAYS) throw new EvaluationError(`More than ${MAX_DISPLAYS} displays.`);
  // What cannot be evaluated now is refused now, as gdb does.
  evaluate(rest, session.context(frame));
  const display = {
    id: displays.next++,
    expression: rest,
    letter: format && isFormatLetter(format) ? format : undefined,
  };
  displays.list.push(display);
  return displayText(display, session, frame);
}

/** `undisplay`, `undisplay 1 2`. */
export function undisplay(rest: string, displays: Displays): string {
  const numbers = rest.split(/[\s,]+/).filter(Boolean);
  for (const number of numbers)
    if (!displays.list.some(({ id }) => id === Number(number)))
      throw new EvaluationError(`No display number ${number}.`);
  displays.list = numbers.length === 0 ? [] : displays.list.filter(({ id }) => !numbers.includes(String(id)));
  return "";
}

/** One line each: `1: tsc_freq = 0`. What has no value here says why. */
export const displaysText = ({ list }: Displays, session: Debugger, frame: Frame | undefined): string =>
  list.map((display) => displayText(display, session, frame)).join("\n");

function displayText(
  { id, expression, letter }: Display,
  session: Debugger,
  frame: Frame | undefined,
): string {
  const value = formatErrors(() => {
    try {
      return formatValue(evaluate(expression, session.context(frame)), session.around, letter);
    } catch (error) {
      if (error instanceof EvaluationError) return `<${error.message}>`;
      throw error;
    }
  });
  return `${id}: ${letter ? `/${letter} ` : ""}${expression} = ${value}`;
}

export function displayList({ list }: Displays): string {
  if (list.length === 0) return "There are no auto-display expressions now.";
  const rows = list.map(
    ({ id, expression, letter }) => `${id}:   y  ${letter ? `/${letter} ` : ""}${expression}`,
  );
  return ["Auto-display expressions now in effect:", "Num Enb Expression", ...rows].join("\n");
}
