// The clocks of a kernel, from its graph: every struct timecounter and eventtimer with what its fields are given, who registers it, and how the
// kernel's entry gets there. A table of the fields that matter, and the join.
import type { ClockSource, KernelGraph, Place } from "./api.ts";
import type { GraphData, WriteData } from "./data.ts";
import { frequencyTracer, type Trace } from "./frequency.ts";

const FIELDS = {
  timecounter: { get: "tc_get_timecount", name: "tc_name", quality: "tc_quality", mask: "tc_counter_mask", frequency: "tc_frequency", register: "tc_init" },
  eventtimer: { get: "et_start", name: "et_name", quality: "et_quality", mask: "", frequency: "et_frequency", register: "et_register" },
} as const; // biome-ignore format: a table

/** Where a kernel's C begins. */
export const ENTRIES = { netbsd: "main", freebsd: "mi_startup" } as const;

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
    for (const { variable, place, unit } of owners(data, what, writes)) {
      const own = writes.filter((write) => write.variable === variable || (write.variable === undefined && pointerBase(write) === variable && fileOf(write.place) === unit));
      const registering = calls.filter(({ args, place: at }) => namesVariable(args[0] ?? "", variable) && fileOf(at) === unit);
      found.push(describe(what, variable, placeOf(place), own, placeOf, tracer(), registering.map(({ caller, place: at }) => {
        const name = functionName(caller);
        const path = graph.paths(ENTRIES[graph.system], name, 1)[0];
        return { function: name, ...placeOf(at), ...(path === undefined ? {} : { path }) };
      })));
    }
  }
  return found.sort((a, b) => Number(b.quality ?? 0) - Number(a.quality ?? 0) || (a.place.file < b.place.file ? -1 : 1));
} // biome-ignore format: one join

const fileOf = (place: number): number => place >>> 17;

/** Variables of the type, and what pointers reach where fields are given through them: `sc->sc_tc.tc_name = ...`. */
function owners(
  data: GraphData,
  what: string,
  writes: readonly WriteData[],
): { variable: string; place: number; unit: number }[] {
  const found = data.instances
    .filter(({ struct }) => struct === what)
    .map(({ variable, place }) => ({ variable, place, unit: fileOf(place) }));
  const known = new Set(found.map(({ variable }) => variable));
  const reached = new Map<string, { variable: string; place: number; unit: number }>();
  for (const write of writes) {
    if (write.variable !== undefined && known.has(write.variable)) continue;
    const isDescription = /_(name|get_timecount|start)$/.test(write.field);
    const base = pointerBase(write);
    const key = `${fileOf(write.place)} ${base}`;
    if (isDescription && !reached.has(key))
      reached.set(key, { variable: base, place: write.place, unit: fileOf(write.place) });
  }
  return [...found, ...reached.values()];
}

/** "sc->sc_tc" of "sc->sc_tc.tc_name", "tc" of "tc->tc_name". */
const pointerBase = ({ base, variable }: WriteData): string => variable ?? base.replace(/(->|\.)\w+$/, "");

function namesVariable(argument: string, variable: string): boolean {
  const plain = (text: string) => text.replace(/^[(&\s]+|[)\s]+$/g, "");
  return plain(argument) === plain(variable);
}

function describe(
  what: "timecounter" | "eventtimer",
  variable: string,
  place: Place,
  writes: readonly WriteData[],
  placeOf: (place: number) => Place,
  trace: Trace,
  registrations: ClockSource["registrations"],
): ClockSource {
  const fields = FIELDS[what];
  const value = (field: string) => {
    const given = writes.filter((write) => write.field === field);
    return (given.find(({ initial }) => initial) ?? given[0])?.value;
  };
  const optional = (key: "name" | "quality" | "mask" | "get") => {
    const text = value(fields[key]);
    return text === undefined ? {} : { [key]: key === "name" ? text.replace(/^"|"$/g, "") : text };
  };
  const frequency = writes
    .filter(({ field }) => field === fields.frequency)
    .map(({ value: text, place: at, function: name }) => {
      const from = trace(text, name, at);
      return {
        value: text,
        ...placeOf(at),
        ...(name === undefined ? {} : { function: name }),
        ...(from.length === 0 ? {} : { from }),
      };
    });
  return {
    what,
    variable,
    place,
    ...optional("name"),
    ...optional("quality"),
    ...optional("mask"),
    ...optional("get"),
    frequency,
    configured: true,
    registrations,
  };
}
