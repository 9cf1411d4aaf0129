// Answers our own requests with the types that server/protocol.ts gives them.
import type { Connection } from "vscode-languageserver/node";
import type { Requests } from "../protocol.ts";

export function answer<M extends keyof Requests>(
  connection: Connection,
  method: M,
  handler: (params: Requests[M]["params"]) => Requests[M]["result"],
): void {
  connection.onRequest(method, (params): unknown => handler(params));
}
