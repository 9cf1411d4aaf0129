// The open shards of one generation; the numbers of the stored form become the words of api.ts here.

import type { Posting, ShardReader, StoredScope } from "../index/shard-reader.ts";
import * as F from "../lang/facts.ts";
import type { Definition, Reference, ReferenceKind, Scope, SymbolKind } from "./api.ts";
import type { Hit } from "./hits.ts";

export interface OpenShard {
  readonly reader: ShardReader;
  readonly dead: ReadonlySet<number>;
}

const symbolKinds: readonly SymbolKind[] = [
  "function",
  "macro",
  "struct",
  "union",
  "enum",
  "enumerator",
  "typedef",
  "variable",
  "member",
];
const referenceKinds: readonly ReferenceKind[] = [
  "use",
  "call",
  "write",
  "address",
  "definition",
  "declaration",
  "include",
  "use",
];

export const symbolKindOf = (symbol: number): SymbolKind => symbolKinds[symbol & F.SYMBOL_KIND] ?? "variable";
export const referenceKindOf = (kind: number): ReferenceKind => referenceKinds[kind & F.BASE_KIND]!;

export const isDefinition = (kind: number): boolean => kind === F.DEFINITION || kind === F.DECLARATION;

export function toDefinition(name: string, { posting, shard, path: file }: Hit): Definition {
  return {
    name,
    kind: symbolKindOf(posting.symbol),
    declaration: posting.kind === F.DECLARATION,
    local: (posting.symbol & F.LOCAL) !== 0,
    file,
    line: posting.line,
    column: posting.column,
    endLine: posting.end,
    ...(posting.container === 0 ? {} : { container: shard.reader.nameText(posting.container) }),
  };
}

export function toReference(name: string, { posting, shard, path: file }: Hit): Reference {
  const scope = scopeOf(posting, shard);
  return {
    name,
    kind: referenceKindOf(posting.kind),
    member: (posting.kind & F.MEMBER) !== 0,
    file,
    line: posting.line,
    column: posting.column,
    ...(scope === undefined ? {} : { scope }),
  };
}

/** The function or macro around an occurrence; a definition's own name is not inside itself. */
export function scopeOf(posting: Posting, shard: OpenShard): Scope | undefined {
  const stored = shard.reader.scopeAt(posting.file, posting.line, posting.column);
  if (stored === undefined) return undefined;
  if (posting.kind === F.DEFINITION && stored.line === posting.line && stored.column === posting.column)
    return undefined;
  return toScope(stored, shard);
}

export function toScope(stored: StoredScope, { reader }: OpenShard): Scope {
  return {
    name: reader.nameText(stored.name),
    kind: stored.macro ? "macro" : "function",
    line: stored.line,
    column: stored.column,
    endLine: stored.end,
  };
}
