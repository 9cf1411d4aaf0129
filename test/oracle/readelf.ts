// Line tables, ranges and call frame information of a whole file against readelf --debug-dump (DWARF 5 ranges: llvm-dwarfdump), row by row as readelf writes them (so that a kernel of
// any size can be compared). Usage: node test/run-ts.mjs test/oracle/readelf.ts FILE... Exits 1 when anything differs.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseElf } from "../../emulator/elf/elf.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import { AT, TAG } from "../../emulator/symbols/dwarf/constants.ts";
import { fromAddress } from "../../emulator/symbols/dwarf/cursor.ts";
import type { Die } from "../../emulator/symbols/dwarf/die.ts";
import { rangesOf } from "../../emulator/symbols/dwarf/ranges.ts";
import {
  FrameReader,
  frameEntry,
  lineRow,
  lineRows,
  ourEntries,
  ourRules,
  unwinderOf,
} from "../symbols/readelf.ts";

/** Counts what is equal and shows the first that is not. */
class Tally {
  private count = 0;
  private differ = 0;

  constructor(private readonly what: string) {}

  compare(ours: string | undefined, readelf: string | undefined): void {
    this.count++;
    if (ours !== readelf && ++this.differ <= 5) console.log(`  ours ${ours} | readelf ${readelf}`);
  }

  /** True when all were equal. */
  report(): boolean {
    console.log(`  ${this.what}: ${this.count} compared, ${this.differ} differ`);
    return this.differ === 0;
  }
}

function dump(path: string, what: string): AsyncIterable<string> {
  const child = spawn("readelf", ["-W", `--debug-dump=${what}`, path], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, LC_ALL: "C" },
  });
  child.stdout.setEncoding("latin1");
  return createInterface({ input: child.stdout });
}

async function compareLines(path: string, bytes: Uint8Array): Promise<boolean> {
  const tally = new Tally("rows of line tables");
  const ours = lineRows(bytes);
  for await (const line of dump(path, "decodedline")) {
    const row = lineRow(line);
    if (row !== undefined) tally.compare(ours.next().value as string | undefined, row);
  }
  for (const row of ours) tally.compare(row, undefined);
  return tally.report();
}

async function compareFrames(path: string, bytes: Uint8Array): Promise<boolean> {
  const rules = new Tally("rows of unwinding rules");
  const entries: string[] = [];
  const reader = new FrameReader();
  const unwinder = unwinderOf(bytes);
  for await (const line of dump(path, "frames-interp")) {
    const entry = frameEntry(line);
    if (entry) entries.push(entry);
    const row = reader.row(line);
    if (row) rules.compare(ourRules(unwinder, row.address), row.rules);
  }
  const functions = new Tally("functions with call frame information");
  const ours = ourEntries(bytes).sort();
  entries.sort();
  for (let i = 0; i < Math.max(ours.length, entries.length); i++) functions.compare(ours[i], entries[i]);
  const equal = rules.report();
  return functions.report() && equal;
}

/** A DIE with a range list: its place, that of the list before DWARF 5, and its ranges as "low-high low-high". */
interface RangeList {
  readonly die: number;
  readonly list: number | undefined;
  readonly base: bigint;
  readonly ranges: string;
}

type Pair = readonly [low: bigint, high: bigint];
const written = (pairs: readonly Pair[]): string =>
  pairs
    .filter(([low, high]) => low !== high)
    .map((pair) => pair.map((at) => at.toString(16)).join("-"))
    .join(" ");

/** The range lists of all units, functions, inlined copies and blocks. */
function* rangeLists(bytes: Uint8Array): Generator<RangeList> {
  const info = new DebugInfo(parseElf(bytes), () => {});
  function* below(die: Die): Generator<RangeList> {
    if (die.has(AT.ranges))
      yield {
        die: die.offset,
        list: die.unit.version < 5 ? die.sectionOffset(AT.ranges) : undefined,
        base: fromAddress(die.unit.basePc),
        ranges: written(rangesOf(die).map(({ low, high }) => [fromAddress(low), fromAddress(high)])),
      };
    if (WITH_CODE.includes(die.tag)) for (const child of die.children()) yield* below(child);
  }
  for (const unit of info.units.withCode) yield* below(unit.root);
}

