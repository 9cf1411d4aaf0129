// What one text says by itself, in the words of api.ts: the definitions, occurrences, calls and includes of a file that is being edited.
import * as F from "../lang/facts.ts";
import { SourceScanner } from "../lang/source.ts";
import type { Call, Definition, Include, Reference, Scope } from "./api.ts";
import { referenceKindOf, symbolKindOf } from "./shards.ts";

/** Every list is in the order of the text. */
export interface TextFacts {
  /** By name. */
  readonly definitions: ReadonlyMap<string, readonly Definition[]>;
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  /** By callee. */
  readonly calls: ReadonlyMap<string, readonly Call[]>;
  readonly includes: readonly Include[];
  readonly scopes: readonly Scope[];
}

const source = new SourceScanner();

export function factsOf(text: Uint8Array, file: string): TextFacts {
  source.clear();
  source.scan(file, text);
  const { facts } = source;
  const scopes = scopesOf(source);
  const definitions = new Map<string, Definition[]>();
  const references = new Map<string, Reference[]>();
  const calls = new Map<string, Call[]>();
  const includes: Include[] = [];
  for (const i of inOrder(facts)) {
    const name = source.names.text(facts.names[i]!);
    const at = { file, line: facts.lines[i]!, column: facts.columns[i]! };
    const kind = referenceKindOf(facts.kinds[i]!);
    if (kind === "include") includes.push({ file, line: at.line, target: name });
    const definition = facts.definition[i]! - 1;
    if (definition >= 0) add(definitions, name, definitionOf(source, definition, { name, kind, ...at }));
    const scope = scopeAround(scopes, at.line, at.column, kind === "definition");
    const inside = scope === undefined ? {} : { scope };
    const member = (facts.kinds[i]! & F.MEMBER) !== 0;
    add(references, name, { name, kind, member, ...at, ...inside });
    if (kind === "call" && scope !== undefined)
      add(calls, name, { kind: member ? "member" : "direct", caller: scope, callee: name, ...at });
  }
  return { definitions, references, calls, includes, scopes };
}

/** The innermost scope around a place: of those that hold it the one that starts last. A definition's own name is not inside itself. */
export function scopeAround(
  scopes: readonly Scope[],
  line: number,
  column: number,
  isDefinition = false,
): Scope | undefined {
  let found: Scope | undefined;
  for (const scope of scopes) {
    const isBefore = scope.line < line || (scope.line === line && scope.column <= column);
    if (isBefore && scope.endLine >= line) found = scope;
  }
  return isDefinition && found?.line === line && found.column === column ? undefined : found;
}

function add<Item>(map: Map<string, Item[]>, name: string, item: Item): void {
  const known = map.get(name);
  if (known) known.push(item);
  else map.set(name, [item]);
}

/** The scanner finds some things late (the name of a function after its parameters): the text's order. */
function inOrder({ count, lines, columns }: F.FactBuffer): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  return order.sort((a, b) => lines[a]! - lines[b]! || columns[a]! - columns[b]!);
}

function scopesOf({ facts, names }: SourceScanner): Scope[] {
  return Array.from({ length: facts.scopeCount }, (_, i) => ({
    name: names.text(facts.scopeNames[i]!),
    kind: facts.scopeMacros[i] ? "macro" : "function",
    line: facts.scopeLines[i]!,
    column: facts.scopeColumns[i]!,
    endLine: facts.scopeEnds[i]!,
  }));
}

function definitionOf(
  { facts, names }: SourceScanner,
  definition: number,
  at: { name: string; kind: string; file: string; line: number; column: number },
): Definition {
  const { name, file, line, column } = at;
  const symbol = facts.definitionKinds[definition]!;
  const container = facts.definitionContainers[definition]!;
  return {
    name,
    kind: symbolKindOf(symbol),
    declaration: at.kind === "declaration",
    local: (symbol & F.LOCAL) !== 0,
    file,
    line,
    column,
    endLine: facts.definitionEnds[definition]!,
    ...(container === 0 ? {} : { container: names.text(container) }),
  };
}
