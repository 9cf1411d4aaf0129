// The state of a scan at one nesting level: which braces we are in and what the statement has shown so far. Plain
// numbers, so that it can be copied at every `#if` and put back at its `#else`. Knows no tokens' meaning.

/** Between declarations, also inside `extern "C" {`. */
export const FILE = 0;
/** Members of a struct or union. */
export const AGGREGATE = 1;
export const ENUMERATION = 2;
/** Braces that hold expressions: an initialiser, or something not understood. */
export const INITIALIZER = 3;
/** A function's statements. */
export const BODY = 4;

export class Level {
  context = FILE;
  /** Name id of the tag whose braces these are, or 0. */
  tag = 0;
  /** Definition whose extent these braces end, or -1; scope of a BODY, or -1. */
  opened = -1;
  scope = -1;
  /** Braces open inside a BODY or INITIALIZER, its own among them. */
  braces = 0;
  /** An `#if` left the braces in doubt: a `}` in the first column ends the function. */
  doubtful = 0;

  // The statement. Occurrence indices are -1 where there is none.
  isTypedef = 0;
  isExtern = 0;
  isStatic = 0;
  paren = 0;
  bracket = 0;
  /** Words before the candidate that can only be types. */
  types = 0;
  /** Occurrence of the last word that may be the declared name. */
  name = -1;
  /** Occurrence, token and preceding types of a word before `(`. */
  func = -1;
  funcToken = -1;
  funcTypes = 0;
  /** The candidate's parentheses have closed. */
  closed = 0;
  /** Words after them: occurrence of the last, and how many types before it. */
  late = -1;
  lateTypes = 0;
  /** Token of a struct, union or enum keyword after them, or 0. */
  lateTag = 0;
  /** Parameter declarations in the old style follow. */
  oldStyle = 0;
  /** In the parentheses of `(*name)`. */
  pointer = 0;
  /** The name is known for sure (`(*name)`, `name[]`): words that follow are attributes. */
  settled = 0;
  /** The parentheses that are open belong to func. */
  params = 0;
  /** A group in parentheses that follows declares nothing (`__attribute__`). */
  attribute = 0;
  /** struct, union or enum keyword, the tag's occurrence, whether the tag's name is still to come, whether its body was seen. */
  tagKeyword = 0;
  tagName = -1;
  tagPending = 0;
  tagBody = 0;
  /** After `=` (or a bit-field's `:`): expressions up to `,` or `;`. */
  init = 0;
  /** Definition made by this declarator, whose end is still to be set, or -1. */
  defined = -1;
  /** Not a declaration: a statement's keyword stood at file scope. */
  garbage = 0;

  open(context: number, tag: number, opened: number): void {
    this.context = context;
    this.tag = tag;
    this.opened = opened;
    this.scope = -1;
    this.braces = 1;
    this.doubtful = 0;
    this.statement();
  }

  /** A new statement begins. */
  statement(): void {
    this.isTypedef = this.isExtern = this.isStatic = 0;
    this.types = 0;
    this.tagKeyword = this.tagPending = this.tagBody = 0;
    this.tagName = -1;
    this.garbage = 0;
    this.paren = 0;
    this.declarator();
  }

  /** A new declarator begins: after `,`, the types stay. */
  declarator(): void {
    this.bracket = 0;
    this.name = this.func = this.funcToken = this.late = this.defined = -1;
    this.funcTypes = this.lateTypes = this.lateTag = this.closed = this.oldStyle = 0;
    this.pointer = this.settled = this.params = this.attribute = this.init = 0;
  }

  copy(from: Level): void {
    this.context = from.context;
    this.tag = from.tag;
    this.opened = from.opened;
    this.scope = from.scope;
    this.braces = from.braces;
    this.doubtful = from.doubtful;
    if (from.context === BODY || from.context === INITIALIZER) return;
    this.isTypedef = from.isTypedef;
    this.isExtern = from.isExtern;
    this.isStatic = from.isStatic;
    this.paren = from.paren;
    this.bracket = from.bracket;
    this.types = from.types;
    this.name = from.name;
    this.func = from.func;
    this.funcToken = from.funcToken;
    this.funcTypes = from.funcTypes;
    this.closed = from.closed;
    this.late = from.late;
    this.lateTypes = from.lateTypes;
    this.lateTag = from.lateTag;
    this.oldStyle = from.oldStyle;
    this.pointer = from.pointer;
    this.settled = from.settled;
    this.params = from.params;
    this.attribute = from.attribute;
    this.tagKeyword = from.tagKeyword;
    this.tagName = from.tagName;
    this.tagPending = from.tagPending;
    this.tagBody = from.tagBody;
    this.init = from.init;
    this.defined = from.defined;
    this.garbage = from.garbage;
  }
}

/** Deepest nesting that is told apart; braces below it count as their parent's. */
export const MAX_LEVELS = 32;

/** The levels from the file's scope to the innermost braces. */
export class Levels {
  readonly all: Level[] = Array.from({ length: MAX_LEVELS }, () => new Level());
  top = 0;

  get current(): Level {
    return this.all[this.top]!;
  }

  /** Copies what `from` says, up to its innermost level. */
  copy(from: Levels): void {
    this.top = from.top;
    for (let i = 0; i <= from.top; i++) this.all[i]!.copy(from.all[i]!);
  }

  /** Are the braces the same as in `other`? */
  sameBraces(other: Levels): boolean {
    if (this.top !== other.top) return false;
    const [a, b] = [this.current, other.current];
    return a.context === b.context && a.braces === b.braces;
  }
}
