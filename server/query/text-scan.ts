// One job of a text search: reads some files and finds the lines that match. Runs in a worker thread or in this one. No pattern
// hangs it: a time limit ends an expression that backtracks without end.
import { closeSync, openSync, readSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import type { JobSteps } from "../index/threads.ts";
import { reasonOf } from "../index/tree.ts";
import { labelPlaces, type TextPlace } from "./text-labels.ts";
import { compile, type Needle, type TextPattern } from "./text-pattern.ts";

export interface TextJob {
  readonly root: string;
  readonly pattern: TextPattern;
  /** Relative to the root; `size` as it was when the index saw it; `text` counts instead of what is on disk. */
  readonly files: readonly { readonly path: string; readonly size: number; readonly text?: Uint8Array }[];
  /** At most so many lines. */
  readonly limit: number;
  /** Milliseconds for one file. */
  readonly patience: number;
}

/** A line that matches, with its first match. */
export interface FoundLine {
  /** Index among the job's files. */
  readonly file: number;
  readonly line: number;
  /** Of the first match, in bytes from 1, and its length in bytes. */
  readonly column: number;
  readonly length: number;
  /** The line, without its end; cut where it is long. */
  readonly text: string;
  readonly place: TextPlace;
}

export interface TextJobResult {
  readonly lines: FoundLine[];
  /** Files that could not be read, or on which the pattern took too long. */
  readonly unsearched: { readonly file: string; readonly reason: string; readonly tooSlow: boolean }[];
}

const MAX_LINE = 400;
/** Files between two looks at the clock: setting the time limit costs as much as reading a file. */
const BATCH = 64;

interface Match {
  readonly offset: number;
  readonly length: number;
}

export function* scanTexts(job: TextJob): JobSteps<TextJobResult> {
  const needle = compile(job.pattern);
  const result: TextJobResult = { lines: [], unsearched: [] };
  for (let first = 0; first < job.files.length && result.lines.length < job.limit; first += BATCH) {
    const last = Math.min(first + BATCH, job.files.length);
    const before = result.lines.length;
    const unread = result.unsearched.length;
    const batch = () => {
      for (let file = first; file < last; file++) scanFile(job, needle, file, result);
    };
    if (needle.kind === "bytes") batch();
    else if (!within(job.patience, batch)) {
      // Some file of these takes too long: each by itself, then.
      result.lines.length = before;
      result.unsearched.length = unread;
      for (let file = first; file < last; file++) scanPatiently(job, needle, file, result);
      if (result.unsearched.some(({ tooSlow }) => tooSlow)) return result;
    }
    yield last;
  }
  return result;
}

const context = vm.createContext({ run: () => {} });
const script = new vm.Script("run()");

/** Runs something for at most so many milliseconds; false when it had to be cut off. */
function within(milliseconds: number, run: () => void): boolean {
  try {
    context.run = run;
    script.runInContext(context, { timeout: milliseconds });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  }
}

function scanPatiently(job: TextJob, needle: Needle, file: number, result: TextJobResult): void {
  if (result.unsearched.some(({ tooSlow }) => tooSlow)) return;
  const before = result.lines.length;
  if (within(job.patience, () => scanFile(job, needle, file, result))) return;
  result.lines.length = before;
  const reason = `the pattern took more than ${job.patience / 1000} s`;
  result.unsearched.push({ file: job.files[file]!.path, reason, tooSlow: true });
}

let buffer = Buffer.allocUnsafe(1 << 20);

function scanFile(job: TextJob, needle: Needle, file: number, result: TextJobResult): void {
  const { path: name, size, text } = job.files[file]!;
  const length = text === undefined ? readFile(path.join(job.root, name), size) : takeText(text);
  if (typeof length === "string") {
    result.unsearched.push({ file: name, reason: length, tooSlow: false });
    return;
  }
  const room = job.limit - result.lines.length;
  const matches =
    needle.kind === "bytes" ? findBytes(needle.bytes, length, room) : findRegex(needle.regex, length, room);
  if (matches.length > 0) addLines(name, file, length, matches, result.lines);
}

/** The first match of each line; at most `room`. */
function findBytes(needle: Buffer, length: number, room: number): Match[] {
  const text = buffer.subarray(0, length);
  const matches: Match[] = [];
  for (let at = text.indexOf(needle); at >= 0 && matches.length < room; ) {
    matches.push({ offset: at, length: needle.length });
    const end = text.indexOf(0x0a, at);
    at = end < 0 ? -1 : text.indexOf(needle, end + 1);
  }
  return matches;
}

function findRegex(regex: RegExp, length: number, room: number): Match[] {
  const text = buffer.toString("latin1", 0, length);
  const matches: Match[] = [];
  regex.lastIndex = 0;
  for (let found = regex.exec(text); found !== null && matches.length < room; found = regex.exec(text)) {
    // A file's end after its last line's end is no line.
    if (found.index >= length) break;
    matches.push({ offset: found.index, length: found[0].length });
    const end = text.indexOf("\n", found.index);
    if (end < 0) break;
    regex.lastIndex = end + 1;
  }
  return matches;
}

/** Turns matches, which ascend and stand in lines of their own, into lines with their labels. */
function addLines(
  name: string,
  file: number,
  length: number,
  matches: readonly Match[],
  lines: FoundLine[],
): void {
  const text = buffer.subarray(0, length);
  const offsets = matches.map(({ offset }) => offset);
  const places = labelPlaces(text, length, offsets, /\.[sS]$/.test(name));
  let line = 1;
  let start = 0;
  for (const [i, match] of matches.entries()) {
    for (
      let end = text.indexOf(0x0a, start);
      end >= 0 && end < match.offset;
      end = text.indexOf(0x0a, start)
    ) {
      line++;
      start = end + 1;
    }
    const end = text.indexOf(0x0a, match.offset);
    const whole = text.toString("utf8", start, Math.min(end < 0 ? length : end, start + MAX_LINE));
    lines.push({
      file,
      line,
      column: match.offset - start + 1,
      length: match.length,
      text: whole.replace(/\r$/, ""),
      place: places[i]!,
    });
  }
}

/** Puts a text into the buffer; its length. */
function takeText(text: Uint8Array): number {
  if (text.length + 1 > buffer.length) buffer = Buffer.allocUnsafe(text.length + (1 << 16));
  buffer.set(text);
  return text.length;
}

/** Reads a file into the buffer, as long as it is now; its length, or why it cannot be read. */
function readFile(file: string, size: number): number | string {
  try {
    const fd = openSync(file, "r");
    try {
      if (size + 1 > buffer.length) buffer = Buffer.allocUnsafe(size + (1 << 16));
      let length = 0;
      for (;;) {
        const count = readSync(fd, buffer, length, buffer.length - length, null);
        length += count;
        if (count === 0 || length === size) return length;
        if (length < buffer.length) continue;
        const larger = Buffer.allocUnsafe(buffer.length * 2);
        buffer.copy(larger);
        buffer = larger;
      }
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return reasonOf(error);
  }
}
