// The box in which one of cscope's questions is asked: the word is typed (that under the cursor is there already), the arrows pick the
// question, Enter asks. "c tc_init" goes straight to the callers, as in cscope.
import * as vscode from "vscode";
import type { QueryKind } from "../../server/protocol.ts";
import { kinds, type Query, typedQuery } from "./queryModel.ts";

const icons: Record<QueryKind, string> = {
  symbol: "symbol-field",
  definition: "symbol-function",
  callees: "call-outgoing",
  callers: "call-incoming",
  text: "whole-word",
  regex: "regex",
  file: "file-code",
  includers: "references",
  assignments: "edit",
};

interface Item extends vscode.QuickPickItem {
  readonly query?: QueryKind;
}

const caseButton = (on: boolean): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon(
    "case-sensitive",
    on ? undefined : new vscode.ThemeColor("disabledForeground"),
  ),
  tooltip: on ? "Text and patterns match case: click to ignore it" : "Case is ignored: click to match it",
});

/** Resolves to nothing when the box is left. `last`: the question that is asked on Enter at once. */
export function askQuery(last: QueryKind): Promise<Query | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  let matchCase = true;
  pick.title = "Clockpath: Query the Kernel's Sources";
  pick.placeholder = "A name, a text, a pattern or a file; c NAME for its callers, as in cscope";
  pick.value = wordAtCursor();
  pick.matchOnDescription = false;
  pick.buttons = [caseButton(matchCase)];
  const show = () => {
    const { kind } = typedQuery(pick.value);
    const wanted = kind ?? pick.activeItems[0]?.query ?? last;
    pick.items = itemsFor(kind);
    pick.activeItems = pick.items.filter(({ query }) => query === wanted);
  };
  show();
  return new Promise((resolve) => {
    pick.onDidChangeValue(show);
    pick.onDidTriggerButton(() => {
      matchCase = !matchCase;
      pick.buttons = [caseButton(matchCase)];
    });
    pick.onDidAccept(() => {
      const { text } = typedQuery(pick.value);
      const kind = pick.activeItems[0]?.query;
      if (kind === undefined || text.trim() === "") return;
      const isText = kind === "text" || kind === "regex";
      const asked = { kind, text: isText ? text : text.trim(), ...(matchCase ? {} : { ignoreCase: true }) };
      resolve({ ...asked, ...fromEditor() });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** All nine stay in the list and in cscope's order, whatever is typed: the labels hold nothing of it, which VS Code would sort by. */
function itemsFor(only: QueryKind | undefined): Item[] {
  return (Object.keys(kinds) as QueryKind[])
    .filter((kind) => only === undefined || kind === only)
    .map((query) => ({
      query,
      label: `$(${icons[query]}) ${kinds[query].label}`,
      description: `${kinds[query].letter} · ${kinds[query].about}`,
      alwaysShow: true,
    }));
}

function wordAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return "";
  const { document, selection } = editor;
  if (!selection.isEmpty && selection.isSingleLine) return document.getText(selection);
  const include = /^\s*#\s*include\s*["<]([^">]+)/.exec(document.lineAt(selection.active.line).text);
  if (include) return include[1]!;
  const range = document.getWordRangeAtPosition(selection.active, /[A-Za-z_]\w*/);
  return range ? document.getText(range) : "";
}

function fromEditor(): { from?: string } {
  const document = vscode.window.activeTextEditor?.document;
  return document?.uri.scheme === "file" ? { from: document.uri.toString() } : {};
}
