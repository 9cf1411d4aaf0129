// Between the index's shapes and LSP's: the only file where the two meet. Index: lines and byte columns from 1, paths relative to
// the tree; LSP: lines and UTF-16 columns from 0, URIs (columns.ts has the arithmetic).
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type CallHierarchyItem,
  type DocumentSymbol,
  type Location,
  type Range,
  SymbolKind,
  type WorkspaceSymbol,
} from "vscode-languageserver";
import type * as api from "../query/api.ts";
import { characterOf, type LineBytes, utf16Column } from "./columns.ts";

const symbolKinds: Record<api.SymbolKind, SymbolKind> = {
  function: SymbolKind.Function,
  macro: SymbolKind.Constant,
  struct: SymbolKind.Struct,
  union: SymbolKind.Struct,
  enum: SymbolKind.Enum,
  enumerator: SymbolKind.EnumMember,
  typedef: SymbolKind.TypeParameter,
  variable: SymbolKind.Variable,
  member: SymbolKind.Field,
};

/** The path of a `file:` URI; undefined for documents that are no files (untitled, git's, an output channel). */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

const uris = new Map<string, string>();
const MAX_URIS = 50_000;

/** Remembered: ten thousand references stand in a few hundred files. */
export function uriOf(index: api.KernelIndex, file: string): string {
  const absolute = index.absolute(file);
  const known = uris.get(absolute);
  if (known !== undefined) return known;
  if (uris.size >= MAX_URIS) uris.clear();
  const uri = pathToFileURL(absolute).href;
  uris.set(absolute, uri);
  return uri;
}

interface Place {
  line: number;
  column: number;
}

/** The range of a name in a file of the tree. */
export function rangeOf(index: api.KernelIndex, at: Place & { file: string }, name: string): Range {
  return rangeAt(at.line, characterOf(index, at), name);
}

/** The range of a name in a text of which only the lines are at hand. */
export function textRange(lines: LineBytes, at: Place, name: string): Range {
  return rangeAt(at.line, utf16Column(lines(at.line), at.column), name);
}

/** From a line (from 1; 0: not known) and a character (from 0). */
export function rangeAt(line: number, character: number, name: string): Range {
  const first = Math.max(0, line - 1);
  return { start: { line: first, character }, end: { line: first, character: character + name.length } };
}

/** From the start of the name's line to the end of the last line of its body. */
function bodyRange(at: { line: number; endLine: number }): Range {
  const end = Math.max(at.endLine, at.line);
  return { start: { line: at.line - 1, character: 0 }, end: { line: end - 1, character: 1_000_000 } };
}

export function toLocation(
  index: api.KernelIndex,
  at: { file: string; line: number; column: number; name: string },
): Location {
  return { uri: uriOf(index, at.file), range: rangeOf(index, at, at.name) };
}

export function toWorkspaceSymbol(index: api.KernelIndex, found: api.Definition): WorkspaceSymbol {
  return {
    name: found.name,
    kind: symbolKinds[found.kind],
    // Shown behind the name: a kernel has many `struct foo` and `init`; the path tells them apart.
    containerName: found.container ? `${found.container} in ${found.file}` : found.file,
    location: toLocation(index, found),
  };
}

export function toDocumentSymbol(lines: LineBytes, symbol: api.DocumentSymbol): DocumentSymbol {
  const selectionRange = textRange(lines, symbol, symbol.name);
  return {
    name: symbol.name,
    detail: symbol.detail,
    kind: symbolKinds[symbol.kind],
    range: around(bodyRange(symbol), selectionRange),
    selectionRange,
    children: symbol.children.map((child) => toDocumentSymbol(lines, child)),
  };
}

/** The protocol wants the selection inside the range. */
function around(range: Range, inner: Range): Range {
  return range.start.line <= inner.start.line ? range : { start: inner.start, end: range.end };
}

/** What a call hierarchy item carries from one request to the next, so that nothing must be looked up again. */
export interface CallItemData {
  name: string;
  /** Relative to the tree. */
  file: string;
  root: string;
}

export function toCallItem(index: api.KernelIndex, item: api.Scope & { file: string }): CallHierarchyItem {
  const selectionRange = rangeOf(index, item, item.name);
  const data: CallItemData = { name: item.name, file: item.file, root: index.tree.root };
  return {
    name: item.name,
    kind: symbolKinds[item.kind],
    detail: item.file,
    uri: uriOf(index, item.file),
    range: around(bodyRange(item), selectionRange),
    selectionRange,
    data,
  };
}

/** A function that is called but defined nowhere in the tree (a compiler builtin, a macro of the compiler): shown at its call. */
export function toUndefinedCallItem(index: api.KernelIndex, call: api.Call): CallHierarchyItem {
  const at = rangeOf(index, call, call.callee);
  const data: CallItemData = { name: call.callee, file: call.file, root: index.tree.root };
  return {
    name: call.callee,
    kind: SymbolKind.Function,
    detail: "not defined in this tree",
    uri: uriOf(index, call.file),
    range: at,
    selectionRange: at,
    data,
  };
}
