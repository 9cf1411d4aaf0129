// What stops the guest besides breakpoints: exceptions, interrupts, unknown MSRs and ports, the kernel's own panic. Filters by
// name, for users to choose from. Data and pure functions; must not know DAP.

import type { Catch, CatchOptions } from "./target.ts";

export interface CatchFilter {
  id: string;
  label: string;
  description: string;
  /** What a condition may look like; undefined where none makes sense. */
  condition?: string;
  /** On when a session begins. */
  initially: boolean;
}

/** A filter that is on. */
export interface ChosenCatch {
  id: string;
  /** A C expression; stops where it is not zero. For interrupts also a list of vectors: `0x60, 0xd0-0xdf`. */
  condition?: string | undefined;
}

export const CATCH_FILTERS: readonly CatchFilter[] = [
  { id: "panic", label: "Guest panic", description: "The kernel calls panic()", initially: true },
  {
    id: "page-fault", label: "#PF page fault", description: "Before the fault is delivered", initially: false,
    condition: "$_error & 2, or $_address < 4096: the error code and the address",
  },
  {
    id: "general-protection", label: "#GP general protection", description: "Before the fault is delivered", initially: false,
    condition: "$_error != 0",
  },
  {
    id: "exception", label: "Any other exception", description: "#UD, #DE, #NM, #SS, double fault, ...: all below 32 but #PF, #GP and NMI", initially: false,
    condition: "$_vector == 6",
  },
  { id: "unknown-msr", label: "Unknown MSR", description: "RDMSR or WRMSR of a register that the machine does not have", initially: false, condition: "$_number == 0x8b" },
  { id: "unknown-port", label: "Unknown I/O port", description: "IN or OUT of a port where no device is", initially: false, condition: "$_number == 0xcf8" },
  {
    id: "interrupt", label: "Interrupt vectors", description: "At the handler's first instruction; the condition names the vectors", initially: false,
    condition: "0xc0, 0x60-0x6f (vectors), or $_vector == 0xc0",
  },
]; // biome-ignore format: a table

const PAGE_FAULT = 14;
const GENERAL_PROTECTION = 13;
const NMI = 2;

const vectorsOf = (filter: string): number[] => {
  const all = Array.from({ length: 256 }, (_, vector) => vector);
  switch (filter) {
    case "page-fault":
      return [PAGE_FAULT];
    case "general-protection":
      return [GENERAL_PROTECTION];
    case "exception":
      return all.filter((each) => each < 32 && ![PAGE_FAULT, GENERAL_PROTECTION, NMI].includes(each));
    case "interrupt":
      return all.filter((each) => each >= 32 || each === NMI);
    default:
      return [];
  }
};

/** `0x60, 0xd0-0xdf` as vectors; undefined for anything else. */
function vectorList(condition: string | undefined): number[] | undefined {
  if (!condition || !/^[\s,\-0-9a-fA-FxX]+$/.test(condition)) return undefined;
  return condition.split(",").flatMap((part) => {
    const [first = NaN, last = first] = part.split("-").map(Number);
    return first >= 0 && last < 256 ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
  });
}

const chosenVectors = ({ id, condition }: ChosenCatch): number[] => {
  const listed = id === "interrupt" ? vectorList(condition) : undefined;
  return vectorsOf(id).filter((vector) => !listed || listed.includes(vector));
};

/** What the target has to look out for. */
export function catchOptions(chosen: readonly ChosenCatch[]): CatchOptions {
  return {
    vectors: [...new Set(chosen.flatMap(chosenVectors))].sort((left, right) => left - right),
    unknownMsr: chosen.some(({ id }) => id === "unknown-msr"),
    unknownPort: chosen.some(({ id }) => id === "unknown-port"),
  };
}

/** The filter that a catch belongs to, with the condition that is still to be judged. */
export function filterOf(caught: Catch, chosen: readonly ChosenCatch[]): ChosenCatch | undefined {
  const found = chosen.find((each) =>
    caught.vector === undefined || caught.reason.startsWith("unknown")
      ? each.id === caught.reason
      : chosenVectors(each).includes(caught.vector),
  );
  return found && vectorList(found.condition) ? { id: found.id } : found;
}
