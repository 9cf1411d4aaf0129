// What the index answers: the shapes of every query, shared by the command line and the language server. Plain data; knows no LSP.
//
// Conventions: `file` is relative to the tree's root with `/` between its parts; `line` counts from 1; `column` counts
// bytes from 1 (0 where it is not known). Lists come in a fixed order: two runs over equal trees give equal answers.

/** What a name is defined as. */
export type SymbolKind =
  | "function"
  | "macro"
  | "struct"
  | "union"
  | "enum"
  | "enumerator"
  | "typedef"
  | "variable"
  | "member";

/**
 * How a name is used where it stands. `write` is any assignment (`=`, `+=`, `++`, a designated initialiser), `address` an
 * address taken with `&`, `include` the target of an `#include`.
 */
export type ReferenceKind = "definition" | "declaration" | "call" | "write" | "address" | "include" | "use";

/** A definition or a declaration (prototype, `extern`) of a name. */
export interface Definition {
  readonly name: string;
  readonly kind: SymbolKind;
  /** A prototype, an `extern` or a forward `struct x;`: not the thing itself. */
  readonly declaration: boolean;
  /** File scope: `static`. */
  readonly local: boolean;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Last line of the body, initialiser or macro text. */
  readonly endLine: number;
  /** The struct, union or enum that holds a member or an enumerator. */
  readonly container?: string;
  /** Its file is compiled by the index's configuration; absent where there is none, and for headers. */
  readonly configured?: boolean;
}

/** One occurrence of a name. */
export interface Reference {
  readonly name: string;
  readonly kind: ReferenceKind;
  /** It stands after `.` or `->`. */
  readonly member: boolean;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function or macro whose text holds the occurrence; absent at file scope. */
  readonly scope?: Scope;
}

/** The function or macro around an occurrence. */
export interface Scope {
  readonly name: string;
  readonly kind: "function" | "macro";
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
}

/**
 * One call: `caller` calls `callee` at file:line:column. A call in a `#define` belongs to the macro. `member` is a call
 * through a structure's field (`tc->tc_get_timecount(tc)`): callee is the field's name.
 */
export interface Call {
  readonly kind: "direct" | "member";
  readonly caller: Scope;
  readonly callee: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A place in a text: line from 1, column in bytes from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One symbol of a document, members and enumerators below their container. */
export interface DocumentSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly declaration: boolean;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** What follows the name in a view: `(struct timecounter *tc)`, `static int`, `struct`; may be empty. */
  readonly detail: string;
  /** The whole declaration, from its first word to its last character, where the parser has read it (exactOutline). */
  readonly extent?: { readonly start: Position; readonly end: Position };
  readonly children: readonly DocumentSymbol[];
}

/** One `#include`. */
export interface Include {
  readonly file: string;
  readonly line: number;
  /** The text between the quotes or angle brackets. */
  readonly target: string;
  /** `<x.h>`; not known (absent) where the index answered and not the file itself. */
  readonly system?: boolean;
}

export interface QueryOptions {
  /** At most so many results (default 10,000). */
  readonly limit?: number;
  /** Only what stands in files that the index's configuration compiles, and in headers; nothing is left out without one. */
  readonly configured?: boolean;
  /** With `configured`: the headers that the kernel reads, where they are known; else all count. */
  readonly headers?: ReadonlySet<string>;
  /** The file from which the question comes: its own statics and its directory rank first. */
  readonly from?: string;
}

export interface SymbolQueryOptions extends QueryOptions {
  /** `exact`, `prefix`, or `fuzzy` (the default): the letters in order, ranked by how well they fit. */
  readonly match?: "exact" | "prefix" | "fuzzy";
  readonly kinds?: readonly SymbolKind[];
}

/** A file of the index. */
export interface FileMatch {
  readonly file: string;
  readonly lines: number;
  /** As it was when it was indexed. */
  readonly bytes: number;
}

