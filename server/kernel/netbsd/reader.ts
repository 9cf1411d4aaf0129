// Reads a configuration with everything that it includes, in config(1)'s order, and hands out statement after statement. Keeps the stacks
// of files and of prefixes; `machine` puts the files.* of the architecture on the stack (gram.y, setmachine).

import type { ReadFile } from "../api.ts";
import type { SourceText } from "../origin.ts";
import { baseOf, folderOf, joinPath } from "../paths.ts";
import { readText } from "../text.ts";
import { type Phase, parseStatement } from "./parser.ts";
import { Scanner, type Token } from "./scanner.ts";
import type { Statement } from "./statements.ts";

/** What holds where a statement stands, beside the statement. */
export interface Surroundings {
  /** Files open around it; config(1) sorts the makefile's list by it (files.c, fi_order). */
  depth: number;
  prefix: string | undefined;
}

export interface StatementHandler {
  isAttribute(name: string): boolean;
  statement(statement: Statement, around: Surroundings): void;
  /** One of the files.* of `machine` has ended (gram.y, ENDFILE). */
  endOfFile(): void;
  error(file: string, line: number, message: string): void;
}

interface Frame {
  source: SourceText;
  scanner: Scanner;
  atEnd: "nothing" | "file" | "definitions" | "pop-prefix";
}

const DEEPEST = 64;

/** No configuration includes as many files; files that include each other twice would never end. */
const MOST_FILES = 10_000;

export class Reader {
  /** The files that were read, in order. */
  readonly inputs: string[] = [];
  /** Every prefix that was used, the last one popped first (`makefile` turns them into -I). */
  readonly usedPrefixes: string[] = [];
  private readonly sys: string;
  private readonly read: ReadFile;
  private readonly handler: StatementHandler;
  private readonly frames: Frame[] = [];
  private readonly prefixes: string[] = [];
  private readonly buildPrefixes: string[] = [];
  private phase: Phase = "top";

  constructor(sys: string, read: ReadFile, handler: StatementHandler) {
    this.sys = sys;
    this.read = read;
    this.handler = handler;
  }

  /** Reads the configuration from end to end. False when it cannot be read at all. */
  run(path: string): boolean {
    const result = readText(path, this.read);
    if ("error" in result) {
      this.handler.error(path, 1, `cannot read the configuration: ${result.error}`);
      return false;
    }
    this.push(path, result.text, "nothing");
    while (this.frames.length > 0) this.line();
    if (this.phase === "top")
      this.handler.error(path, 1, "there is no `machine' line: nothing was configured");
    return true;
  }

  private push(file: string, text: string, atEnd: Frame["atEnd"]) {
    const source = { file, text };
    if (file !== "") this.inputs.push(file);
    const scanner = new Scanner(text, {
      isAttribute: (name) => this.handler.isAttribute(name),
      error: (line, message) => this.handler.error(file, line, message),
    });
    this.frames.push({ source, scanner, atEnd });
  }

  /** Reads to the end of a line or of a file. */
  private line() {
    const frame = this.frames.at(-1)!;
    const tokens: Token[] = [];
    for (;;) {
      const token = frame.scanner.next();
      if (token.kind === "newline" || token.kind === "end") {
        if (tokens.length > 0) this.finish(frame, tokens);
        if (token.kind === "end") this.endOfFile(frame, tokens);
        return;
      }
      if (token.kind !== "include") tokens.push(token);
      else if (tokens.length > 0) {
        this.error(frame, token.line, `\`${token.directive}' must stand on a line of its own`);
      } else return this.include(frame, token);
    }
  }

  private error(frame: Frame, line: number, message: string) {
    this.handler.error(frame.source.file, line, message);
  }

  private endOfFile(frame: Frame, unfinished: Token[]) {
    this.frames.splice(this.frames.indexOf(frame), 1);
    const last = unfinished.at(-1);
    if (last !== undefined)
      this.error(frame, last.line, "the last line does not end: config(1) wants a newline there");
    if (frame.atEnd === "pop-prefix") this.popPrefix(frame, 0);
    if (frame.atEnd === "file") this.handler.endOfFile();
    if (frame.atEnd === "definitions") this.phase = "selections";
  }

