// Where a frequency comes from: from the value that a clock is given back through variables, fields and functions, to constants and to what reads
// the hardware. By name, like feeds.ts, with a bound: a chain is for a person to read.
import { LINE_BITS } from "../lang/preprocess/prepare.ts";
import type { FrequencySource, Place } from "./api.ts";
import type { FeedData } from "./data.ts";

/** Functions that read a counter or ask the processor. */
const HARDWARE =
  /\b(x86_cpuid2?|do_cpuid|cpuid_count|rdmsr\w*|rdtsc\w*|cpu_counter\w*|in[bwl]|bus_space_read_\w+|lapic_readreg|lapic_read\w*|lapic_gettick|gettick|i8254_get_timecount|getit|acpi_timer_read|hpet_read\w*|bus_read_\w+)\s*\(/;

/** Steps back from the clock, and sources shown of one clock. */
const MAX_DEPTH = 8;
const MAX_SOURCES = 60;

export type Trace = (value: string, within: string | undefined, place: number) => readonly FrequencySource[];

/** Follows the feeds of a graph: of a value that stands in a function. Each assignment is shown once, where it is nearest to the clock. */
export function frequencyTracer(feeds: readonly FeedData[], placeOf: (place: number) => Place): () => Trace {
  const byTarget = new Map<string, FeedData[]>();
  for (const feed of feeds) byTarget.set(feed.target, [...(byTarget.get(feed.target) ?? []), feed]);
  return () => {
    const shown = new Set<string>();
    /** Is it new, and is there room? The same value is often given twice, in two branches. */
    const isNew = ({ target, value, function: within }: FeedData): boolean => {
      const key = `${target} ${value} ${within}`;
      if (shown.has(key) || shown.size === MAX_SOURCES) return false;
      shown.add(key);
      return true;
    };
    const trace = (
      value: string,
      within: string | undefined,
      file: number,
      depth: number,
    ): FrequencySource[] => {
      if (depth === MAX_DEPTH) return [];
      const own = feedsOf(value, within, file, byTarget).filter((feed) => feed.value !== "0" && isNew(feed));
      return own.map((feed) => {
        const from = trace(feed.value, feed.function, fileOf(feed.place), depth + 1);
        const reads = HARDWARE.exec(feed.value)?.[1];
        return {
          ...placeOf(feed.place),
          target: feed.kind === "result" ? `${feed.target}()` : feed.target,
          value: feed.value,
          ...(feed.function === undefined ? {} : { function: feed.function }),
          ...(reads === undefined ? {} : { reads }),
          ...(from.length === 0 ? {} : { from }),
        };
      });
    };
    return (value, within, place) => trace(value, within, fileOf(place), 0);
  };
}

/** What feeds the names of a value: results of functions that it calls, and what its variables and fields are given. */
function feedsOf(
  value: string,
  within: string | undefined,
  file: number,
  byTarget: ReadonlyMap<string, FeedData[]>,
): FeedData[] {
  const plain = value.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const found: FeedData[] = [];
  for (const [, before, name, after] of plain.matchAll(/(->|\.)?\s*\b([A-Za-z_]\w*)\b(\s*\()?/g)) {
    const wanted = after !== undefined ? "result" : before !== undefined ? "field" : "variable";
    const feeds = byTarget.get(name!) ?? [];
    const local = feeds.filter((feed) => feed.kind === "local" && feed.function === within);
    if (wanted === "variable" && local.length > 0) found.push(...local);
    else
      found.push(
        ...nearest(
          feeds.filter((feed) => feed.kind === wanted),
          file,
        ),
      );
  }
  return [...new Set(found)];
}

/** Fields of one name stand in many structs: where the file itself gives values to one, it means that. */
function nearest(feeds: readonly FeedData[], file: number): readonly FeedData[] {
  const own = feeds.filter(({ place }) => fileOf(place) === file);
  return own.length > 0 ? own : feeds;
}

const fileOf = (place: number): number => place >>> LINE_BITS;
