// Lines of a text in another one that was made of it by editing: what is equal from the start stays, what is equal to the end moves with it.
// Lines count from 1.

export interface LineMove {
  /** Where a line is now; undefined for one in the part that was changed. */
  exact(line: number): number | undefined;
  /** The same; for a line in the part that was changed, the one nearest to its place. */
  nearest(line: number): number;
}

export function lineMove(before: readonly string[], after: readonly string[]): LineMove {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same++;
  let sameEnd = 0;
  while (sameEnd < most - same && before[before.length - 1 - sameEnd] === after[after.length - 1 - sameEnd])
    sameEnd++;
  const shift = after.length - before.length;
  const exact = (line: number) => {
    if (line <= same) return line;
    return line > before.length - sameEnd ? line + shift : undefined;
  };
  return { exact, nearest: (line) => exact(line) ?? Math.min(line, Math.max(1, after.length - sameEnd)) };
}
