// Facts of a source text as lines of text, for tests that read as text in, text out.
import * as F from "../../server/lang/facts.ts";
import { SourceScanner } from "../../server/lang/source.ts";

const symbols = "function macro struct union enum enumerator typedef variable member".split(" ");
const kinds = ["use", "call", "write", "address", "definition", "declaration", "include", "?"];

export function scan(text: string | Uint8Array, file = "test.c"): SourceScanner {
  const source = new SourceScanner();
  source.scan(file, typeof text === "string" ? Buffer.from(text) : text);
  return source;
}

/** `kind name first-last [in container] [local]`, one line per definition; declarations with `declare` before them. */
export function definitions(text: string | Uint8Array, file?: string): string[] {
  const { facts, names } = scan(text, file);
  const lines: string[] = [];
  for (let i = 0; i < facts.count; i++) {
    const d = facts.definition[i]! - 1;
    if (d < 0) continue;
    const symbol = facts.definitionKinds[d]!;
    const container = facts.definitionContainers[d]!;
    const declare = facts.kinds[i] === F.DECLARATION ? "declare " : "";
    const first = facts.lines[i]!;
    const last = facts.definitionEnds[d]!;
    const extent = first === last ? `${first}` : `${first}-${last}`;
    const inside = container === 0 ? "" : ` in ${names.text(container)}`;
    const local = symbol & F.LOCAL ? " static" : "";
    lines.push(
      `${declare}${symbols[symbol & F.SYMBOL_KIND]} ${names.text(facts.names[i]!)} ${extent}${inside}${local}`,
    );
  }
  return lines;
}

/** `line: kind name [in scope]` of every occurrence that is no definition; `only` keeps some kinds. */
export function references(text: string | Uint8Array, only?: readonly string[], file?: string): string[] {
  const { facts, names } = scan(text, file);
  const lines: string[] = [];
  for (let i = 0; i < facts.count; i++) {
    if (facts.definition[i] !== 0) continue;
    const kind = kinds[facts.kinds[i]! & F.BASE_KIND]!;
    if (only !== undefined && !only.includes(kind)) continue;
    const member = facts.kinds[i]! & F.MEMBER ? " member" : "";
    const scope = scopeOf(facts, i);
    const inside = scope < 0 ? "" : ` in ${names.text(facts.scopeNames[scope]!)}`;
    lines.push(`${facts.lines[i]}: ${kind}${member} ${names.text(facts.names[i]!)}${inside}`);
  }
  return lines;
}

export const calls = (text: string, file?: string): string[] => references(text, ["call"], file);

/** The scope that starts last of those around an occurrence. */
function scopeOf(facts: F.FactBuffer, i: number): number {
  const line = facts.lines[i]!;
  for (let scope = facts.scopeCount - 1; scope >= 0; scope--) {
    const start = facts.scopeLines[scope]!;
    const after = start < line || (start === line && facts.scopeColumns[scope]! <= facts.columns[i]!);
    if (after && facts.scopeEnds[scope]! >= line) return scope;
  }
  return -1;
}