const WITH_CODE: readonly number[] = [
  TAG.compile_unit,
  TAG.subprogram,
  TAG.inlined_subroutine,
  TAG.lexical_block,
];

/** .debug_ranges as readelf prints it, by offset of the list: pairs below 4 GiB are relative to the unit's base (a kernel lies above). */
async function readelfRanges(path: string): Promise<Map<number, Pair[]>> {
  const lists = new Map<number, Pair[]>();
  let list: Pair[] = [];
  let ended = true;
  for await (const line of dump(path, "Ranges")) {
    const [, start, low, high] =
      /^\s+([0-9a-f]{8})\s+(?:<End|([0-9a-f]{16})\s+([0-9a-f]{16})\s*$)/.exec(line) ?? [];
    if (start === undefined) continue;
    if (ended) {
      list = [];
      lists.set(Number.parseInt(start, 16), list);
    }
    ended = low === undefined;
    if (low) list.push([BigInt(`0x${low}`), BigInt(`0x${high}`)]);
  }
  return lists;
}

/** What llvm-dwarfdump makes of DWARF 5's lists, by DIE: readelf 2.40 prints only the first list of each unit there. */
async function dwarfdumpRanges(path: string): Promise<Map<number, Pair[]>> {
  const lists = new Map<number, Pair[]>();
  const child = spawn("llvm-dwarfdump-14", ["--debug-info", path], { stdio: ["ignore", "pipe", "ignore"] });
  child.on("error", () =>
    console.log("  (llvm-dwarfdump-14 is not here: DWARF 5 range lists are not compared)"),
  );
  child.stdout.setEncoding("latin1");
  let die = 0;
  let list: Pair[] | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const at = /^0x([0-9a-f]{8}): /.exec(line)?.[1];
    if (at) die = Number.parseInt(at, 16);
    if (at || line.includes("DW_AT_")) list = line.includes("DW_AT_ranges\t") ? [] : undefined;
    if (!list) continue;
    lists.set(die, list);
    const [, low, high] = /^\s+\[0x([0-9a-f]+), 0x([0-9a-f]+)\)/.exec(line) ?? [];
    if (low) list.push([BigInt(`0x${low}`), BigInt(`0x${high}`)]);
  }
  return lists;
}

async function compareRanges(path: string, bytes: Uint8Array): Promise<boolean> {
  const ours = [...rangeLists(bytes)];
  const older = ours.some(({ list }) => list !== undefined)
    ? await readelfRanges(path)
    : new Map<number, Pair[]>();
  const newer = ours.some(({ list }) => list === undefined)
    ? await dwarfdumpRanges(path)
    : new Map<number, Pair[]>();
  const tally = new Tally("range lists");
  for (const { die, list, base, ranges } of ours) {
    const pairs = list === undefined ? newer.get(die) : older.get(list);
    const from = (low: bigint) => (list !== undefined && low < 1n << 32n ? base : 0n);
    tally.compare(ranges, pairs && written(pairs.map(([low, high]) => [low + from(low), high + from(low)])));
  }
  return tally.report();
}

async function main(): Promise<void> {
  let equal = true;
  for (const path of process.argv.slice(2)) {
    const started = Date.now();
    const bytes = readFileSync(path);
    console.log(path);
    for (const compare of [compareLines, compareFrames, compareRanges])
      equal = (await compare(path, bytes)) && equal;
    console.log(`  ${((Date.now() - started) / 1000).toFixed(0)} s, ${process.memoryUsage().rss >> 20} MB`);
  }
  process.exit(equal ? 0 : 1);
}

void main();
