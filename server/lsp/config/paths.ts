// Files that a configuration text names, found in the tree: `include` and the sources of files*.
import path from "node:path";
import { type NameInText, namesIn } from "../../kernel/names.ts";
import { folderOf, joinPath } from "../../kernel/paths.ts";
import { isFile } from "../texts.ts";
import type { ConfigDocument } from "./document.ts";

export interface NamedFile {
  readonly name: NameInText;
  /** Relative to the tree. */
  readonly file: string;
}

/** The file that a name stands for, if it is there. */
export function fileNamed({ at, dialect }: ConfigDocument, name: NameInText): string | undefined {
  if (name.role !== "include" && name.role !== "file") return undefined;
  const { root, sys } = at.tree;
  const below = joinPath(sys, name.name.replace(/^\$S\//, ""));
  const beside = joinPath(folderOf(at.file), name.name);
  // NetBSD: below sys, "./x" beside (scan.l); FreeBSD: beside the configuration, else in sys/conf (lang.l).
  const candidates =
    dialect.system === "netbsd"
      ? [name.name.startsWith("./") ? beside : below, beside]
      : name.role === "file" || dialect.kind === "files"
        ? [below, beside]
        : [beside, joinPath(sys, "conf", name.name), below];
  return candidates.find((file) => isFile(path.join(root, ...file.split("/"))));
}

/** Every file that the text names and that is there. */
export function namedFiles(document: ConfigDocument): NamedFile[] {
  return namesIn(document.text, document.dialect).flatMap((name) => {
    const file = fileNamed(document, name);
    return file === undefined ? [] : [{ name, file }];
  });
}
