// activate(): makes the context and lets each feature register itself.
import * as vscode from "vscode";
import { startClient } from "./client.ts";
import type { ClockpathContext } from "./context.ts";
import { registerAdapter } from "./debug/adapter.ts";
import { registerConfigurations } from "./debug/configurations.ts";
import { registerGuestConsole } from "./debug/guestConsole.ts";
import { registerMacros } from "./debug/macros.ts";
import { watchSessions } from "./debug/sessions.ts";
import { registerCallers } from "./features/callers.ts";
import { registerClockDevices } from "./features/clockDevices.ts";
import { registerClockPaths } from "./features/clockPaths.ts";
import { registerConfigurationFiles } from "./features/configurationFiles.ts";
import { registerEvaluatableExpressions } from "./features/evaluatableExpressions.ts";
import { registerGuest } from "./features/guest.ts";
import { registerIndexStatus } from "./features/indexStatus.ts";
import { registerKernelConfiguration } from "./features/kernelConfiguration.ts";
import { registerLiveValues } from "./features/liveValues.ts";
import { registerQueries } from "./features/queries.ts";
import { registerRegisterValues } from "./features/registerValues.ts";
import { registerTimecounters } from "./features/timecounters.ts";

export async function activate(extension: vscode.ExtensionContext): Promise<void> {
  const sessions = watchSessions(extension.subscriptions);
  const client = startClient(extension);
  const context: ClockpathContext = { extension, client, sessions };

  registerAdapter(context);
  registerConfigurations(context);
  registerGuestConsole(context);
  registerMacros(context);
  registerClockDevices(context);
  registerEvaluatableExpressions(context);
  registerRegisterValues(context);
  registerLiveValues(context);
  registerIndexStatus(context);
  registerConfigurationFiles(context);
  registerKernelConfiguration(context);
  registerTimecounters(context);
  registerClockPaths(context);
  registerQueries(context);
  registerCallers(context);
  registerGuest(context);
  await vscode.commands.executeCommand("setContext", "clockpath.active", true);
}
