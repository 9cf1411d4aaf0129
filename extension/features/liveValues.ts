// Hover over a variable while the guest runs: its value at that moment, read from memory without stopping. At a stop
// VS Code's own debug hover does this.
import * as vscode from "vscode";
import type { EvaluateLiveArguments, EvaluateLiveResponse } from "../../emulator/adapter/protocol.ts";
import { kernelLanguages } from "../client.ts";
import type { ClockpathContext } from "../context.ts";
import { looksLikeConstant } from "./evaluatableExpressions.ts";
import { expressionAt } from "./expressionAt.ts";

export function registerLiveValues({ extension, sessions }: ClockpathContext): void {
  extension.subscriptions.push(
    vscode.languages.registerHoverProvider([...kernelLanguages], {
      async provideHover(document, position) {
        const session = sessions.active();
        if (!session || !sessions.clocks()?.running) return undefined;
        const found = expressionAt(document.lineAt(position.line).text, position.character);
        if (!found || looksLikeConstant(found.text)) return undefined;
        const value = await evaluateLive(session, { expression: found.text });
        if (!value) return undefined;
        const range = new vscode.Range(position.line, found.start, position.line, found.end);
        const text = new vscode.MarkdownString().appendCodeblock(`${found.text} = ${value.result}`, "c");
        return new vscode.Hover(text, range);
      },
    }),
  );
}

/** Undefined where there is no such global: locals have no place without a frame. */
async function evaluateLive(
  session: vscode.DebugSession,
  request: EvaluateLiveArguments,
): Promise<EvaluateLiveResponse | undefined> {
  try {
    return await session.customRequest("clockpath.evaluateLive", request);
  } catch {
    return undefined;
  }
}
