// The bundled guest's launch configuration, and its first breakpoint for a user who has set none.
import * as vscode from "vscode";
import { debugType } from "./sessions.ts";

export function guestConfiguration(): vscode.DebugConfiguration {
  return { type: debugType, request: "launch", name: "Boot the bundled guest" };
}

/** Without any breakpoint the guest would run through to its idle loop: stop where clocks are registered. */
export function stopAtFirstTimecounter(): void {
  if (vscode.debug.breakpoints.length > 0) return;
  vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint("tc_init")]);
}
