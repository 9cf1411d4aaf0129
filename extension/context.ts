// What each feature's register() gets.
import type * as vscode from "vscode";
import type { Client } from "./client.ts";
import type { Sessions } from "./debug/sessions.ts";

export interface ClockpathContext {
  readonly extension: vscode.ExtensionContext;
  readonly client: Client;
  readonly sessions: Sessions;
}
