// QEMU's machine protocol (QMP, docs/interop/qmp-spec): a stream of JSON objects cut into messages. The stream may be hostile: a
// message is bounded, and what is no message is told as such. Pure.

export type Message =
  /** The server's first word. */
  | { kind: "greeting"; version: string }
  | { kind: "return"; id: number | undefined; value: unknown }
  | { kind: "error"; id: number | undefined; text: string }
  | { kind: "event"; name: string; data: Readonly<Record<string, unknown>> }
  /** No message of QMP's; the text is cut. */
  | { kind: "noise"; text: string };

/** Longest message that is read, in characters. */
export const MAX_MESSAGE = 1 << 20;
const MAX_SHOWN = 80;

/** Cuts a stream into JSON objects, by their braces: QEMU writes one a line, or many lines each (pretty=on). */
export class MessageReader {
  #text = "";
  #depth = 0;
  #inString = false;
  #escaped = false;
  #overflow = false;

  *read(chunk: string): Generator<Message> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const ends = this.#take(chunk[i]!) || (this.#depth === 0 && chunk[i] === "\n");
      if (!ends) continue;
      this.#keep(chunk.slice(start, i + 1));
      start = i + 1;
      const text = this.#overflow ? "a message of more than 1 MiB" : this.#text.trim();
      this.#text = "";
      this.#overflow = false;
      if (text !== "") yield messageOf(text);
    }
    this.#keep(chunk.slice(start));
  }

  #keep(more: string): void {
    this.#overflow ||= this.#text.length + more.length > MAX_MESSAGE;
    this.#text = this.#overflow ? "" : this.#text + more;
  }

  /** True at the brace that ends a message. */
  #take(c: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (c === "\\") this.#escaped = true;
      else if (c === '"') this.#inString = false;
      return false;
    }
    if (c === '"') this.#inString = this.#depth > 0;
    else if (c === "{" || c === "[") this.#depth++;
    else if ((c === "}" || c === "]") && this.#depth > 0) return --this.#depth === 0;
    return false;
  }
}

function messageOf(text: string): Message {
  const noise: Message = { kind: "noise", text: text.slice(0, MAX_SHOWN).replace(/[^ -~]/g, " ") };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return noise;
  }
  if (!isRecord(value)) return noise;
  const id = typeof value.id === "number" ? value.id : undefined;
  if (Object.hasOwn(value, "return")) return { kind: "return", id, value: value.return };
  if (isRecord(value.error))
    return { kind: "error", id, text: String(value.error.desc ?? "an error without words") };
  if (typeof value.event === "string")
    return { kind: "event", name: value.event, data: isRecord(value.data) ? value.data : {} };
  return isRecord(value.QMP) ? { kind: "greeting", version: versionOf(value.QMP.version) } : noise;
}

/** {"qemu": {"major": 7, "minor": 2, "micro": 22}, "package": "Debian ..."} -> "7.2.22 (Debian ...)". */
function versionOf(version: unknown): string {
  if (!isRecord(version) || !isRecord(version.qemu)) return "of unknown version";
  const { major, minor, micro } = version.qemu;
  const from = typeof version.package === "string" && version.package !== "" ? ` (${version.package})` : "";
  return `${major}.${minor}.${micro}${from}`;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
