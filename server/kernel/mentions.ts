// Where a word stands in a text, and as which identifier: for names that no configuration knows ("pvclock", as
// XENFEAT_hvm_safe_pvclock). Bytes in, places out.

export interface Mention {
  /** From 1. */
  line: number;
  /** The identifier that the word is part of, or the word itself. */
  identifier: string;
}

const NEWLINE = 10;

/** The mentions of a word (in its case of letters), one a line; at most `limit`. */
export function mentionsIn(bytes: Uint8Array, word: string, limit = 20): Mention[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mentions: Mention[] = [];
  if (word === "") return mentions;
  let line = 1;
  let counted = 0;
  for (let at = buffer.indexOf(word); at >= 0 && mentions.length < limit; at = buffer.indexOf(word, at + 1)) {
    for (; counted < at; counted++) if (buffer[counted] === NEWLINE) line++;
    if (mentions.at(-1)?.line !== line)
      mentions.push({ line, identifier: identifierAround(buffer, at, word) });
  }
  return mentions;
}

function identifierAround(buffer: Buffer, at: number, word: string): string {
  const before = /\w*$/.exec(buffer.toString("latin1", Math.max(0, at - 80), at))![0];
  const after = /^\w*/.exec(
    buffer.toString("latin1", at + Buffer.byteLength(word), at + Buffer.byteLength(word) + 80),
  )![0];
  return before + word + after;
}
