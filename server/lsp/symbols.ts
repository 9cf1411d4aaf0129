// Workspace symbols (the whole tree, fuzzy) and document symbols (an open file as it is typed, a closed one as on disk).
import type { WorkspaceSymbol } from "vscode-languageserver/node";
import { outline } from "../query/outline.ts";
import { bytesOfLines } from "./columns.ts";
import { isConfig } from "./config/document.ts";
import type { Context } from "./context.ts";
import { pathOf, toDocumentSymbol, toWorkspaceSymbol } from "./convert.ts";
import { inSteps } from "./requests.ts";
import { readDocument } from "./texts.ts";

/** More than anyone reads; what is missing comes with the next letter typed. */
const workspaceSymbolLimit = 200;

/**
 * Reads what a search needs before someone asks: the first one would take ten times as long as the next. Between its steps every
 * request that has come in is answered; it ends when `isWanted` says so.
 */
export async function prepareSymbols(context: Context, isWanted: () => boolean): Promise<void> {
  const release = context.trees().hold();
  try {
    for (const index of context.trees().indexes())
      for (const _ of index.symbolSteps("tcinit", { limit: workspaceSymbolLimit })) {
        await new Promise((resolve) => setImmediate(resolve));
        if (!isWanted()) return;
      }
  } finally {
    release();
  }
}

export function registerSymbols(context: Context): void {
  context.connection.onWorkspaceSymbol(async ({ query }, token) => {
    const found: WorkspaceSymbol[] = [];
    if (query === "") return found;
    for (const index of context.indexes()) {
      const steps = index.symbolSteps(query, { limit: workspaceSymbolLimit });
      const symbols = await inSteps(context.trees(), token, steps);
      found.push(...symbols.map((definition) => toWorkspaceSymbol(index, definition)));
    }
    return found;
  });

  context.connection.onDocumentSymbol(({ textDocument }) => {
    if (isConfig(context, textDocument.uri)) return [];
    const text = readDocument(context.documents, textDocument.uri);
    if (text === undefined) return [];
    const lines = bytesOfLines(text);
    return outline(Buffer.from(text), pathOf(textDocument.uri)).map((symbol) =>
      toDocumentSymbol(lines, symbol),
    );
  });
}
