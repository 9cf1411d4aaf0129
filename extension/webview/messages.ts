// What the extension and its webviews say to each other: the one union for each direction. Plain data.
import type { CallGraph, SourcePlace } from "../../server/protocol.ts";

export type ToWebview =
  | { readonly what: "graph"; readonly graph: CallGraph }
  /** Instead of a graph: it is being made, or there is none and why. */
  | { readonly what: "text"; readonly text: string };

export type FromWebview =
  /** The code of the webview runs: it can be told. */
  { readonly what: "ready" } | { readonly what: "open"; readonly place: SourcePlace };

/** What comes from a webview is checked like any input. */
export function isFromWebview(message: unknown): message is FromWebview {
  const { what, place } = (message ?? {}) as { what?: unknown; place?: Partial<SourcePlace> };
  if (what === "ready") return true;
  return what === "open" && typeof place?.uri === "string" && Number.isSafeInteger(place.line);
}
