// Which accesses of ports, device pages and MSRs belong to a watchpoint. Pure functions over places; must not know devices.

import { i8254Register } from "../../knowledge/i8254.ts";
import { lapicRegister } from "../../knowledge/lapic.ts";
import type { RegisterKnowledge } from "../../knowledge/registers.ts";
import { tscRegister } from "../../knowledge/tsc.ts";
import type { WatchPlace } from "./watch-api.ts";

/** An access as the board sees it. `tsc`: RDTSC and RDTSCP. */
export interface DeviceAccess {
  space: "port" | "mmio" | "msr" | "tsc";
  address: number;
  size: number;
  /** Absent for reads. */
  written?: bigint;
}

export interface DeviceMatch {
  /** Where its accesses can be: the others need not be looked at. */
  spaces: readonly DeviceAccess["space"][];
  matches(access: DeviceAccess): boolean;
}

const TSC_MSR = 0x10;
const PIT_CONTROL = 0x43;

export function knowledgeOf(device: string, register: string): RegisterKnowledge | undefined {
  if (device === "lapic") return lapicRegister(register);
  if (device === "i8254") return i8254Register(register);
  return device === "tsc" ? tscRegister(register) : undefined;
}

/** Undefined for places that the core watches. Throws RangeError for a register that no instruction accesses. `lapicBase`: physical, now. */
export function deviceMatch(place: WatchPlace, lapicBase: () => number | undefined): DeviceMatch | undefined {
  switch (place.kind) {
    case "port":
      return {
        spaces: ["port"],
        matches: ({ address, size }) => address <= place.last && address + size > place.first,
      };
    case "msr":
      return { spaces: ["msr"], matches: ({ address }) => address === place.index };
    case "register":
      return registerMatch(place.device, place.register, lapicBase);
    default:
      return undefined;
  }
}

function registerMatch(device: string, id: string, lapicBase: () => number | undefined): DeviceMatch {
  const known = knowledgeOf(device, id);
  if (!known) throw new RangeError(`There is no register ${device}.${id}.`);
  const { xapicOffset, msr, port } = known;
  if (xapicOffset === undefined && msr === undefined && port === undefined)
    throw new RangeError(`${device}.${id} is told by CPUID and cannot be watched.`);
  const spaces: DeviceAccess["space"][] = [];
  if (xapicOffset !== undefined) spaces.push("mmio");
  if (msr !== undefined) spaces.push("msr");
  if (msr === TSC_MSR) spaces.push("tsc");
  if (port !== undefined) spaces.push("port");
  return {
    spaces,
    matches(access) {
      switch (access.space) {
        case "mmio": {
          const base = lapicBase();
          if (xapicOffset === undefined || base === undefined) return false;
          const offset = access.address - base;
          return offset < xapicOffset + 4 && offset + access.size > xapicOffset;
        }
        case "msr":
          return access.address === msr;
        case "tsc":
          return msr === TSC_MSR;
        case "port":
          return port !== undefined && portMatches(access, port);
      }
    },
  };
}

/** A counter is set up through the control port too: its number is in bits 7:6 (8254 data sheet, "Control Word Format"). */
function portMatches({ address, size, written }: DeviceAccess, port: number): boolean {
  if (address <= port && address + size > port) return true;
  if (address !== PIT_CONTROL || written === undefined) return false;
  return Number(written >> 6n) === port - 0x40;
}
