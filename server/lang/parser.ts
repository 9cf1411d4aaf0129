// The one place that chooses the C parser: tree-sitter's native module, or its wasm build with the grammar's own .wasm where
// the native one cannot load. Both give the same trees; the rest of the server sees only the interfaces below.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export interface Point {
  /** From 0. */
  readonly row: number;
  /** In characters from 0; the text is latin-1, so characters are bytes. */
  readonly column: number;
}

/** What native and wasm nodes have in common. */
export interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly startPosition: Point;
  readonly endPosition: Point;
  readonly hasError: boolean;
  readonly namedChildren: readonly SyntaxNode[];
  childForFieldName(name: string): SyntaxNode | null;
}

export interface CParser {
  readonly backend: "native" | "wasm";
  /** Parses a text and hands its root to `read`; the tree lives until that returns. Never fails: errors are nodes. */
  parse<Result>(text: string, read: (root: SyntaxNode) => Result): Result;
}

/** Longest piece of text that the native binding takes at once. */
const PIECE = 16_384;

/** Loads a parser; with `backend` that one or an error, else the best that loads. */
export async function loadParser(backend?: "native" | "wasm"): Promise<CParser> {
  if (backend === "wasm") return loadWasm();
  try {
    return loadNative();
  } catch (error) {
    if (backend === "native") throw error;
    return loadWasm();
  }
}

/** Loads packages that stay outside of the bundle: from beside it, or from the working folder's (tests). */
const load = createRequire(
  typeof __filename === "string" ? __filename : path.join(process.cwd(), "package.json"),
);

function loadNative(): CParser {
  const Parser = load("tree-sitter") as typeof import("tree-sitter");
  const parser = new Parser();
  parser.setLanguage(load("tree-sitter-c"));
  return {
    backend: "native",
    parse: (text, read) => {
      const tree = parser.parse((index: number) => text.slice(index, index + PIECE));
      return read(tree.rootNode as unknown as SyntaxNode);
    },
  };
}

async function loadWasm(): Promise<CParser> {
  const { Language, Parser } = load("web-tree-sitter") as typeof import("web-tree-sitter");
  await Parser.init();
  const language = await Language.load(grammarFile());
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    backend: "wasm",
    parse: (text, read) => {
      const tree = parser.parse(text);
      if (tree === null) throw new Error("the wasm parser gave no tree");
      try {
        return read(tree.rootNode as unknown as SyntaxNode);
      } finally {
        tree.delete();
      }
    },
  };
}

/** tree-sitter-c.wasm: beside the bundle, or in its package. */
function grammarFile(): string {
  const beside = typeof __dirname === "undefined" ? "" : path.join(__dirname, "tree-sitter-c.wasm");
  if (beside !== "" && existsSync(beside)) return beside;
  return path.join(path.dirname(load.resolve("tree-sitter-c/package.json")), "tree-sitter-c.wasm");
}
