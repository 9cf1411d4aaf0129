// Code lens: how many functions call this one, above each function of a document. Only where the client's settings want it.
import type { CodeLens } from "vscode-languageserver/node";
import { outline } from "../query/outline.ts";
import { bytesOfLines } from "./columns.ts";
import { isConfig } from "./config/document.ts";
import type { Context } from "./context.ts";
import { pathOf, textRange } from "./convert.ts";
import { readDocument } from "./texts.ts";

/** The client's command: shows the callers of the function at a place. */
const showCallers = "clockpath.showCallers";

export function registerCodeLens(context: Context): void {
  context.connection.onCodeLens(({ textDocument: { uri } }): CodeLens[] | null => {
    const text = isConfig(context, uri) ? undefined : readDocument(context.documents, uri);
    if (text === undefined) return null;
    const lines = bytesOfLines(text);
    return outline(Buffer.from(text), pathOf(uri))
      .filter(({ kind, declaration }) => kind === "function" && !declaration)
      .map((symbol) => ({ range: textRange(lines, symbol, symbol.name), data: { uri, name: symbol.name } }));
  });
  // Counted when the line is on the screen.
  context.connection.onCodeLensResolve((lens): CodeLens => {
    const { uri, name } = lens.data as { uri: string; name: string };
    const path = pathOf(uri);
    const index = path === undefined ? undefined : context.indexFor(path);
    const callers = new Set(index?.callers(name).map(({ file, caller }) => `${file}:${caller.name}`));
    const title = `${callers.size.toLocaleString("en")} caller${callers.size === 1 ? "" : "s"}`;
    return { ...lens, command: { title, command: showCallers, arguments: [uri, lens.range.start] } };
  });
}
