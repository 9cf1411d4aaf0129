// Breakpoints on device registers, from the Clock Devices view. They are breakpoints by name ("watch lapic.timer_initial_count"),
// so that they stand in the Breakpoints view, with condition and hit count, and last from session to session.
import * as vscode from "vscode";

/** gdb's words: what is written and changes it, what touches it, what reads it. */
const words = ["watch", "awatch", "rwatch"] as const;

/** "lapic/timer_initial_count", a row of the view, as the debugger names it: "lapic.timer_initial_count". */
const registerOf = (row: string): string => row.replace("/", ".");

/** The breakpoints that a row's register has. */
export function breaksAt(row: string): vscode.FunctionBreakpoint[] {
  const names = words.map((word) => `${word} ${registerOf(row)}`);
  return vscode.debug.breakpoints.filter(
    (each): each is vscode.FunctionBreakpoint =>
      each instanceof vscode.FunctionBreakpoint && names.includes(each.functionName),
  );
}

export function registerBreaks(): vscode.Disposable[] {
  const { registerCommand } = vscode.commands;
  return [
    registerCommand("clockpath.breakOnChange", (row: string) => add("watch", row)),
    registerCommand("clockpath.breakOnAccess", (row: string) => add("awatch", row)),
    registerCommand("clockpath.breakOnRead", (row: string) => add("rwatch", row)),
    registerCommand("clockpath.removeRegisterBreak", (row: string) =>
      vscode.debug.removeBreakpoints(breaksAt(row)),
    ),
  ];
}

/** Once for each kind of access. */
function add(word: (typeof words)[number], row: string): void {
  const name = `${word} ${registerOf(row)}`;
  if (breaksAt(row).some(({ functionName }) => functionName === name)) return;
  vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(name)]);
}
