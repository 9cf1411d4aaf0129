// The protocol's server: reads requests, finds their handlers, sends answers in order. One session a process.

import { DebugSession, Event, Response } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { checkArguments } from "./arguments.ts";
import { breakpoints } from "./breakpoints.ts";
import { clocks } from "./clocks.ts";
import { guestConsole } from "./console.ts";
import { dataBreakpoints } from "./data-breakpoints.ts";
import { evaluation } from "./evaluate.ts";
import { exceptionBreakpoints } from "./exception-breakpoints.ts";
import { lifecycle } from "./lifecycle.ts";
import { macros } from "./macros.ts";
import { memory } from "./memory.ts";
import { places } from "./places.ts";
import { RequestError } from "./request-error.ts";
import { runControl } from "./run-control.ts";
import { stack } from "./stack.ts";
import { AdapterState, type Handlers } from "./state.ts";
import { variables } from "./variables.ts";

/** Every request that the adapter answers. */
export const HANDLERS: Handlers = {
  ...lifecycle,
  ...breakpoints,
  ...dataBreakpoints,
  ...exceptionBreakpoints,
  ...runControl,
  ...stack,
  ...variables,
  ...evaluation,
  ...memory,
  ...clocks,
  ...guestConsole,
  ...places,
  ...macros,
};

export class ClockpathSession extends DebugSession {
  readonly #state = new AdapterState(
    (event, body) => this.sendEvent(new Event(event, body)),
    () => this.#ended(),
  );
  #queue: Promise<void> = Promise.resolve();
  #leave = false;

  /** Requests are handled one after another; each gets exactly one response. */
  protected override dispatchRequest(request: DebugProtocol.Request): void {
    // What a request under way waits for cannot stand behind it.
    if (request.command === "clockpath.macros") void this.#answer(request);
    else this.#queue = this.#queue.then(() => this.#answer(request));
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    this.sendResponse(await respond(this.#state, request));
    if (this.#leave) this.shutdown();
  }

  #ended(): void {
    this.#leave = true;
  }
}

/** The response to a request, whatever the request is. */
export async function respond(
  state: AdapterState,
  request: DebugProtocol.Request,
): Promise<DebugProtocol.Response> {
  const response: DebugProtocol.Response = new Response(request);
  try {
    const handler = Object.hasOwn(HANDLERS, request.command) ? HANDLERS[request.command] : undefined;
    if (!handler) throw new RequestError(`Clockpath does not know the request "${request.command}".`);
    const args = request.arguments ?? {};
    checkArguments(request.command, args);
    const body = await handler(state, args);
    if (body) response.body = body;
  } catch (error) {
    fillError(response, error);
  }
  return response;
}

/** An error response with its message where clients look for it. */
function fillError(response: DebugProtocol.Response, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  response.success = false;
  response.message = message;
  // Braces would be read as placeholders of the format.
  const format = message.replaceAll("{", "(").replaceAll("}", ")");
  response.body = {
    error: { id: 1, format, showUser: error instanceof RequestError && error.showUser },
  };
}
