// A boot as text for people: gdb's backtraces, one line a clock device, the guest's console behind a bar.

import type { Debugger } from "../debugger/debugger.ts";
import { formatFrame } from "../debugger/frames.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import type { ExitReport, Moment, Reporter, StopReport } from "./report.ts";

/** Escape sequences where the output is a terminal that wants them. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
}

export const PLAIN: Style = { bold: (text) => text, dim: (text) => text };
export const COLOURED: Style = {
  bold: (text) => `\u001b[1m${text}\u001b[0m`,
  dim: (text) => `\u001b[2m${text}\u001b[0m`,
};

/** Prints with `write`; console lines are never mixed with others. */
export function textReporter(session: Debugger, write: (text: string) => void, style: Style): Reporter {
  let column = 0;
  const endLine = () => {
    if (column > 0) write("\n");
    column = 0;
  };
  const print = (text: string) => {
    endLine();
    write(text);
  };
  /** Text without a line's end but at its own end, or one backspace: that takes back what was typed, within the line. */
  const printPiece = (piece: string) => {
    if (piece === "\b") {
      if (column === 0) return;
      write(piece);
      column = Math.max(1, column - 1);
      return;
    }
    if (column === 0) write(style.dim("│ "));
    const line = piece.replace("\n", "");
    if (line) write(style.dim(line));
    column += piece.length;
    if (piece.endsWith("\n")) endLine();
  };
  return {
    start: (lines) => print(`${lines.join("\n")}\n`),
    console(text) {
      // What could move the cursor or change the terminal is the guest's, not ours to pass on.
      const clean = text.replace(/\r/g, "").replace(/[^\b\n\t -~]/g, (c) => (c >= "\u00a0" ? c : ""));
      for (const piece of clean.split(/(?<=[\n\b])|(?=\b)/)) if (piece) printPiece(piece);
    },
    notice: (text) => print(style.dim(`! ${text}\n`)),
    stopped: (number, report) => print(stopText(number, report, session, style)),
    exited: (report) => print(exitText(report, style)),
  };
}

function stopText(number: number, report: StopReport, session: Debugger, style: Style): string {
  const { processor, message } = report;
  const where = processor && !message.startsWith(processor) ? [processor] : [];
  const head = [`Stop ${number}`, ...where, message, ...momentParts(report.moment)].join(" · ");
  const frames = report.frames.map((frame) => formatFrame(frame, session.symbols, session.around));
  return `\n${style.bold(head)}\n${frames.join("\n")}\n${deviceTable(report.devices)}\n`;
}

function momentParts(moment: Moment | undefined): string[] {
  if (!moment) return [];
  const { instructions, timeNs, tsc } = moment;
  return [`${grouped(instructions)} instructions`, formatTime(timeNs), `TSC ${grouped(tsc)}`];
}

/** 24712345 -> 24,712,345, whatever the user's locale. */
export const grouped = (value: number | bigint): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** Guest time in seconds to the nanosecond: 2.471234500 s. */
export function formatTime(ns: number): string {
  const whole = Math.floor(ns / 1e9);
  return `${whole}.${String(Math.floor(ns % 1e9)).padStart(9, "0")} s`;
}

function deviceTable(devices: readonly ClockDevice[]): string {
  const width = Math.max(...devices.map(({ label }) => label.length));
  return devices.map(({ label, summary }) => `    ${label.padEnd(width)}  ${summary}\n`).join("");
}

function exitText(report: ExitReport, style: Style): string {
  return `${style.bold([report.message, ...momentParts(report.moment)].join(" · "))}\n`;
}
