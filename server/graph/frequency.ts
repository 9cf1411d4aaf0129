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

/** Fields that so many other files give a value to say nothing of one clock. */
const MAX_ELSEWHERE = 4;

/** What a function returns to say that it has found something or not. */
const ANSWER = /^[(-]*(?:[01]|true|false|E[A-Z]+)\)*$/;

/** A value as it stands somewhere: what is followed back. */
interface Standing {
  readonly value: string;
  readonly function?: string | undefined;
  readonly place: number;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly filledBy?: string | undefined;
}

export type Trace = (standing: Standing) => readonly FrequencySource[];

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
    const trace = (standing: Standing, chain: readonly string[]): FrequencySource[] => {
      if (chain.length === MAX_DEPTH) return [];
      const own = feedsOf(standing, byTarget).filter((feed) => says(feed, chain) && isNew(feed));
      return own.map((feed) => described(feed, trace(feed, [...chain, keyOf(feed, feed.target)]), placeOf));
    };
    return (standing) => trace(standing, []);
  };
}

/** Of a name in a function: a local is another one elsewhere. */
const keyOf = ({ kind, function: within }: FeedData, name: string): string =>
  kind === "local" ? `${within} ${name}` : name;

/** Not zero, no mere answer, and not what has been followed already. */
function says(feed: FeedData, chain: readonly string[]): boolean {
  const { kind, value, function: within } = feed;
  if (value === "0" || (kind === "result" && ANSWER.test(value))) return false;
  return !chain.includes(value) && !chain.includes(`${within} ${value}`);
}

function described(
  { target, kind, value, place, function: within }: FeedData,
  from: readonly FrequencySource[],
  placeOf: (place: number) => Place,
): FrequencySource {
  const reads = HARDWARE.exec(value)?.[1];
  const [name, parameter] = target.split("#");
  const takes =
    kind === "result"
      ? `${name}()`
      : parameter === undefined
        ? target
        : `*argument ${Number(parameter) + 1} of ${name}`;
  return {
    ...placeOf(place),
    target: takes,
    value,
    ...(within === undefined ? {} : { function: within }),
    ...(reads === undefined ? {} : { reads }),
    ...(from.length === 0 ? {} : { from }),
  };
}

/** What feeds the names of a value: what a call fills, results of functions that it calls, and what its variables and fields are given. */
function feedsOf(standing: Standing, byTarget: ReadonlyMap<string, FeedData[]>): FeedData[] {
  const { value, place, fields, filledBy } = standing;
  const filling = nearest(byTarget.get(filledBy ?? "") ?? [], place);
  if (filling.length > 0) return [...filling];
  const plain = value.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const found: FeedData[] = [];
  for (const [whole, before, name, after] of plain.matchAll(/(->|\.)?\s*\b([A-Za-z_]\w*)\b(\s*\()?/g)) {
    // A read of the hardware is where it ends.
    if (after !== undefined && HARDWARE.test(whole)) continue;
    const feeds = byTarget.get(name!) ?? [];
    if (after !== undefined)
      found.push(
        ...nearest(
          feeds.filter(({ kind }) => kind === "result"),
          place,
        ),
      );
    else if (before !== undefined) found.push(...fieldFeeds(feeds, fields?.[name!], place));
    else found.push(...variableFeeds(feeds, standing));
  }
  return [...new Set(found)];
}

/** A local is what its function has given it before; any other name is a variable of file scope. */
function variableFeeds(
  feeds: readonly FeedData[],
  { function: within, place }: Standing,
): readonly FeedData[] {
  const local = feeds.filter(
    (feed) => feed.kind === "local" && feed.function === within && fileOf(feed.place) === fileOf(place),
  );
  if (local.length === 0)
    return nearest(
      feeds.filter(({ kind }) => kind === "variable"),
      place,
    );
  return local.filter(({ seenFrom }) => seenFrom <= place);
}

/** Fields of one name stand in many structs: those of this one, where it is known. */
function fieldFeeds(
  feeds: readonly FeedData[],
  struct: string | undefined,
  place: number,
): readonly FeedData[] {
  const found = nearest(
    feeds.filter(
      (feed) =>
        feed.kind === "field" &&
        (struct === undefined || feed.struct === undefined || feed.struct === struct),
    ),
    place,
  );
  const elsewhere = new Set(found.map((feed) => fileOf(feed.place)));
  return elsewhere.size > MAX_ELSEWHERE ? [] : found;
}

/** Where the file itself gives values to something, it means that. */
function nearest(feeds: readonly FeedData[], place: number): readonly FeedData[] {
  const own = feeds.filter((feed) => fileOf(feed.place) === fileOf(place));
  return own.length > 0 ? own : feeds;
}

const fileOf = (place: number): number => place >>> LINE_BITS;
