// A sample of a list that is the same in every run.

/** Numbers in [0, 1) (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` of the list's elements, or all of them, in the order in which they are drawn. */
export function sample(list, count, seed) {
  const next = randomNumbers(seed);
  const pool = [...list];
  return Array.from(
    { length: Math.min(count, pool.length) },
    () => pool.splice(Math.floor(next() * pool.length), 1)[0],
  );
}
