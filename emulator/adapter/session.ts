// The protocol's server: reads requests, finds their handlers, sends answers in order. One session a process.

import { PassThrough } from "node:stream";
import { DebugSession, Event, Response } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { checkArguments } from "./arguments.ts";
import { breakpoints } from "./breakpoints.ts";
import { clocks } from "./clocks.ts";
import { guestConsole } from "./console.ts";
import { dataBreakpoints } from "./data-breakpoints.ts";
import { evaluation } from "./evaluate.ts";
import { exceptionBreakpoints } from "./exception-breakpoints.ts";
import { FrameReader, FramingError, messageOf } from "./framing.ts";
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

/** Requests that wait; then nothing more is read until some are answered. */
const MAX_WAITING = 256;

export class ClockpathSession extends DebugSession {
  readonly #state = new AdapterState(
    (event, body) => this.sendEvent(new Event(event, body)),
    () => this.#ended(),
  );
  #queue: Promise<void> = Promise.resolve();
  /** Sequence numbers of requests whose turn has not come. */
  readonly #waiting = new Set<number>();
  #input: NodeJS.ReadableStream | undefined;
  #leave = false;

  /** Reads the frames itself: the library's reader keeps whatever a stream claims to bring. */
  override start(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
    const frames = new FrameReader();
    this.#input = input;
    super.start(new PassThrough(), output);
    input.on("data", (data: Buffer) => this.#read(frames, data));
    input.on("close", () => this.shutdown());
    input.on("end", () => this.shutdown());
    input.on("error", () => this.shutdown());
  }

  #read(frames: FrameReader, data: Buffer): void {
    try {
      for (const text of frames.push(data)) this.#receive(text);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#state.output(`The client's stream cannot be read any further: ${error.message}\n`, "stderr");
      this.shutdown();
    }
  }

  #receive(text: string): void {
    const message = messageOf(text);
    if (message) this.handleMessage(message as DebugProtocol.ProtocolMessage);
    else this.#state.output(`Ignored a message that is no JSON object: ${text.slice(0, 80)}\n`, "stderr");
  }

  /** Requests are handled one after another; each gets exactly one response. */
  protected override dispatchRequest(request: DebugProtocol.Request): void {
    // What a request under way waits for cannot stand behind it.
    if (request.command === "clockpath.macros") void this.#answer(request);
    else if (request.command === "cancel") this.#cancel(request);
    else {
      this.#waiting.add(request.seq);
      if (this.#waiting.size > MAX_WAITING) this.#input?.pause();
      this.#queue = this.#queue.then(() => this.#inTurn(request));
    }
  }

  async #inTurn(request: DebugProtocol.Request): Promise<void> {
    const wanted = this.#waiting.delete(request.seq);
    if (this.#waiting.size <= MAX_WAITING / 2) this.#input?.resume();
    if (wanted) await this.#answer(request);
    else this.sendResponse(new Response(request, "cancelled"));
  }

  /** A request whose turn has come is short; one that waits is not done any more. */
  #cancel(request: DebugProtocol.CancelRequest): void {
    const id = request.arguments?.requestId;
    if (typeof id === "number") this.#waiting.delete(id);
    this.sendResponse(new Response(request));
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
