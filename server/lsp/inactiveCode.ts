// Semantic tokens for code that the chosen configuration leaves out: whole lines, so that editors dim them. The graph knows lines as they
// are on disk; what was typed since moves them.
import { SemanticTokensBuilder, SemanticTokensRefreshRequest } from "vscode-languageserver/node";
import type { InactiveRange } from "../graph/api.ts";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";
import { lineMove } from "./moved.ts";
import { readDocument, readSource } from "./texts.ts";

export const semanticTokensLegend = { tokenTypes: ["inactive"], tokenModifiers: [] };

export function registerInactiveCode(context: Context, canRefresh: boolean): void {
  context.connection.languages.semanticTokens.on(({ textDocument: { uri } }) => {
    const builder = new SemanticTokensBuilder();
    const text = readDocument(context.documents, uri);
    if (text !== undefined)
      for (const { line, length } of inactiveLines(context, uri, text)) builder.push(line, 0, length, 0, 0);
    return builder.build();
  });
  if (!canRefresh) return;
  context.graphs().onDidChange(() => {
    void context.connection.sendRequest(SemanticTokensRefreshRequest.type).catch(() => {});
  });
}

function inactiveLines(context: Context, uri: string, text: string): { line: number; length: number }[] {
  const path = pathOf(uri);
  const at = path === undefined ? undefined : context.kernels().inTree(path);
  const found = at && context.graphs().current();
  if (path === undefined || !at || found?.tree.root !== at.tree.root) return [];
  const ranges = found.graph.inactive(at.file) ?? [];
  const lines = text.split(/\r?\n/);
  const disk = ranges.length === 0 ? undefined : readSource(path)?.split(/\r?\n/);
  if (!disk) return [];
  return moved(ranges, disk, lines).flatMap(({ first, last }) =>
    lines
      .slice(first - 1, last)
      .flatMap((content, i) => (content === "" ? [] : [{ line: first - 1 + i, length: content.length }])),
  );
}

/** Ranges of the disk's lines in the editor's; a range that was changed inside keeps its borders. */
export function moved(
  ranges: readonly InactiveRange[],
  disk: readonly string[],
  lines: readonly string[],
): InactiveRange[] {
  const move = lineMove(disk, lines);
  return ranges.flatMap(({ first, last }) => {
    const from = move.exact(first);
    const to = move.exact(last);
    return from === undefined || to === undefined || to < from ? [] : [{ first: from, last: to }];
  });
}