/** A search over the text of all files. */
export interface TextQuery extends QueryOptions {
  readonly pattern: string;
  /** A plain text, or a regular expression (JavaScript's, with grep's `[[:space:]]`, `\\<` and `\\>`) within one line. */
  readonly kind: "text" | "regex";
  readonly ignoreCase?: boolean;
  /** Threads (default: one per core, at most 8); 0 searches in this thread. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Texts that count instead of what is on disk, by file. */
  readonly texts?: ReadonlyMap<string, Uint8Array>;
  /** Told of hits as they are found, in the order of the result, with the number of files that are done. */
  readonly onHits?: (hits: readonly TextHit[], filesDone: number) => void;
}

/** A line that matches, with its first match. */
export interface TextHit {
  readonly file: string;
  readonly line: number;
  /** Of the match, in bytes from 1, and its length in bytes. */
  readonly column: number;
  readonly length: number;
  /** The line without its end; cut after 400 bytes. */
  readonly text: string;
  /** What the match's first byte stands in. */
  readonly place: "code" | "comment" | "string";
  readonly scope?: Scope;
  readonly configured?: boolean;
}

export interface TextResult {
  readonly hits: readonly TextHit[];
  /** False where the limit has cut it off. */
  readonly complete: boolean;
  /** Number of files that were asked for. */
  readonly files: number;
  /** Files that could not be read. */
  readonly unsearched: readonly { readonly file: string; readonly reason: string }[];
}

/** A long query in pieces of some milliseconds: between two of them other work can be done, or the query given up. */
export type Steps<Result> = Generator<void, Result>;

/** An index that is open for queries. Every query is synchronous and reads only the pages it needs. */
export interface KernelIndex {
  readonly tree: Tree;
  readonly info: IndexInfo;
  /** Definitions first, then declarations; both ranked. */
  definitions(name: string, options?: QueryOptions): Definition[];
  /** Every occurrence, definitions and declarations among them. */
  references(name: string, options?: QueryOptions & { kinds?: readonly ReferenceKind[] }): Reference[];
  /** Calls of `name`: direct ones; through a field of that name only where no function or macro is called so. */
  callers(name: string, options?: QueryOptions): Call[];
  /** Calls inside the functions and macros named `name` (only those of `options.file`, if given). */
  callees(name: string, options?: QueryOptions & { file?: string }): Call[];
  /** The same, in pieces. */
  referenceSteps(
    name: string,
    options?: QueryOptions & { kinds?: readonly ReferenceKind[] },
  ): Steps<Reference[]>;
  /** Workspace symbols. */
  symbols(pattern: string, options?: SymbolQueryOptions): Definition[];
  /** The same, in pieces. */
  symbolSteps(pattern: string, options?: SymbolQueryOptions): Steps<Definition[]>;
  /** Symbols of an indexed file, as it was when it was indexed; empty for a file that is not in the index. */
  documentSymbols(file: string): DocumentSymbol[];
  /** The `#include` lines of a file, or (`includers`) of all files that include something ending in `file`. */
  includes(file: string): Include[];
  includers(file: string, options?: QueryOptions): Include[];
  /** Files by a part of their path (`tsc.c`, `x86/tsc`, `tsc*.h`), best first. */
  findFiles(name: string, options?: QueryOptions): FileMatch[];
  /** All files, best first. */
  rankedFiles(options?: QueryOptions): FileMatch[];
  /** The innermost function or macro around a place. */
  scopeAt(file: string, line: number, column: number): Scope | undefined;
  /** Does the configuration compile a file? Not known (undefined) without one, and for headers. */
  isConfigured(file: string): boolean | undefined;
  /** Why the configuration leaves a file out, line by line; empty where it does not. Reads the configuration at the first call. */
  whyOut(file: string): readonly string[];
  /** A file's text as it is now; none where it has gone. */
  text(file: string): Uint8Array;
  /** Had the text bytes of ASCII only when it was indexed, so that a byte is a character? */
  isAscii(file: string): boolean;
  /** Has the index files below this absolute path, which may have gone? */
  hasFolder(absolutePath: string): boolean;
  /** A file's place in answers, as seen from another one; lower comes first. */
  rank(file: string, from?: string): number;
  /** Absolute path of a `file` of an answer. */
  absolute(file: string): string;
  /** The `file` that an absolute path has in answers, or undefined outside of the tree. */
  relative(absolutePath: string): string | undefined;
  /** Is there a newer generation on disk (another process has rebuilt the index)? Then close this and open again. */
  stale(): boolean;
  close(): void;
}

