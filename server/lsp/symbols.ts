// Workspace symbols (the whole tree, fuzzy) and document symbols (an open file as it is typed, a closed one as on disk).
import { outline } from "../query/outline.ts";
import { isConfig } from "./config/document.ts";
import type { Context } from "./context.ts";
import { toDocumentSymbol, toWorkspaceSymbol } from "./convert.ts";
import { readDocument } from "./texts.ts";

/** More than anyone reads; what is missing comes with the next letter typed. */
const workspaceSymbolLimit = 500;

export function registerSymbols(context: Context): void {
  context.connection.onWorkspaceSymbol(({ query }) => {
    if (query === "") return [];
    return context
      .trees()
      .indexes()
      .flatMap((index) =>
        index
          .symbols(query, { limit: workspaceSymbolLimit })
          .map((definition) => toWorkspaceSymbol(index, definition)),
      );
  });

  context.connection.onDocumentSymbol(({ textDocument }) => {
    if (isConfig(context, textDocument.uri)) return [];
    const text = readDocument(context.documents, textDocument.uri);
    return text === undefined ? [] : outline(Buffer.from(text)).map(toDocumentSymbol);
  });
}
