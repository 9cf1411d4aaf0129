// What every feature gets: the connection, the open documents, the trees, and how a request finds its index and its word.
import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Definition, KernelIndex, SymbolKind } from "../query/api.ts";
import { pathOf } from "./convert.ts";
import type { Graphs } from "./graphs.ts";
import type { Kernels } from "./kernels.ts";
import { readDocument } from "./texts.ts";
import type { Trees } from "./trees.ts";
import type { Unsaved } from "./unsaved.ts";
import { identifierAt, type NameSpace, type Word } from "./word.ts";

export interface Context {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  trees(): Trees;
  kernels(): Kernels;
  graphs(): Graphs;
  unsaved(): Unsaved;
  /** The index that covers an absolute path, under the texts of the editor. */
  indexFor(absolutePath: string): KernelIndex | undefined;
  /** Every index, under the texts of the editor. */
  indexes(): KernelIndex[];
  /** Calls the listener with absolute paths of files that have changed on disk. */
  onFilesChanged(listener: (paths: readonly string[]) => void): void;
  filesChanged(paths: readonly string[]): void;
}

/** Where a request's cursor is: the index of the document's tree and the identifier under the cursor. */
export interface Target {
  readonly index: KernelIndex;
  /** The document, relative to the tree. */
  readonly file: string;
  readonly word: Word;
}

/** A place in a document, as requests give it. */
export interface Cursor {
  textDocument: { uri: string };
  position: { line: number; character: number };
}

/** The identifier under the cursor, in a document of any kind. */
export function wordAtCursor(context: Context, cursor: Cursor): Word | undefined {
  const text = readDocument(context.documents, cursor.textDocument.uri);
  return text === undefined ? undefined : identifierAt(text, cursor.position);
}

/** Undefined where there is nothing to ask: no kernel tree around the document, no index yet, no identifier under the cursor. */
export function targetAt(context: Context, cursor: Cursor): Target | undefined {
  const path = pathOf(cursor.textDocument.uri);
  const index = path === undefined ? undefined : context.indexFor(path);
  const file = path === undefined ? undefined : index?.relative(path);
  const word = wordAtCursor(context, cursor);
  return index && file !== undefined && word ? { index, file, word } : undefined;
}

const spaces: Record<SymbolKind, NameSpace> = {
  function: "ordinary",
  macro: "ordinary",
  struct: "tag",
  union: "tag",
  enum: "tag",
  enumerator: "ordinary",
  typedef: "ordinary",
  variable: "ordinary",
  member: "member",
};

/** Definitions and declarations that the word can mean where it stands; all of that name where none fits (a macro may hide anything). */
export function meanings(target: Target, limit?: number): Definition[] {
  const options = limit === undefined ? { from: target.file } : { from: target.file, limit };
  const found = target.index.definitions(target.word.name, options);
  const fitting = found.filter(({ kind }) => kind === "macro" || spaces[kind] === target.word.space);
  return fitting.length > 0 ? fitting : found;
}
