// Code lens: how many functions call this one, above each function of a document. Only where the client's settings want it.
import { type CodeLens, CodeLensRefreshRequest, type Position } from "vscode-languageserver/node";
import { outline } from "../query/outline.ts";
import { headStart } from "../query/signature.ts";
import { type CallerCounts, countCallers } from "./callers.ts";
import { bytesOfLines } from "./columns.ts";
import { isConfig } from "./config/document.ts";
import type { Context } from "./context.ts";
import { pathOf, rangeAt, textRange } from "./convert.ts";
import { readDocument } from "./texts.ts";

/** The client's command: shows the callers of the function at a place. */
const showCallers = "clockpath.showCallers";

/** What a lens carries until it is resolved: the function, and where its name stands. */
interface LensData {
  readonly uri: string;
  readonly name: string;
  readonly at: Position;
}

export function registerCodeLens(context: Context): void {
  context.connection.onCodeLens(({ textDocument: { uri } }): CodeLens[] | null => {
    const text = isConfig(context, uri) ? undefined : readDocument(context.documents, uri);
    if (text === undefined) return null;
    const lines = text.split("\n");
    const bytes = bytesOfLines(text);
    return outline(Buffer.from(text), pathOf(uri))
      .filter(({ kind, declaration }) => kind === "function" && !declaration)
      .map((symbol) => {
        const data: LensData = { uri, name: symbol.name, at: textRange(bytes, symbol, symbol.name).start };
        // Above the return type, which stands on a line of its own in BSD's style.
        return { range: rangeAt(headStart(lines, symbol.line - 1) + 1, 0, ""), data };
      });
  });
  // Counted when the line is on the screen.
  context.connection.onCodeLensResolve((lens): CodeLens => {
    const { uri, name, at } = lens.data as LensData;
    const path = pathOf(uri);
    const index = path === undefined ? undefined : context.indexFor(path);
    const file = path === undefined ? undefined : index?.relative(path);
    const title =
      index && file !== undefined
        ? titleOf(countCallers(context, index, name, file))
        : "callers: no index yet";
    return { ...lens, command: { title, command: showCallers, arguments: [uri, at] } };
  });
}

/** The counts have changed: another index, a call graph that has been made. */
export function refreshCodeLens({ connection }: Context): void {
  void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
}

/** "5 callers (76 in the tree), 1 through pointers" */
function titleOf({ callers, callersInKernel = callers, throughPointers }: CallerCounts): string {
  const tree = callers > callersInKernel ? ` (${callers.toLocaleString("en")} in the tree)` : "";
  const pointers = throughPointers > 0 ? `, ${throughPointers.toLocaleString("en")} through pointers` : "";
  const noun = callersInKernel === 1 ? "caller" : "callers";
  return `${callersInKernel.toLocaleString("en")} ${noun}${tree}${pointers}`;
}
