// The clocks of a kernel, from its graph: every struct timecounter and eventtimer with what its fields are given, who registers it, and how the
// kernel's entry gets there. A table of the fields that matter, and the join.
import { LINE_BITS } from "../lang/preprocess/prepare.ts";
import type { ClockSource, FrequencySource, KernelGraph, LaterValue, Place } from "./api.ts";
import type { GraphData, WriteData } from "./data.ts";
import { frequencyTracer, type Trace } from "./frequency.ts";

const FIELDS = {
  timecounter: { get: "tc_get_timecount", name: "tc_name", quality: "tc_quality", mask: "tc_counter_mask", frequency: "tc_frequency", register: "tc_init" },
  eventtimer: { get: "et_start", name: "et_name", quality: "et_quality", mask: "", frequency: "et_frequency", register: "et_register" },
} as const; // biome-ignore format: a table

type What = keyof typeof FIELDS;

const DESCRIBED = ["name", "quality", "mask", "get"] as const;

/** Where a kernel's C begins. */
export const ENTRIES = { netbsd: "main", freebsd: "mi_startup" } as const;

/** A clock's variable, or what stands for it where it is reached through a pointer; `unit` is the file that it is of. */
interface Owner {
  readonly variable: string;
  readonly place: number;
  readonly unit: number;
}

export function clockSources(
  data: GraphData,
  graph: KernelGraph,
  placeOf: (place: number) => Place,
  functionName: (number: number) => string,
): ClockSource[] {
  const found: ClockSource[] = [];
  const tracer = frequencyTracer(data.feeds, placeOf);
  for (const what of ["timecounter", "eventtimer"] as const) {
    const writes = data.writes.filter(({ struct }) => struct === what);
    const calls = data.recorded.filter(({ callee }) => callee === FIELDS[what].register);
    const all = owners(data, what, writes);
    const layer = fileOf(
      data.functions.find(([name, , at]) => name === FIELDS[what].register && at >= 0)?.[2] ?? -1,
    );
    for (const owner of all) {
      const { variable, place } = owner;
      const registrations = calls
        .filter((call) => isRegistered(owner, call, all))
        .map(({ caller, place: at }) => {
          const name = functionName(caller);
          const path = graph.paths(ENTRIES[graph.system], name, 1)[0];
          return { function: name, ...placeOf(at), ...(path === undefined ? {} : { path }) };
        });
      const own = writes.filter((write) => isWritten(owner, write, all, layer));
      const given = { ...fieldsOf(what, own, placeOf), frequency: frequencies(what, own, placeOf, tracer()) };
      found.push({ what, variable, place: placeOf(place), ...given, configured: true, registrations });
    }
  }
  return found.sort((a, b) => bestQuality(b) - bestQuality(a) || (a.place.file < b.place.file ? -1 : 1));
}

const fileOf = (place: number): number => place >>> LINE_BITS;

/** The highest that is a number. */
function bestQuality({ quality, later }: ClockSource): number {
  const given = [quality, ...later.filter(({ field }) => field === "quality").map(({ value }) => value)];
  const numbers = given
    .map((value) => Number(value?.replace(/^\((.*)\)$/, "$1")))
    .filter((n) => !Number.isNaN(n));
  return numbers.length === 0 ? 0 : Math.max(...numbers);
}

/** Variables of the type, and what pointers reach where fields are given through them: `sc->sc_tc.tc_name = ...`. */
function owners(data: GraphData, what: string, writes: readonly WriteData[]): Owner[] {
  const found = data.instances
    .filter(({ struct }) => struct === what)
    .map(({ variable, place }) => ({ variable, place, unit: fileOf(place) }));
  const known = new Set(found.map(({ variable }) => variable));
  const reached = new Map<string, Owner>();
  for (const write of writes) {
    if (write.variable !== undefined && known.has(write.variable)) continue;
    const isDescription = /_(name|get_timecount|start)$/.test(write.field);
    const base = pointerBase(write);
    const key = `${fileOf(write.place)} ${base}`;
    const isKnown = found.some(({ unit }) => unit === fileOf(write.place)) && /^\w+$/.test(base);
    if (isDescription && !isKnown && !reached.has(key))
      reached.set(key, { variable: base, place: write.place, unit: fileOf(write.place) });
  }
  return [...found, ...reached.values()];
}

/** "sc->sc_tc" of "sc->sc_tc.tc_name", "tc" of "tc->tc_name". */
const pointerBase = ({ base, variable }: WriteData): string => variable ?? base.replace(/(->|\.)\w+$/, "");

/**
 * Is a field of the clock given that? Through a plain pointer (`et->et_frequency`) it is the file's one clock that is meant, but for the
 * `layer`, the file that registers all of them.
 */
function isWritten(
  { variable, unit }: Owner,
  write: WriteData,
  all: readonly Owner[],
  layer: number,
): boolean {
  if (write.variable !== undefined) return write.variable === variable;
  if (fileOf(write.place) !== unit) return false;
  const base = pointerBase(write);
  if (base === variable) return true;
  const ofFile = all.filter((owner) => owner.unit === unit);
  return unit !== layer && ofFile.length === 1 && /^\w+$/.test(base);
}

/** Does the call register it? A variable of another file is meant where the caller's has none of that name. */
function isRegistered(
  { variable, unit }: Owner,
  { args, place }: GraphData["recorded"][number],
  all: readonly Owner[],
): boolean {
  const plain = (text: string) => text.replace(/^[(&\s]+|[)\s]+$/g, "");
  if (plain(args[0] ?? "") !== plain(variable)) return false;
  if (fileOf(place) === unit) return true;
  const isOwn = all.some((owner) => owner.variable === variable && owner.unit === fileOf(place));
  return !isOwn && args[0]!.includes("&") && /^\w+$/.test(variable);
}

/** A null pointer, which stands for no function. */
const NULL = /^\(*void\s*\*\s*\)\s*0\)*$/;

/** What each field has first, an initialiser before all others, and what else it is given. */
function fieldsOf(what: What, writes: readonly WriteData[], placeOf: (place: number) => Place) {
  const first: Partial<Record<LaterValue["field"], string>> = {};
  const later: LaterValue[] = [];
  for (const field of DESCRIBED) {
    const given = writes.filter((write) => write.field === FIELDS[what][field]);
    const chosen =
      given.find(({ initial, value }) => initial && !NULL.test(value)) ??
      given.find(({ value }) => !NULL.test(value));
    if (chosen === undefined) continue;
    const text = (value: string) => (field === "name" ? value.replace(/^"|"$/g, "") : value);
    first[field] = text(chosen.value);
    for (const { value, function: by, place } of given)
      if (value !== chosen.value && !NULL.test(value))
        later.push({
          field,
          value: text(value),
          ...(by === undefined ? {} : { function: by }),
          ...placeOf(place),
        });
  }
  return { ...first, later };
}

function frequencies(
  what: What,
  writes: readonly WriteData[],
  placeOf: (place: number) => Place,
  trace: Trace,
): FrequencySource[] {
  return writes
    .filter(({ field }) => field === FIELDS[what].frequency)
    .map(({ value, place, function: name }) => {
      const from = trace({ value, function: name, place });
      return {
        value,
        ...placeOf(place),
        ...(name === undefined ? {} : { function: name }),
        ...(from.length === 0 ? {} : { from }),
      };
    });
}
