// Breakpoints on device registers, from the Clock Devices view. They are breakpoints by name ("watch lapic.timer_initial_count"),
// so that they stand in the Breakpoints view, with condition and hit count, and last from session to session.
import * as vscode from "vscode";

/** gdb's word for each kind of access. */
const words = {
  "clockpath.breakOnChange": "watch",
  "clockpath.breakOnAccess": "awatch",
  "clockpath.breakOnRead": "rwatch",
} as const;

/** "lapic/timer_initial_count", a row of the view, as the debugger names it: "lapic.timer_initial_count". */
const registerOf = (row: string): string => row.replace("/", ".");

/** The breakpoints that a row's register has. */
export function breaksAt(row: string): vscode.FunctionBreakpoint[] {
  const names = Object.values(words).map((word) => `${word} ${registerOf(row)}`);
  return vscode.debug.breakpoints.filter(
    (each): each is vscode.FunctionBreakpoint =>
      each instanceof vscode.FunctionBreakpoint && names.includes(each.functionName),
  );
}

export function registerBreaks(): vscode.Disposable[] {
  const set = Object.entries(words).map(([command, word]) =>
    vscode.commands.registerCommand(command, (row: string) => {
      const name = `${word} ${registerOf(row)}`;
      if (breaksAt(row).some(({ functionName }) => functionName === name)) return;
      vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(name)]);
    }),
  );
  const remove = vscode.commands.registerCommand("clockpath.removeRegisterBreak", (row: string) =>
    vscode.debug.removeBreakpoints(breaksAt(row)),
  );
  return [...set, remove];
}
