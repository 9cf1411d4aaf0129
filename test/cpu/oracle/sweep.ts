// Many cases of a row, quickly: requests in one buffer, the recorder's replies in another, and the core's compared with them byte by byte.
// Only where bytes differ does the comparison of compare.ts decide whether the manual lets them.
import { differences, report, shiftCount } from "./compare.ts";
import type { Core } from "./core.ts";
import { caseOf, generateDraft } from "./generate.ts";
import { type Comparison, seedOf } from "./live.ts";
import { Random } from "./random.ts";
import { recordRequests } from "./recorder.ts";
import { type Row, undefinedFlags } from "./rows.ts";
import {
  AT, type Case, decodeBefore, decodeReply, encodeRequest, FX_SIZE, REPLY_SIZE, REPLY_STATE, REQUEST_SIZE, REQUEST_STATE, toLine,
} from "./state.ts"; // biome-ignore format: a list
import { variationOf, vary } from "./vary.ts";

/** Cases of one encoding; see vary.ts. */
const VARIANTS = 16;
/** Cases in memory at a time. */
const BATCH = 5000;

/** What a request's bytes do not say: where its memory operand is, and how long it is. */
type Origin = Pick<Case, "code" | "operand">;

/** Fills `requests` with cases; returns where each came from. */
function fill(row: Row, random: Random, requests: Uint8Array): Origin[] {
  const view = new DataView(requests.buffer);
  const origins: Origin[] = [];
  const count = requests.length / REQUEST_SIZE;
  while (origins.length < count) {
    const draft = generateDraft(row, random);
    const test = caseOf(draft);
    if (!test) continue;
    const first = origins.length * REQUEST_SIZE;
    encodeRequest(test, requests, first);
    origins.push(test);
    const plan = variationOf(draft);
    for (let i = 1; plan && i < VARIANTS && origins.length < count; i++) {
      const at = first + i * REQUEST_SIZE;
      requests.copyWithin(at, first, first + REQUEST_SIZE);
      vary(view, at, plan, random);
      origins.push(test);
    }
  }
  return origins;
}

const CL = REQUEST_STATE + AT.gpr + 8;
const FLAGS = REPLY_STATE + AT.flags;
/** Stretches of a reply that count anywhere: bytes 28-31 of an FXSAVE image are the processor's own; flags are looked at by themselves. */
const STRETCHES = [
  [0, FLAGS],
  [REPLY_STATE + AT.fx, REPLY_STATE + AT.fx + 28],
  [REPLY_STATE + AT.fx + 32, REPLY_STATE + AT.fx + FX_SIZE],
  [REPLY_STATE + AT.window, REPLY_SIZE],
] as const;

function agree(a: Buffer, b: Buffer, at: number): boolean {
  for (const [from, to] of STRETCHES)
    if (a.compare(b, at + from, at + to, at + from, at + to) !== 0) return false;
  return true;
}

/** Flags in which two replies differ. */
function flagDifferences(a: Buffer, b: Buffer, at: number): number {
  return a.readUInt16LE(at + FLAGS) ^ b.readUInt16LE(at + FLAGS);
}

/** Compares `count` cases of a row; reports the first `show` differences. */
export function sweep(core: Core, row: Row, count: number, seed: number, show: number): Comparison {
  const random = new Random(seedOf(row, seed));
  const result: Comparison = { compared: 0, wrong: 0, reports: [] };
  for (let done = 0; done < count; done += BATCH) {
    const cases = Math.min(BATCH, count - done);
    const requests = new Uint8Array(cases * REQUEST_SIZE);
    const origins = fill(row, random, requests);
    const replies = recordRequests(requests);
    const ours = Buffer.alloc(cases * REPLY_SIZE);
    for (let i = 0; i < cases; i++) {
      result.compared++;
      const failure = core.tryExecute(requests, i * REQUEST_SIZE, ours, i * REPLY_SIZE);
      if (failure === undefined && agree(ours, replies, i * REPLY_SIZE)) {
        const flags = flagDifferences(ours, replies, i * REPLY_SIZE);
        if (flags === 0) continue;
        const count = shiftCount(row, origins[i]!.code, requests[i * REQUEST_SIZE + CL]!);
        if ((flags & ~undefinedFlags(row, count)) === 0) continue;
      }
      const test = { ...origins[i]!, before: decodeBefore(requests, i * REQUEST_SIZE) };
      const expected = decodeReply(replies, i * REPLY_SIZE, row.bits);
      const found =
        failure === undefined
          ? differences(row, test, expected, decodeReply(ours, i * REPLY_SIZE, row.bits))
          : [failure];
      if (found.length === 0) continue;
      result.wrong++;
      if (result.reports.length < show) result.reports.push(report(row, toLine(test, expected), found));
    }
  }
  return result;
}
