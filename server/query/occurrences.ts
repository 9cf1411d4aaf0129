// The occurrences of one name in one text as it is now, each with how it is used: the scanner on an open document.
import * as F from "../lang/facts.ts";
import { SourceScanner } from "../lang/source.ts";
import type { ReferenceKind } from "./api.ts";
import { referenceKindOf } from "./shards.ts";

export interface Occurrence {
  readonly kind: ReferenceKind;
  /** It stands after `.` or `->`, or is a member's definition. */
  readonly member: boolean;
  /** From 1; the column in bytes. */
  readonly line: number;
  readonly column: number;
}

const source = new SourceScanner();

/** In order. `file` tells C from assembly. */
export function occurrences(text: Uint8Array, name: string, file = "text.c"): Occurrence[] {
  source.clear();
  source.scan(file, text);
  const { facts, names } = source;
  const found: Occurrence[] = [];
  for (let i = 0; i < facts.count; i++) {
    const kind = referenceKindOf(facts.kinds[i]!);
    if (kind === "include" || names.text(facts.names[i]!) !== name) continue;
    const member = (facts.kinds[i]! & F.MEMBER) !== 0;
    found.push({ kind, member, line: facts.lines[i]!, column: facts.columns[i]! });
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column);
}
