// Document highlight: every occurrence of the identifier in the text as it is, told apart by reading and writing. Comments and strings
// are not looked into.
import { type DocumentHighlight, DocumentHighlightKind } from "vscode-languageserver/node";
import { occurrences } from "../query/occurrences.ts";
import { bytesOfLines } from "./columns.ts";
import { isConfig } from "./config/document.ts";
import { type Context, wordAtCursor } from "./context.ts";
import { pathOf, textRange } from "./convert.ts";
import { readDocument } from "./texts.ts";

export function registerHighlight(context: Context): void {
  context.connection.onDocumentHighlight((params): DocumentHighlight[] | null => {
    const { uri } = params.textDocument;
    const text = readDocument(context.documents, uri);
    const word = isConfig(context, uri) ? undefined : wordAtCursor(context, params);
    if (text === undefined || !word) return null;
    const { name, space } = word;
    const lines = bytesOfLines(text);
    return occurrences(Buffer.from(text), name, pathOf(uri))
      .filter(({ member, kind }) => kind === "definition" || member === (space === "member"))
      .map((at) => ({
        range: textRange(lines, at, name),
        kind:
          at.kind === "write" || at.kind === "definition"
            ? DocumentHighlightKind.Write
            : DocumentHighlightKind.Read,
      }));
  });
}
