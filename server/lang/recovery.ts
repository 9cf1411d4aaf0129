// Finding back after text that makes no sense: kernels begin a function's name and its `{` in the first column, so a head there
// starts anew, whatever braces were open.
import type { Level } from "./level.ts";
import type { ScanState } from "./scan-state.ts";
import * as T from "./tokens.ts";

/** At a `{` where none can open a body: the token where a function's head before it starts, or -1. */
export function headInPassing(state: ScanState, level: Level, brace: number): number {
  const isHead = level.closed === 1 && level.paren === 0 && !level.garbage && !level.init;
  const isExpected = state.levels.top === 0 && isHead;
  return !isExpected && state.isColumnOne(brace) ? headBefore(state, brace) : -1;
}

/** At a `{` in the first column: the token where a function's head before it starts, or -1. */
function headBefore(state: ScanState, brace: number): number {
  const t = state.tokens;
  if (t.kinds[brace - 1] !== T.PAREN_CLOSE) return -1;
  let depth = 0;
  let i = brace - 1;
  for (; i > 0; i--) {
    const kind = t.kinds[i]!;
    if (kind === T.PAREN_CLOSE) depth++;
    else if (kind === T.PAREN_OPEN && --depth === 0) break;
    else if (kind === T.BRACE_CLOSE || kind === T.SEMICOLON) return -1;
  }
  if (i < 2 || t.kinds[i - 1] !== T.IDENTIFIER || t.column(i - 1) !== 1) return -1;
  // The return type, on the line before.
  let head = i - 1;
  while (
    head > 0 &&
    (t.kinds[head - 1] === T.IDENTIFIER || t.kinds[head - 1] === T.KEYWORD || t.kinds[head - 1] === T.STAR)
  )
    head--;
  const before = t.kinds[head - 1];
  const starts = before === T.BRACE_CLOSE || before === T.SEMICOLON || before === T.DIRECTIVE_END;
  return starts && t.column(head) === 1 && head < i - 1 ? head : -1;
}

/** Gives up the braces that are open and reads on from a function's head at file scope. */
export function restartAt(state: ScanState, head: number): number {
  const { facts } = state;
  const line = state.tokens.lines[head]!;
  const isAfter = (fact: number) => facts.lines[fact]! >= line && facts.definition[fact] === 0;
  while (facts.count > state.firstFact && isAfter(facts.count - 1)) facts.count--;
  const level = state.levels.current;
  state.end(level.opened, level.scope, line - 1);
  state.closeOpen(line - 1);
  state.levels.top = 0;
  state.statement(state.levels.current);
  return head;
}
