// A document of configuration language as its features see it: where it is, its dialect, the configuration to read it by, and the name
// under a cursor.
import type { KernelConfiguration } from "../../kernel/api.ts";
import { type Dialect, dialectOf, type NameInText, nameAt } from "../../kernel/names.ts";
import type { Context, Cursor } from "../context.ts";
import { pathOf } from "../convert.ts";
import type { InTree } from "../kernels.ts";
import { readDocument } from "../texts.ts";

/** The language's id, as the extension declares it. */
export const languageId = "bsd-kernel-config";

export interface ConfigDocument {
  readonly at: InTree;
  readonly dialect: Dialect;
  readonly text: string;
  /** Configures when it is asked for: a fifth of a second for a large kernel. */
  configuration(): KernelConfiguration | undefined;
}

/** Is this document one of configuration language? Then `configDocument` gives it. */
export function isConfig(context: Context, uri: string): boolean {
  return context.documents.get(uri)?.languageId === languageId;
}

/** Undefined outside of a kernel tree, and for a file that is none of config(1)'s or config(8)'s. */
export function configDocument(context: Context, uri: string): ConfigDocument | undefined {
  const path = pathOf(uri);
  const text = readDocument(context.documents, uri);
  const at = path === undefined ? undefined : context.kernels().inTree(path);
  if (!at || text === undefined || at.tree.os === "other") return undefined;
  const dialect = dialectOf(at.tree.os, at.file);
  if (!dialect) return undefined;
  const configuration = () => context.kernels().around(at, dialect.kind === "configuration");
  return { at, dialect, text, configuration };
}

/** The name under the cursor with its document. */
export function nameAtCursor(
  context: Context,
  { textDocument, position }: Cursor,
): (ConfigDocument & { name: NameInText }) | undefined {
  const document = configDocument(context, textDocument.uri);
  const name = document && nameAt(document.text, document.dialect, position);
  return document && name && { ...document, name };
}

export function rangeOf({ line, start, end }: Pick<NameInText, "line" | "start" | "end">) {
  return { start: { line, character: start }, end: { line, character: end } };
}
