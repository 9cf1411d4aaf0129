// Document links: `#include` in C and assembly (found as the compiler would under the chosen configuration), included files and sources
// in configuration files.
import path from "node:path";
import type { DocumentLink } from "vscode-languageserver/node";
import { configDocument, isConfig, rangeOf } from "./config/document.ts";
import { namedFiles } from "./config/paths.ts";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";
import { type InTree, uriIn } from "./kernels.ts";
import { isFile, readDocument } from "./texts.ts";

export function registerDocumentLinks(context: Context): void {
  context.connection.onDocumentLinks(({ textDocument: { uri } }): DocumentLink[] | null => {
    if (isConfig(context, uri)) {
      const document = configDocument(context, uri);
      return document
        ? namedFiles(document).map(({ name, file }) => ({
            range: rangeOf(name),
            target: uriIn(document.at.tree, file),
          }))
        : null;
    }
    return includeLinks(context, uri);
  });
}

const includeLine = /^([ \t]*#[ \t]*include[ \t]*)(["<])([^">\n]+)[">]/;

function includeLinks(context: Context, uri: string): DocumentLink[] | null {
  const text = readDocument(context.documents, uri);
  const file = pathOf(uri);
  const at = file === undefined ? undefined : context.kernels().inTree(file);
  if (text === undefined || !at) return null;
  const find = includeFinder(context, at);
  return text.split(/\r?\n/).flatMap((content, line) => {
    const match = includeLine.exec(content);
    const target = match && find(match[3]!, match[2] === '"');
    if (!match || typeof target !== "string") return [];
    const start = match[1]!.length + 1;
    const range = { start: { line, character: start }, end: { line, character: start + match[3]!.length } };
    return [{ range, target }];
  });
}

/** Finds what an `#include` in a file names; the search path is the chosen configuration's, or the tree's usual one. */
export function includeFinder(
  context: Context,
  at: InTree,
): (name: string, quoted: boolean) => string | undefined {
  const { tree, file } = at;
  const chosen = context.kernels().chosen();
  const kernel = chosen?.tree.root === tree.root ? chosen.configuration : undefined;
  const sys = tree.sys === "" ? "" : `${tree.sys}/`;
  const machine = kernel?.machine ?? "amd64";
  const fallback = tree.os === "netbsd" ? [`${sys}../common/include`, sys] : [sys];
  const folders = [...(kernel?.includePath ?? []), ...fallback];
  const links = new Map(kernel?.links.map(({ name, target }) => [name, target]));
  const there = (relative: string) =>
    isFile(path.join(tree.root, ...relative.split("/"))) ? uriIn(tree, relative) : undefined;
  return (name, quoted) => {
    const [first, ...rest] = name.split("/");
    const link = links.get(first!);
    const candidates = [
      ...(quoted ? [path.posix.join(path.posix.dirname(file), name)] : []),
      ...(link === undefined ? [] : [[link, ...rest].join("/")]),
      ...folders.map((folder) => path.posix.join(folder, name)),
      // <machine/x.h> without a configuration.
      ...(first === "machine"
        ? [`${sys}arch/${machine}/include/${rest.join("/")}`, `${sys}${machine}/include/${rest.join("/")}`]
        : [`${sys}arch/${first}/include/${rest.join("/")}`, `${sys}${first}/include/${rest.join("/")}`]),
    ];
    for (const candidate of candidates) {
      const found = there(candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
