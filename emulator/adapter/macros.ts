// Macros of the user's tree in expressions: asked of the client, who has an index of the tree, and kept. A client that does not
// offer to answer (launch argument `answersMacros`) is never asked.

import type { Frame } from "../debugger/frames.ts";
import type { MacrosArguments, WantMacrosEvent } from "./protocol.ts";
import type { AdapterState, Handlers } from "./state.ts";

/** An index that is busy must not hold the console. */
const ANSWER_MS = 1500;
/** Macros that lead to macros. */
const ROUNDS = 6;
const MAX_NAMES = 50;

let nextId = 1;
const waiting = new Map<number, (answer: MacrosArguments["macros"]) => void>();

export const macros: Handlers = {
  /** The answer to the event `clockpath.wantMacros`; comes while the request that waits for it is under way. */
  "clockpath.macros"(_state, { id, macros: found }: MacrosArguments) {
    waiting.get(id)?.(found);
    waiting.delete(id);
    return undefined;
  },
};

/** Learns what the names in these texts stand for, where the debug info does not know them. */
export async function learnMacros(
  state: AdapterState,
  texts: readonly (string | undefined)[],
  frame: Frame | undefined,
): Promise<void> {
  const { launched } = state;
  if (!launched?.answersMacros) return;
  const { debugger: engine } = launched;
  const text = texts.filter(Boolean).join("\n");
  for (let round = 0; round < ROUNDS; round++) {
    const names = engine.unknownNames(text, frame).slice(0, MAX_NAMES);
    if (names.length === 0) return;
    const file = frame?.file && launched.sources.paths.local(frame.file);
    const answer = await ask(state, names, file || undefined);
    if (!answer) return;
    for (const name of names)
      engine.macros.learn(name, Object.hasOwn(answer, name) ? (answer[name] ?? undefined) : undefined);
  }
}

function ask(
  state: AdapterState,
  names: readonly string[],
  file: string | undefined,
): Promise<MacrosArguments["macros"] | undefined> {
  const id = nextId++;
  const event: WantMacrosEvent = { id, names, ...(file ? { file } : {}) };
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      waiting.delete(id);
      resolve(undefined);
    }, ANSWER_MS);
    waiting.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    state.send("clockpath.wantMacros", event);
  });
}
