// The guest's serial console beyond DAP: what it prints is an event, and keys are a request that is taken at any time.

import type { ConsoleInputArguments } from "./protocol.ts";
import { RequestError } from "./request-error.ts";
import type { AdapterState, Handlers, Launched } from "./state.ts";

export const guestConsole: Handlers = {
  "clockpath.consoleInput"(state, { text }: ConsoleInputArguments) {
    const { console: serial, name } = state.session.target;
    if (!serial)
      throw new RequestError(`The console of ${name} is not here: type where that machine shows it.`);
    if (typeof text !== "string") throw new RequestError("There is no text to type.");
    serial.input(text);
    return undefined;
  },
};

/** Tells what the guest prints: to the debug console line by line as people read it, and as it came, for terminals. */
export function tellConsole(state: AdapterState, { target }: Launched): void {
  target.console?.onOutput((text) => {
    state.output(text.replaceAll("\r\n", "\n"), "stdout");
    state.send("clockpath.console", { text });
  });
}
