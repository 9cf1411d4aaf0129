// Documents of the editor that differ from the disk: the indexes answer under their texts, and lines that others know from the disk (the
// call graph's) are found again in them.
import { readFileSync } from "node:fs";
import type { TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { isSource } from "../lang/source.ts";
import type { KernelIndex } from "../query/api.ts";
import { overlaid } from "../query/overlay.ts";
import { pathOf } from "./convert.ts";
import { type LineMove, lineMove } from "./moved.ts";

export interface Unsaved {
  /** The index under the documents of its tree that have been changed. */
  over(index: KernelIndex): KernelIndex;
  /** The texts that count instead of the disk's, by file of the index's tree. */
  texts(index: KernelIndex): ReadonlyMap<string, Uint8Array>;
  /** Where a line of the disk's text (from 1) stands now: the nearest one that is left of it. */
  line(absolutePath: string, line: number): number;
}

/** What is known of one version of a document. */
interface Seen {
  readonly version: number;
  /** Its text, where that is not the disk's. */
  readonly text?: Uint8Array;
  readonly move?: LineMove;
}

export function openUnsaved(documents: TextDocuments<TextDocument>): Unsaved {
  const seen = new WeakMap<TextDocument, Seen>();
  const made = new WeakMap<KernelIndex, { key: string; under: KernelIndex }>();

  const look = (document: TextDocument, file: string): Seen => {
    const known = seen.get(document);
    if (known?.version === document.version) return known;
    const now = compare(document, file);
    seen.set(document, now);
    return now;
  };
  /** The changed documents of a tree. A document that is saved stays one until its next version: its text is the disk's then. */
  const changed = (index: KernelIndex) =>
    documents.all().flatMap((document) => {
      const absolute = pathOf(document.uri);
      if (absolute === undefined || !isSource(absolute)) return [];
      const file = index.relative(absolute);
      const text = file === undefined ? undefined : look(document, absolute).text;
      return file === undefined || text === undefined ? [] : [{ file, text, version: document.version }];
    });
  const texts = (index: KernelIndex) => new Map(changed(index).map(({ file, text }) => [file, text]));

  return {
    texts,
    over: (index) => {
      const key = changed(index)
        .map(({ file, version }) => `${file} ${version}`)
        .join("\n");
      if (key === "") return index;
      const known = made.get(index);
      if (known?.key === key) return known.under;
      const under = overlaid(index, texts(index));
      made.set(index, { key, under });
      return under;
    },
    line: (absolutePath, line) => {
      const document = documents.all().find(({ uri }) => pathOf(uri) === absolutePath);
      return (document && look(document, absolutePath).move?.nearest(line)) ?? line;
    },
  };
}

function compare(document: TextDocument, absolutePath: string): Seen {
  const { version } = document;
  const text = Buffer.from(document.getText());
  let disk: Buffer;
  try {
    disk = readFileSync(absolutePath);
  } catch {
    return { version, text };
  }
  if (disk.equals(text)) return { version };
  return { version, text, move: lineMove(linesOf(disk.toString()), linesOf(document.getText())) };
}

const linesOf = (text: string): string[] => text.split(/\r?\n/);
