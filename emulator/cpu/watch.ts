// The core's table of watched ranges and caught vectors (core/watch.ts) as the host fills and reads it.
// Must not know what a watchpoint means to a debugger.

import * as L from "./layout.ts";

/** Accesses as bits. */
export const READ = 1;
export const WRITE = 2;

/** A range within one 4 KiB page (`first` and `last` are its bytes), or an MSR that the core holds itself (`first` is its number). */
export interface CpuWatch {
  space: "linear" | "physical" | "msr";
  first: bigint;
  last: bigint;
  /** READ | WRITE: what counts. */
  access: number;
}

/** An entry that the last instruction touched. */
export interface CpuWatchHit {
  /** Index into the list that setWatches was given. */
  index: number;
  /** READ | WRITE: what was done. */
  access: number;
  /** First and last byte accessed (of all accesses of the instruction), in the entry's space. */
  first: bigint;
  last: bigint;
  /** RIP of the instruction; of the interrupted one where the processor itself accessed it in delivering an interrupt. */
  instruction: bigint;
  /** The whole range before the first write; undefined where nothing was written, or not in RAM. */
  old: Uint8Array | undefined;
}

/** A vector that was to be caught. */
export interface Caught {
  vector: number;
  /** False: a fault, and its instruction stands at RIP, not executed; the next run() delivers it. True: RIP is at the handler. */
  delivered: boolean;
  errorCode: number | undefined;
  /** The instruction that faulted, or the one that was interrupted. */
  instruction: bigint;
}

const SPACES = ["linear", "physical", "msr"] as const;
const PAGE = 0xfffn;

/** Fills the table. Throws RangeError for more entries than there are, and for a range over a page's end. */
export function writeWatches(view: DataView, list: readonly CpuWatch[]): void {
  if (list.length > L.WATCH_MAX) throw new RangeError(`at most ${L.WATCH_MAX} watched ranges, one a page`);
  new Uint8Array(view.buffer, L.WATCH_TABLE, L.WATCH_MAX * L.WATCH_ENTRY).fill(0);
  list.forEach(({ space, first, last, access }, index) => {
    if (last < first || (space !== "msr" && (first & ~PAGE) !== (last & ~PAGE)))
      throw new RangeError("a watched range must lie in one page");
    const at = L.WATCH_TABLE + index * L.WATCH_ENTRY;
    view.setBigUint64(at + L.W_LOW, first, true);
    view.setBigUint64(at + L.W_HIGH, last, true);
    view.setUint32(at + L.W_SPACE, SPACES.indexOf(space), true);
    view.setUint32(at + L.W_ACCESS, access, true);
  });
  view.setUint32(L.WATCH_COUNT, list.length, true);
  view.setUint32(L.WATCH_HIT, 0, true);
}

/** The entries touched since the last call. */
export function takeHits(view: DataView): CpuWatchHit[] {
  if (view.getUint32(L.WATCH_HIT, true) === 0) return [];
  view.setUint32(L.WATCH_HIT, 0, true);
  const hits: CpuWatchHit[] = [];
  const count = view.getUint32(L.WATCH_COUNT, true);
  for (let index = 0; index < count; index++) {
    const at = L.WATCH_TABLE + index * L.WATCH_ENTRY;
    const access = view.getUint32(at + L.W_TOUCHED, true);
    if (access === 0) continue;
    const held = view.getUint32(at + L.W_HELD, true) !== 0;
    const size = Number(view.getBigUint64(at + L.W_HIGH, true) - view.getBigUint64(at + L.W_LOW, true)) + 1;
    hits.push({
      index,
      access,
      first: view.getBigUint64(at + L.W_FIRST, true),
      last: view.getBigUint64(at + L.W_LAST, true),
      instruction: view.getBigUint64(at + L.W_RIP, true),
      old: held
        ? new Uint8Array(view.buffer, L.WATCH_OLD + index * L.WATCH_OLD_SIZE, size).slice()
        : undefined,
    });
    view.setUint32(at + L.W_TOUCHED, 0, true);
    view.setUint32(at + L.W_HELD, 0, true);
  }
  return hits;
}

/** Which vectors (0-255) to catch. */
export function writeCatch(view: DataView, vectors: Iterable<number>): void {
  const bits = new Uint8Array(view.buffer, L.CATCH, 32).fill(0);
  for (const vector of vectors) bits[(vector & 0xff) >> 3]! |= 1 << (vector & 7);
  view.setUint32(L.CATCHING, bits.some((byte) => byte !== 0) ? 1 : 0, true);
}

/** The next fault is caught, whatever its vector: for the host, inside a callback that makes it. */
export function writeCatchOnce(view: DataView): void {
  view.setUint32(L.CATCH_ONCE, 1, true);
  view.setUint32(L.CATCHING, 1, true);
}

/** What was caught since the last call. */
export function takeCaught(view: DataView): Caught | undefined {
  const caught = view.getUint32(L.CAUGHT, true);
  if (caught === 0) return undefined;
  view.setUint32(L.CAUGHT, 0, true);
  return {
    vector: (caught & 0xffff) - 1,
    delivered: (caught & 0x10000) !== 0,
    errorCode: caught & 0x20000 ? view.getUint32(L.FAULT_ERROR, true) : undefined,
    instruction: view.getBigUint64(L.CAUGHT_RIP, true),
  };
}
