// Exact facts of one open file from its syntax tree: where each declaration begins and ends, how it is declared. Regions
// where the tree has errors are named, so that the caller can keep what the lexer says there.
import { mask } from "./masking.ts";
import type { CParser, SyntaxNode } from "./parser.ts";

/** A place in a text: line from 1, column in bytes from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A declared name and the extent of what declares it. */
export interface Declared {
  readonly kind: "function" | "struct" | "union" | "enum" | "typedef" | "variable";
  readonly name: string;
  /** Where the name stands. */
  readonly at: Place;
  readonly start: Place;
  readonly end: Place;
  /** The type in front of the name, on one line. */
  readonly type: string;
  /** A function's parameters as written, on one line. */
  readonly parameters?: string;
}

export interface SyntaxFacts {
  readonly declared: readonly Declared[];
  /** First and last lines of the regions that could not be parsed. */
  readonly errors: readonly (readonly [number, number])[];
}

/** Parses kernel C (masked first) and reads its declarations, in order. */
export function syntaxFacts(parser: CParser, text: Uint8Array): SyntaxFacts {
  return parser.parse(mask(text), (root) => {
    const declared: Declared[] = [];
    const errors: [number, number][] = [];
    readDeclarations(root.namedChildren, declared, errors);
    return { declared, errors };
  });
}

function readDeclarations(
  nodes: readonly SyntaxNode[],
  declared: Declared[],
  errors: [number, number][],
): void {
  for (const node of nodes) {
    const inner = node.type === "linkage_specification" ? node.childForFieldName("body") : null;
    if (inner !== null) readDeclarations(inner.namedChildren, declared, errors);
    else if (node.hasError || node.type === "ERROR")
      errors.push([node.startPosition.row + 1, node.endPosition.row + 1]);
    else readDeclaration(node, declared);
  }
}

const declaringKinds: Record<string, Declared["kind"]> = {
  function_definition: "function",
  type_definition: "typedef",
  declaration: "variable",
};

const tagKinds: Record<string, Declared["kind"]> = {
  struct_specifier: "struct",
  union_specifier: "union",
  enum_specifier: "enum",
};

function readDeclaration(node: SyntaxNode, declared: Declared[]): void {
  const type = tagKinds[node.type] === undefined ? node.childForFieldName("type") : node;
  if (type !== null) readTag(type, declared);
  const kind = declaringKinds[node.type];
  if (kind === undefined) return;
  for (const child of node.namedChildren) {
    if (type !== null && child.startIndex === type.startIndex) continue;
    const declarator = child.type === "init_declarator" ? child.childForFieldName("declarator") : child;
    const found = declarator === null ? undefined : nameOf(declarator);
    if (found !== undefined) declared.push(describe(node, kind, found, type));
  }
}

/** A struct, union or enum with a body. */
function readTag(type: SyntaxNode, declared: Declared[]): void {
  const kind = tagKinds[type.type];
  const name = type.childForFieldName("name");
  if (kind === undefined || name === null || type.childForFieldName("body") === null) return;
  declared.push({ kind, name: name.text, at: start(name), start: start(type), end: end(type), type: kind });
}

interface FoundName {
  readonly name: SyntaxNode;
  readonly parameters: SyntaxNode | undefined;
}

const declarators = /^(function|pointer|array|parenthesized|attributed)_declarator$/;

/** The name inside a declarator, and the parameters that follow it directly. */
function nameOf(node: SyntaxNode): FoundName | undefined {
  if (node.type === "identifier" || node.type === "type_identifier")
    return { name: node, parameters: undefined };
  if (!declarators.test(node.type)) return undefined;
  const inner =
    node.childForFieldName("declarator") ?? node.namedChildren.find((child) => nameOf(child) !== undefined);
  const found = inner === undefined ? undefined : nameOf(inner);
  if (found === undefined || node.type !== "function_declarator" || found.name !== inner) {
    const isDirect = node.type === "function_declarator" && inner?.startIndex === found?.name.startIndex;
    if (!isDirect || found === undefined) return found;
  }
  return { name: found.name, parameters: node.childForFieldName("parameters") ?? undefined };
}

function describe(
  node: SyntaxNode,
  kind: Declared["kind"],
  found: FoundName,
  type: SyntaxNode | null,
): Declared {
  const { name, parameters } = found;
  const isPrototype = kind === "variable" && parameters !== undefined;
  const before =
    type === null ? "" : type.childForFieldName("body") === null ? type.text : type.type.split("_")[0]!;
  return {
    kind: isPrototype ? "function" : kind,
    name: name.text,
    at: start(name),
    start: start(node),
    end: end(node),
    type: oneLine(before),
    ...(parameters === undefined ? {} : { parameters: oneLine(parameters.text) }),
  };
}

const start = ({ startPosition: { row, column } }: SyntaxNode): Place => ({
  line: row + 1,
  column: column + 1,
});
const end = ({ endPosition: { row, column } }: SyntaxNode): Place => ({ line: row + 1, column: column + 1 });
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
