// gdb's `disassemble`, with its modifiers /r (raw bytes) and /s (source lines between), and `list`.

import type { AddressRange } from "../symbols/api.ts";
import { resolveSites } from "./breakpoints.ts";
import type { Debugger } from "./debugger.ts";
import { disassemble, hexBytes, type Instruction } from "./disassembly.ts";
import { evaluateAddress } from "./expressions/evaluator.ts";
import type { Frame } from "./frames.ts";
import { parseLocation } from "./locations.ts";
import { hex, hex64 } from "./numbers.ts";
import { EvaluationError } from "./values.ts";

/** A function larger than this is cut: nobody reads on. */
const MAX_INSTRUCTIONS = 20_000;

interface Extent {
  /** More than one where the compiler has split the function (its cold code). */
  ranges: readonly AddressRange[];
  title: string;
  label(address: bigint): string;
}

/** `disassemble`, `disassemble /rs FUNCTION`, `disassemble START,END`, `START,+LENGTH`. */
export async function disassembleCommand(
  rest: string,
  modifiers: string,
  session: Debugger,
  frame: Frame | undefined,
): Promise<string> {
  const unknown = /[^rsm]/.exec(modifiers)?.[0];
  if (unknown) throw new EvaluationError("Invalid disassembly modifier.");
  const extent = extentOf(rest, session, frame);
  const pc = frame?.pc ?? session.target.readRegister("rip");
  const row = ({ address, bytes, text }: Instruction) => {
    const raw = modifiers.includes("r") ? `${hexBytes(bytes).padEnd(19)}\t` : "";
    return `${address === pc ? "=>" : "  "} ${extent.label(address)}:\t${raw}${text}`;
  };
  const lines: string[] = [];
  for (const range of extent.ranges) {
    const instructions = await instructionsOf(range, session);
    if (extent.ranges.length > 1) lines.push(`Address range ${hex(range.low)} to ${hex(range.high)}:`);
    lines.push(...(/[sm]/.test(modifiers) ? withSource(instructions, row, session) : instructions.map(row)));
  }
  return [`Dump of assembler code ${extent.title}:`, ...lines, "End of assembler dump."].join("\n");
}

function extentOf(rest: string, session: Debugger, frame: Frame | undefined): Extent {
  const context = session.context(frame);
  const [start = "", end] = rest.split(",").map((each) => each.trim());
  if (end !== undefined) {
    const low = evaluateAddress(start, context);
    const high = end.startsWith("+")
      ? low + evaluateAddress(end.slice(1), context)
      : evaluateAddress(end, context);
    const label = (at: bigint) =>
      `${hex64(at)} ${session.around.symbolic(at).replace(/^(<[^+]+)>$/, "$1+0>")}`;
    return { ranges: [{ low, high }], title: `from ${hex(low)} to ${hex(high)}`, label };
  }
  const address =
    start === "" ? (frame?.pc ?? session.target.readRegister("rip")) : evaluateAddress(start, context);
  const symbol = session.symbols.symbolAt(address)?.symbol;
  if (!symbol || symbol.size === 0)
    throw new EvaluationError("No function contains program counter for selected frame.");
  const body = session.symbols.functionsAt(symbol.address).at(-1);
  const split = body && body.ranges.length > 1 && body.ranges[0]?.low === symbol.address;
  const whole = { low: symbol.address, high: symbol.address + BigInt(symbol.size) };
  return {
    ranges: split ? body.ranges : [whole],
    title: `for function ${body?.ranges[0]?.low === symbol.address ? body.name : symbol.name}`,
    label: (at) => `${hex64(at)} <${at < symbol.address ? "" : "+"}${at - symbol.address}>`,
  };
}

async function instructionsOf({ low, high }: AddressRange, session: Debugger): Promise<Instruction[]> {
  const { memory, linkage, symbolic } = session.around;
  const all: Instruction[] = [];
  for (let at = low; at < high && all.length < MAX_INSTRUCTIONS; ) {
    const list = await disassemble(at, 256, memory, linkage ?? symbolic);
    const last = list.at(-1);
    if (!last) break;
    all.push(...list.filter(({ address }) => address < high));
    at = last.address + BigInt(last.bytes.length);
  }
  return all;
}

/** Source lines before the code that was made of them; those without code go with the next that has some. */
function withSource(
  instructions: readonly Instruction[],
  row: (instruction: Instruction) => string,
  session: Debugger,
): string[] {
  const places = instructions.map(({ address }) => session.symbols.lineAt(address));
  const withCode = new Set(places.map((place) => place && `${place.file}:${place.line}`));
  const shown = new Map<string, number>();
  const out: string[] = [];
  let [file, line]: [string | undefined, number | undefined] = [undefined, undefined];
  for (const [index, instruction] of instructions.entries()) {
    const place = places[index];
    if (place && (place.file !== file || place.line !== line)) {
      if (out.length > 0) out.push("");
      if (place.file !== file) out.push(`${place.file}:`);
      let first = place.line;
      const last = shown.get(place.file) ?? place.line - 1;
      while (first - 1 > last && !withCode.has(`${place.file}:${first - 1}`)) first--;
      for (let each = first; each <= place.line; each++) out.push(sourceLine(place.file, each, session));
      shown.set(place.file, Math.max(shown.get(place.file) ?? 0, place.line));
      [file, line] = [place.file, place.line];
    }
    out.push(row(instruction));
  }
  return out;
}

/** `57<TAB>text`; without the source here, gdb's `57<TAB>in FILE`. */
const sourceLine = (file: string, line: number, session: Debugger): string =>
  `${line}\t${session.sourceText(file)?.[line - 1] ?? `in ${file}`}`;

const LIST_LINES = 10;

/** `list`, `list FUNCTION`, `list FILE:LINE`: ten lines around. */
export function listCommand(rest: string, session: Debugger, frame: Frame | undefined): string {
  const place = rest === "" ? frame : resolveSites(parseLocation(rest), session.symbols).sites[0];
  if (!place?.file || place.line === undefined)
    throw new EvaluationError(
      rest === "" ? "No line number known for this frame." : `No line number known for ${rest}.`,
    );
  const { file, line } = place;
  const source = session.sourceText(file);
  if (!source) throw new EvaluationError(`${file} is not here: set sourceMap.`);
  const first = Math.max(1, line - LIST_LINES / 2);
  const last = Math.min(source.length, first + LIST_LINES - 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    sourceLine(file, first + i, session),
  ).join("\n");
}
