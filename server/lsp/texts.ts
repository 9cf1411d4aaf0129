// The text of a document: as the editor has it, else as it is on disk. The file system's only reader in this folder.
import { readFileSync, statSync } from "node:fs";
import type { TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { pathOf } from "./convert.ts";

/** No kernel source is larger; what is, is not read for a hover. */
const maxBytes = 16 << 20;

/** Undefined for a document that is neither open nor a readable file. */
export function readDocument(documents: TextDocuments<TextDocument>, uri: string): string | undefined {
  const open = documents.get(uri);
  if (open) return open.getText();
  const path = pathOf(uri);
  return path === undefined ? undefined : readSource(path);
}

export function readSource(path: string): string | undefined {
  try {
    return statSync(path).size <= maxBytes ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
