// gdb's `info frame`: where a frame lies on the stack, who called it, and where it saved its caller's registers. Text only.

import type { RegisterName } from "../cpu/registers.ts";
import type { FrameState } from "../symbols/api.ts";
import type { Debugger } from "./debugger.ts";
import { type Frame, frameArguments } from "./frames.ts";
import { hex } from "./numbers.ts";
import { GENERAL_REGISTERS } from "./registers.ts";

export function frameText(session: Debugger, frame: Frame | undefined): string {
  if (!frame) return "No stack.";
  const frames = session.frames();
  const [below, above] = [frames[frame.level - 1], frames[frame.level + 1]];
  const caller = callerOf(session, frame);
  const name = frame.function ? ` in ${frame.function}` : "";
  const place = frame.file ? ` (${frame.file}:${frame.line})` : "";
  // gdb's saved rip of a frame that a tail call left out is that of the next frame that is on the stack.
  const returns = frame.tailCall && caller ? session.symbols.unwind(caller, session.around.memory) : caller;
  const saved = returns ? hex(returns.pc) : "<not saved>";
  const relations = [
    ...(above
      ? [
          frame.tailCall
            ? "tail call frame"
            : frame.inlined
              ? `inlined into frame ${above.level}`
              : `called by frame at ${cfaText(session, above)}`,
        ]
      : []),
    ...(below ? [`${above ? "" : " "}caller of frame at ${cfaText(session, below)}`.trim()] : []),
  ];
  const lines = [
    `Stack level ${frame.level}, frame at ${cfaText(session, frame)}:`,
    ` rip = ${hex(frame.pc)}${name}${place}; saved rip = ${saved}`,
    ...(relations.length > 0 ? [` ${relations.join(", ")}`] : []),
    ...(frame.file ? [` source language ${/\.[sS]$/.test(frame.file) ? "asm" : "c"}.`] : []),
    ...(frame.tailCall
      ? tailCallParts(session, frame)
      : frame.inlined
        ? inlinedParts(frame, frames)
        : ownParts(session, frame, above)),
  ];
  return lines.join("\n");
}

/** An inlined function has no part of the stack; its registers are what the function below it saved. */
function inlinedParts({ level, state }: Frame, frames: readonly Frame[]): string[] {
  const below = frames
    .slice(0, level)
    .reverse()
    .find((each) => each.state !== state)?.state;
  const rsp = below ? `is ${hex(state.get("rsp") ?? 0n)}` : "in rsp";
  return [
    " Arglist at unknown address.",
    ` Locals at unknown address, Previous frame's sp ${rsp}`,
    ...savedText(below && savedRegisters(below, state)),
  ];
}

const savedText = (registers = ""): string[] =>
  registers === "" ? [] : [" Saved registers:", `  ${registers}`];

/** A frame that a tail call left out lies where its callee's does. */
const tailCallParts = (session: Debugger, frame: Frame): string[] => [
  " Arglist at unknown address.",
  ` Locals at unknown address, Previous frame's sp is ${cfaText(session, frame)}`,
];

const callerOf = (session: Debugger, { state }: Frame): FrameState | undefined =>
  state.tailCaller ??
  session.symbols.unwind(state, session.around.memory) ??
  session.symbols.beyond?.(state, session.around.memory);

/** Where the frame's own parts lie. Below a tail call gdb takes the return address off: the jump pushed none. */
function ownParts(session: Debugger, frame: Frame, above: Frame | undefined): string[] {
  const caller = callerOf(session, frame);
  const { symbols, around } = session;
  const args = frameArguments(frame, symbols, around, session.settings.entryValues);
  const base = symbols.frameBase?.(frame.state);
  const at = base === undefined ? "unknown address" : hex(base);
  return [
    ` Arglist at ${at}, args: ${args.map(({ name, value }) => `${name}=${value}`).join(", ")}`,
    ` Locals at ${at}, Previous frame's sp is ${hex((caller?.get("rsp") ?? 0n) - (above?.tailCall ? 8n : 0n))}`,
    ...savedText(savedRegisters(frame.state, caller, above?.tailCall ? ["rip"] : [])),
  ];
}

function cfaText(session: Debugger, frame: Frame): string {
  const own = frame.tailCall
    ? session
        .frames()
        .slice(0, frame.level)
        .reverse()
        .find(({ tailCall }) => !tailCall)
    : frame;
  const cfa = own && session.symbols.cfa?.(own.state, session.around.memory);
  return cfa === undefined ? "unknown address" : hex(cfa);
}

/** The caller's registers that this frame saved in memory, in gdb's order; not those that the frames below it saved. */
function savedRegisters(
  own: FrameState,
  caller: FrameState | undefined,
  without: readonly RegisterName[] = [],
): string {
  const address = (state: FrameState | undefined, register: RegisterName) => {
    const home = state?.place?.(register);
    return home?.kind === "memory" ? home.address : undefined;
  };
  return GENERAL_REGISTERS.flatMap((register) => {
    const at = address(caller, register);
    return at === undefined || at === address(own, register) || without.includes(register)
      ? []
      : [`${register} at ${hex(at)}`];
  }).join(", ");
}
