// Runs that end in a frame of the stack: finish, until and advance with a place. Must not know the console or DAP.

import type { FrameState } from "../symbols/api.ts";
import { type FrameId, frameIds, sameFrame, stackFrameId } from "./frame-identity.ts";
import { currentState, type Frame } from "./frames.ts";
import {
  ended,
  type Origin,
  type StepHost,
  type StepResult,
  stepFrom,
  stepped,
  steppedHere,
} from "./stepping.ts";
import type { Stop } from "./target.ts";

/** To the caller of one of the stack's frames: out of an inlined function by steps, else to where the function returns. */
export async function stepOut(host: StepHost, frames: readonly Frame[], level: number): Promise<StepResult> {
  const frame = frames[level];
  if (!frame || !frames[level + 1]) throw new Error('"finish" not meaningful in the outermost frame.');
  if (frame.inlined) return stepFrom(host, "over", callerOrigin(host, frames, level + 1));
  const caller = frames.slice(level + 1).find(({ tailCall }) => !tailCall);
  if (!caller) throw new Error("Cannot find the caller frame.");
  const stop = await runToFrame(host, caller.state);
  return stop ? ended(stop) : steppedHere(host);
}

/** To step until execution is back in a frame that an inlined function was called from, on whatever line. */
function callerOrigin(host: StepHost, frames: readonly Frame[], level: number): Origin {
  const { state, pc } = frames[level]!;
  const depth = frames.slice(level).filter((each) => each.state === state && each.inlined).length;
  const ids = frameIds(host.symbols, state, host.memory);
  return {
    frame: ids.find((each) => each.depth === depth),
    stack: ids.at(-1),
    file: undefined,
    line: 0,
    range: { low: pc, high: pc },
  };
}

/** Runs until execution is back in the frame of a state. */
export function runToFrame(host: StepHost, state: FrameState): Promise<Stop | undefined> {
  const returned = backIn(host, state);
  return host.runTo([state.pc], returned);
}

/** Whether the frame that execution is in is that of a state; where frames cannot be told apart, whether the stack is as low. */
function backIn(host: StepHost, state: FrameState): () => boolean {
  const wanted = stackFrameId(host.symbols, state, host.memory);
  const stack = state.get("rsp");
  return () =>
    wanted
      ? sameFrame(currentStackFrame(host), wanted)
      : stack === undefined || host.target.readRegister("rsp") >= stack;
}

const currentStackFrame = (host: StepHost): FrameId | undefined =>
  stackFrameId(host.symbols, currentState(host.target), host.memory);

/**
 * To one of the places, or to the caller of the frame, whichever comes first: gdb's `advance`, and `until` where the places count in the frame only.
 * `hidden` tells how many functions that begin at the place are not entered there.
 */
export async function runToPlaces(
  host: StepHost,
  frame: Frame | undefined,
  places: readonly bigint[],
  within: "frame" | "anywhere",
  hidden: () => number,
): Promise<StepResult> {
  const { symbols, memory } = host;
  const own = frame && stackFrameId(symbols, frame.state, memory);
  const caller = frame && symbols.unwind(frame.state, memory);
  const returned = caller && caller.pc !== 0n ? backIn(host, caller) : () => false;
  const stop = await host.runTo([...places, ...(caller && caller.pc !== 0n ? [caller.pc] : [])], (at) => {
    const there = within === "anywhere" || !own || sameFrame(currentStackFrame(host), own);
    return (places.includes(at) && there) || (at === caller?.pc && returned());
  });
  if (stop) return ended(stop);
  const at = host.target.readRegister("rip");
  return stepped(places.includes(at) ? hidden() : 0);
}
