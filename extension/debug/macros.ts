// Macros in the debugger's expressions: the adapter asks what a name stands for, the language server's index answers.
import * as vscode from "vscode";
import type { MacrosArguments, WantMacrosEvent } from "../../emulator/adapter/protocol.ts";
import type { ClockpathContext } from "../context.ts";
import { debugType } from "./sessions.ts";

export function registerMacros({ extension, client }: ClockpathContext): void {
  extension.subscriptions.push(
    vscode.debug.onDidReceiveDebugSessionCustomEvent(async ({ session, event, body }) => {
      if (session.type !== debugType || event !== "clockpath.wantMacros") return;
      const { id, names, file } = body as WantMacrosEvent;
      const found = await Promise.all(
        names.map(async (name) => {
          const macro = await client
            .request("clockpath/macro", file ? { name, file } : { name })
            .catch(() => null);
          return [name, macro] as const;
        }),
      );
      const answer: MacrosArguments = { id, macros: Object.fromEntries(found) };
      await session.customRequest("clockpath.macros", answer).then(undefined, () => {});
    }),
  );
}
