// Tells the debugger what to evaluate under the mouse: whole C expressions, and not the names of clock register constants,
// whose hover (meaning and live value) comes from elsewhere.
import * as vscode from "vscode";
import { kernelLanguages } from "../client.ts";
import type { ClockpathContext } from "../context.ts";
import { expressionAt } from "./expressionAt.ts";

export function registerEvaluatableExpressions({ extension, client }: ClockpathContext): void {
  extension.subscriptions.push(
    vscode.languages.registerEvaluatableExpressionProvider([...kernelLanguages], {
      async provideEvaluatableExpression(document, position) {
        const found = expressionAt(document.lineAt(position.line).text, position.character);
        if (!found) return undefined;
        if (
          looksLikeConstant(found.text) &&
          (await client.request("clockpath/clockRegister", { name: found.text }))
        )
          return undefined;
        const range = new vscode.Range(position.line, found.start, position.line, found.end);
        return new vscode.EvaluatableExpression(range, found.text);
      },
    }),
  );
}

/** As kernels write constants; saves asking the server about every variable. */
export function looksLikeConstant(text: string): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(text);
}
