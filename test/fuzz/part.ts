// A part of the fuzz run: what is damaged and asked. Runs cases, measures time and memory, and knows a crash from a clear error.

import { type Random, random } from "../random.ts";

export interface Part {
  name: string;
  /** One case; throws where something is wrong. Gives true where the input was refused with a clear error. */
  run(pick: Random): boolean | Promise<boolean>;
  /** Cases after which the part is set up anew. */
  renew?: { every: number; make(): Promise<void> };
}

export interface Outcome {
  name: string;
  cases: number;
  refused: number;
  ms: number;
  slowestMs: number;
  /** Resident memory at its highest, in MiB. */
  peakMiB: number;
}

/** What the JavaScript engine says of a defect; messages of ours say what is wrong with the input. */
const DEFECT =
  /Cannot read propert|is not a function|is not iterable|is not a constructor|Maximum call stack|Invalid array|Invalid typed|Invalid (?:string|count)|out(?:side)? (?:of )?(?:the )?bounds|Cannot convert|Cannot mix|is not defined|Unexpected (?:token|end)|cannot be converted|offset is out|\bundefined\b(?! type)|unreachable|memory access|NaN/;

/** Throws for an error that does not tell the user what is wrong with the input. */
export function refuse(message: string): true {
  if (message.trim() === "" || DEFECT.test(message)) throw new Error(`no clear error: ${message}`);
  return true;
}

const SLOWEST_MS = 15_000;
const MOST_MIB = 900;

/** A failure names seed and case, which can be run alone. Neighbouring cases do not begin alike. */
export async function runPart(
  part: Part,
  { cases, seed, first = 0 }: { cases: number; seed: number; first?: number },
  onCase: (index: number) => void = () => {},
): Promise<Outcome> {
  const outcome: Outcome = { name: part.name, cases, refused: 0, ms: 0, slowestMs: 0, peakMiB: 0 };
  const start = performance.now();
  for (let index = first; index < first + cases; index++) {
    if (part.renew && (index - first) % part.renew.every === 0) await part.renew.make();
    onCase(index);
    const began = performance.now();
    try {
      const refused = part.run(random(Math.imul(seed + index * 7919, 2654435761)));
      if (typeof refused === "boolean" ? refused : await refused) outcome.refused++;
    } catch (error) {
      const why = error instanceof Error ? error.stack : String(error);
      throw new Error(`${part.name}, seed ${seed}, case ${index}: ${why}`);
    }
    const took = performance.now() - began;
    outcome.slowestMs = Math.max(outcome.slowestMs, took);
    if (took > SLOWEST_MS) throw new Error(`${part.name}, seed ${seed}, case ${index}: took ${took} ms`);
    if (index % 500 !== 0) continue;
    // zlib gives its memory back in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    measure(outcome);
  }
  measure(outcome);
  outcome.ms = performance.now() - start;
  return outcome;
}

function measure(outcome: Outcome): void {
  outcome.peakMiB = Math.max(outcome.peakMiB, process.memoryUsage().rss / 2 ** 20);
  if (outcome.peakMiB > MOST_MIB)
    throw new Error(`${outcome.name}: ${Math.round(outcome.peakMiB)} MiB resident, more than ${MOST_MIB}`);
}

/** `debug_info       100000 cases  312 refused  21.3 s  0.213 ms a case, slowest 14 ms  143 MiB`. */
export function outcomeLine({ name, cases, refused, ms, slowestMs, peakMiB }: Outcome): string {
  const each = (ms / cases).toFixed(3);
  return `${name.padEnd(20)} ${cases} cases, ${refused} refused, ${(ms / 1000).toFixed(1)} s, ${each} ms each, slowest ${slowestMs.toFixed(0)} ms, ${peakMiB.toFixed(0)} MiB`;
}
