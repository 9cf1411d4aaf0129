// Answers requests that may take long: in pieces, so that others are answered in between, and no further once the client has lost interest.
// Our own requests get the types that server/protocol.ts gives them.
import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
} from "vscode-languageserver/node";
import type { Requests } from "../protocol.ts";
import type { Steps } from "../query/api.ts";
import type { Trees } from "./trees.ts";

type Answer<M extends keyof Requests> = Requests[M]["result"];

export function answer<M extends keyof Requests>(
  connection: Connection,
  method: M,
  handler: (params: Requests[M]["params"], token: CancellationToken) => Answer<M> | Promise<Answer<M>>,
): void {
  connection.onRequest(method, (params, token): unknown => handler(params, token));
}

/** Milliseconds of work after which others have their turn. */
const SLICE = 10;

/** Lets the connection read what has come in, and ends the request when that was its cancellation. */
export async function breathe(token: CancellationToken): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  throwIfCancelled(token);
}

export function throwIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested)
    throw new ResponseError(LSPErrorCodes.RequestCancelled, "the request was cancelled");
}

/** Does a query step by step; the indexes stay open for it. */
export async function inSteps<Result>(
  trees: Trees,
  token: CancellationToken,
  steps: Steps<Result>,
): Promise<Result> {
  const release = trees.hold();
  try {
    // Who types sends a question and takes it back with the next letter: what has come in is read first.
    await breathe(token);
    let since = performance.now();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() - since < SLICE) continue;
      await breathe(token);
      since = performance.now();
    }
  } finally {
    release();
  }
}