/** A source tree, as detectTree() saw it. */
export interface Tree {
  /** Absolute real path of the folder that answers are relative to. */
  readonly root: string;
  readonly os: "netbsd" | "freebsd" | "other";
  /** The kernel's `sys` folder relative to root: `sys`, or "" where root is `sys` itself or the tree is no kernel. */
  readonly sys: string;
}

export interface IndexInfo {
  readonly directory: string;
  readonly generation: number;
  readonly files: number;
  /** Distinct definitions (declarations not counted). */
  readonly symbols: number;
  /** Bytes on disk. */
  readonly bytes: number;
  /** Bytes of source that the index covers. */
  readonly sourceBytes: number;
  /** The kernel configuration file the index was told of, relative to root. */
  readonly config?: string;
  /** Number of source files that it compiles. */
  readonly configuredFiles?: number;
  /** The first build is still under way, or was cut off: answers come from `files` of so many files. */
  readonly partial?: { readonly total: number };
}

export interface IndexOptions {
  /** Where indexes live; default: `clockpath` in the user's cache folder. */
  readonly indexDir?: string;
  /** Kernel configuration: a file (absolute, or relative to the tree), or a name: `MICROVM`, `amd64/MICROVM`. Empty: none, also
   *  where the index knew one. */
  readonly config?: string;
  /** Number of threads (default: one per core, at most 8); 0 lexes in this thread. */
  readonly workers?: number;
  /** Forget what is there and lex every file. */
  readonly rebuild?: boolean;
  readonly onProgress?: (progress: IndexProgress) => void;
  /** Other work that keeps a processor busy until it settles: one thread less until then. */
  readonly meanwhile?: Promise<unknown>;
  readonly signal?: AbortSignal;
}

export interface IndexProgress {
  /** `wait`: another process is building this index. */
  readonly phase: "wait" | "walk" | "lex" | "write" | "done";
  readonly filesDone: number;
  readonly filesTotal: number;
  /** A part of the first index can be opened now; told whenever more can. */
  readonly opens?: boolean;
}

/** What a build or an update did. */
export interface IndexReport extends IndexInfo {
  readonly seconds: number;
  /** Files lexed in this run; the others were up to date. */
  readonly updated: number;
  readonly removed: number;
  /** Files that could not be read or were left out, with the reason; at most 100, `skippedCount` has the number. */
  readonly skipped: readonly { file: string; reason: string }[];
  readonly skippedCount: number;
}

/** An error whose message is meant for the user: what, where, and what to do. */
export class IndexError extends Error {
  override name = "IndexError";
}

// The functions behind this (sources in brackets):
//
//   detectTree(folder: string): Tree                                     [server/index/tree.ts]   throws IndexError
//   updateIndex(folder: string, options?: IndexOptions): Promise<IndexReport>  [server/index/build.ts]
//   openIndex(folder: string, options?: { indexDir?: string }): KernelIndex | undefined   [server/query/open.ts]
//   outline(text: Uint8Array): DocumentSymbol[]                          [server/query/outline.ts] an open file's symbols, any state
//   loadParser(): Promise<CParser>, exactOutline(parser, text): DocumentSymbol[]   [server/lang/parser.ts, query/exact.ts] with exact extents and types
//   wordAt(text: Uint8Array | string, line, column): {name, line, column} | undefined     [server/query/outline.ts]
//   searchText(index, query: TextQuery): Promise<TextResult>             [server/query/text-search.ts]  threads: dist/search-worker.js
//   signature(index, definition): string, a definition's text for a hover                [server/query/signature.ts]
