// Folding of C sources and of configuration files (runs of comment lines).
import { type FoldingRange, FoldingRangeKind } from "vscode-languageserver/node";
import { type Fold, folds } from "../query/folds.ts";
import { isConfig } from "./config/document.ts";
import type { Context } from "./context.ts";
import { readDocument } from "./texts.ts";

const kinds: Record<Fold["kind"], FoldingRangeKind | undefined> = {
  body: undefined,
  conditional: FoldingRangeKind.Region,
  comment: FoldingRangeKind.Comment,
  includes: FoldingRangeKind.Imports,
};

export function registerFolding(context: Context): void {
  context.connection.onFoldingRanges(({ textDocument: { uri } }): FoldingRange[] | null => {
    const text = readDocument(context.documents, uri);
    if (text === undefined) return null;
    if (isConfig(context, uri)) return commentRuns(text);
    return folds(text).map(({ kind, first, last }) => ({
      startLine: first,
      endLine: last,
      ...(kinds[kind] === undefined ? {} : { kind: kinds[kind] }),
    }));
  });
}

function commentRuns(text: string): FoldingRange[] {
  const found: FoldingRange[] = [];
  let start: number | undefined;
  [...text.split("\n"), ""].forEach((content, line) => {
    const isComment = content.trimStart().startsWith("#");
    if (isComment) start ??= line;
    else if (start !== undefined) {
      if (line - 1 > start)
        found.push({ startLine: start, endLine: line - 1, kind: FoldingRangeKind.Comment });
      start = undefined;
    }
  });
  return found;
}
