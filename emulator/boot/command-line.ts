// The kernel's command line as bytes in guest memory: Latin-1 with a NUL behind it. Must not know any boot protocol.

import { CMDLINE_ADDRESS, CMDLINE_LIMIT, type MemoryWrite } from "./layout.ts";

/** The text at CMDLINE_ADDRESS. Throws RangeError for a text that does not fit or is not Latin-1. */
export function commandLine(text: string): MemoryWrite {
  const bytes = latin1(text, "The kernel command line");
  if (bytes.length > CMDLINE_LIMIT) {
    throw new RangeError(
      `The kernel command line is ${text.length} characters long; at most ${CMDLINE_LIMIT - 1} fit.`,
    );
  }
  return { address: CMDLINE_ADDRESS, bytes, what: "command line" };
}

/** The characters' bytes and a NUL. `what` names the text in the RangeError for one that is not Latin-1. */
export function latin1(text: string, what: string): Uint8Array {
  const bytes = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code > 0xff) {
      throw new RangeError(`${what} has a character that is not Latin-1, at position ${i + 1}.`);
    }
    bytes[i] = code;
  }
  return bytes;
}
