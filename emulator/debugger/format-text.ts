// Characters and strings as gdb writes them: `65 'A'`, `"abc", '\000' <repeats 12 times>`, `"..."...`.
// Bytes above 0x7e are written in octal, as gdb does in the C locale. Pure functions over bytes.

/** gdb's `print elements`: no more than this many characters or elements. */
export const PRINT_ELEMENTS = 200;
/** gdb's `print repeats`: runs longer than this are folded. */
export const PRINT_REPEATS = 10;

const ESCAPES = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [9, "\\t"],
  [10, "\\n"],
  [11, "\\v"],
  [12, "\\f"],
  [13, "\\r"],
]);

/** One character within quotes. */
function character(byte: number, quote: string): string {
  const escaped = ESCAPES.get(byte);
  if (escaped) return escaped;
  if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(8).padStart(3, "0")}`;
  const plain = String.fromCharCode(byte);
  return plain === quote || plain === "\\" ? `\\${plain}` : plain;
}

/** `'A'`, `'\000'`, `'\''`. */
export const formatCharacter = (byte: number): string => `'${character(byte & 0xff, "'")}'`;

/** Runs of equal bytes: as many as it takes for `limit` characters, the last run whole. */
function runs(bytes: Uint8Array, limit: number): { list: { byte: number; count: number }[]; end: number } {
  const list: { byte: number; count: number }[] = [];
  let at = 0;
  while (at < bytes.length && at < limit) {
    const byte = bytes[at]!;
    let end = at + 1;
    while (end < bytes.length && bytes[end] === byte) end++;
    list.push({ byte, count: end - at });
    at = end;
  }
  return { list, end: at };
}

/**
 * A string of known length, as gdb's generic_printstr: at most 200 characters, runs of more than 10 folded.
 * `more` says that the string goes on beyond the bytes.
 */
export function formatString(bytes: Uint8Array, more = false): string {
  if (bytes.length === 0) return `""${more ? "..." : ""}`;
  const { list, end } = runs(bytes, PRINT_ELEMENTS);
  const pieces: string[] = [];
  let open = "";
  const close = () => {
    if (open) pieces.push(`"${open}"`);
    open = "";
  };
  for (const { byte, count } of list) {
    if (count > PRINT_REPEATS) {
      close();
      pieces.push(`${formatCharacter(byte)} <repeats ${count} times>`);
      continue;
    }
    open += character(byte, '"').repeat(count);
  }
  close();
  return pieces.join(", ") + (more || end < bytes.length ? "..." : "");
}

/** A character array: one trailing NUL is its terminator and is not shown. */
export function formatCharacterArray(bytes: Uint8Array): string {
  const terminated = bytes.length > 0 && bytes[bytes.length - 1] === 0;
  return formatString(terminated ? bytes.subarray(0, -1) : bytes);
}
