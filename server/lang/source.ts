// One source file -> facts: chooses the dialect by the file's name, lexes, scans. The one place that the index and the
// queries on single files share. Does no input.
import { assemblerCommentMark } from "./assembler-comments.ts";
import { AssemblyScanner } from "./assembly.ts";
import { FactBuffer } from "./facts.ts";
import { type Dialect, Lexer } from "./lexer.ts";
import { NameTable } from "./names.ts";
import { Scanner } from "./scanner.ts";

/** Files that the index holds: C, its headers, yacc and lex, assembly. */
const sourceName = /\.(c|h|S|s|y|l|m)$/;

export const isSource = (name: string): boolean => sourceName.test(name);

export const dialectOf = (path: string): Dialect => (/\.[sS]$/.test(path) ? "asm" : "c");

/** A lexer and scanners over one name table and fact buffer, used for many files. */
export class SourceScanner {
  readonly lexer = new Lexer();
  readonly names = new NameTable();
  readonly facts = new FactBuffer();
  readonly #c = new Scanner(this.lexer, this.names, this.facts);
  readonly #assembly = new AssemblyScanner(this.lexer, this.names, this.facts);

  /** Appends the facts of bytes[0, length); returns the number of lines. */
  scan(path: string, bytes: Uint8Array, length = bytes.length): number {
    const dialect = dialectOf(path);
    const commentMark = dialect === "asm" ? assemblerCommentMark(path) : "";
    this.lexer.lex(bytes, length, this.names, dialect, commentMark);
    this.facts.defines = true;
    if (dialect === "asm") this.#assembly.scan();
    else this.#c.scan(path.endsWith(".y") ? "yyparse" : path.endsWith(".l") ? "yylex" : "");
    return this.lexer.lineCount;
  }

  clear(): void {
    this.names.clear();
    this.facts.clear();
  }
}
