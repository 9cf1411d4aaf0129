// Reads configuration files as text: bytes to string, with a limit, so that a wrong path (a kernel, a disk image) cannot stall the parser.

import type { ReadFile } from "./api.ts";

/** No configuration file comes near: the largest of NetBSD and FreeBSD have 0.3 MB. */
const LARGEST = 8 << 20;

export type TextResult = { text: string } | { error: string };

const decoder = new TextDecoder("utf-8");

/** The text of a file, or why there is none: "there is no such file", "...". `read` may throw; that is told as its message. */
export function readText(path: string, read: ReadFile): TextResult {
  let bytes: Uint8Array | undefined;
  try {
    bytes = read(path);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
  if (bytes === undefined) return { error: "there is no such file" };
  if (bytes.length > LARGEST) return { error: `${bytes.length} bytes are too many for a configuration file` };
  return { text: decoder.decode(bytes) };
}
