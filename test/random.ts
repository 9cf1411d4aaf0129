// A seeded generator of 32-bit numbers (xorshift32), so that a failure can be repeated: equal seeds, equal cases.

export type Random = (below: number) => number;

export function random(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