  private finish(frame: Frame, tokens: Token[]) {
    const parsed = parseStatement(frame.source, tokens, this.phase);
    if ("error" in parsed) return this.error(frame, parsed.line, parsed.error);
    if (parsed.kind === "prefix" || parsed.kind === "buildprefix") return this.changePrefix(frame, parsed);
    this.handler.statement(parsed, { depth: this.frames.length - 1, prefix: this.prefixes.at(-1) });
    if (parsed.kind === "machine") this.openDefinitions(frame, parsed);
    if (parsed.kind === "ioconf") this.phase = "selections";
  }

  private changePrefix(frame: Frame, { kind, path, origin }: Statement & { kind: "prefix" | "buildprefix" }) {
    const stack = kind === "prefix" ? this.prefixes : this.buildPrefixes;
    if (path !== undefined) stack.push(stack.length > 0 ? `${stack.at(-1)}/${path}` : path);
    else if (kind === "prefix") this.popPrefix(frame, origin.line);
    else if (stack.pop() === undefined)
      this.error(frame, origin.line, "there is no buildprefix to take back");
  }

  private popPrefix(frame: Frame, line: number) {
    const prefix = this.prefixes.pop();
    if (prefix === undefined) this.error(frame, line, "there is no prefix to take back");
    else this.usedPrefixes.unshift(prefix);
  }

  private include(frame: Frame, token: Token) {
    if (this.frames.length >= DEEPEST) {
      return this.error(
        frame,
        token.line,
        `files include each other more than ${DEEPEST} deep, \`${token.text}' among them`,
      );
    }
    const isPackage = token.directive === "package";
    if (isPackage && this.phase === "top")
      return this.error(frame, token.line, "`package' must stand behind `machine'");
    if (token.text.startsWith("/"))
      return this.error(frame, token.line, `${token.text} is outside of the tree`);
    if (isPackage) this.prefixes.push(joinPath(this.prefixes.at(-1) ?? "", folderOf(token.text)));
    const path = this.includedPath(frame, isPackage ? baseOf(token.text) : token.text);
    const loop = this.frames.some(({ source }) => source.file === path);
    if (loop || this.inputs.length >= MOST_FILES) {
      if (isPackage) this.prefixes.pop();
      const why = loop ? `${path} includes itself` : `more than ${MOST_FILES} files are included`;
      return this.error(frame, token.line, why);
    }
    const result = readText(path, this.read);
    if ("text" in result) return this.push(path, result.text, isPackage ? "pop-prefix" : "nothing");
    if (isPackage) this.prefixes.pop();
    if (token.directive !== "cinclude")
      this.error(frame, token.line, `cannot include ${path}: ${result.error}`);
  }

  /** "./x" is beside the including file, all else below the prefix or `sys` (scan.l, include). */
  private includedPath(frame: Frame, path: string): string {
    if (path.startsWith("./")) return joinPath(folderOf(frame.source.file), path);
    return joinPath(this.sys, this.prefixes.at(-1) ?? "", path);
  }

  /** The last one pushed is read first: conf/files, the architecture's, the subarchitectures' in their order, the machine's. */
  private openDefinitions(
    frame: Frame,
    { machine, arch, subarches, origin }: Statement & { kind: "machine" },
  ) {
    this.phase = "definitions";
    this.push("", "", "definitions");
    const filesOf = (name: string) => `arch/${name}/conf/files.${name}`;
    // Without an architecture config(1) opens an empty file in its place: it counts for the order of the makefile.
    const files = [machine, ...[...subarches].reverse()].map(filesOf);
    for (const name of [...files, arch && filesOf(arch), "conf/files"]) {
      if (name === undefined) {
        this.push("", "", "file");
        continue;
      }
      const path = joinPath(this.sys, name);
      const result = readText(path, this.read);
      if ("text" in result) this.push(path, result.text, "file");
      else this.error(frame, origin.line, `cannot read ${path}, which \`machine' asks for: ${result.error}`);
    }
  }
}
