// Breakpoints and watchpoints: Z0 to Z4 and z0 to z4. Planted at once: gdb inserts them before each resume.

import { BadPacket, numberOf, smallNumberOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";
import type { StubState, Watch } from "./state.ts";

/** More than any user sets; keeps a client that runs wild within bounds. */
const MAX_BREAKPOINTS = 1000;
const MAX_WATCHPOINTS = 64;
const MAX_WATCH_LENGTH = 4096;

const ACCESS: Record<string, Watch["access"]> = { 2: "write", 3: "read", 4: "access" };

interface Place {
  type: string;
  address: bigint;
  kind: number;
}

function placeOf(rest: string): Place {
  // Conditions and commands after the semicolon are offered by nobody here.
  const [type = "", address, kind] = rest.split(";", 1)[0]!.split(",");
  return { type, address: numberOf(address), kind: smallNumberOf(kind) };
}

const breakpointSet = (state: StubState, type: string): Set<bigint> | undefined =>
  type === "0" ? state.software : type === "1" ? state.hardware : undefined;

const sameWatch = (watch: Watch, { type, address, kind }: Place): boolean =>
  watch.address === address && watch.length === kind && watch.access === ACCESS[type];

function insertWatch(state: StubState, place: Place): string {
  const access = ACCESS[place.type];
  if (!access || !state.target.watchpoints) return "";
  if (place.kind < 1 || place.kind > MAX_WATCH_LENGTH)
    throw new BadPacket(`a watchpoint has 1 to ${MAX_WATCH_LENGTH} bytes`);
  if (state.watches.some((watch) => sameWatch(watch, place))) return "OK";
  if (state.watches.length >= MAX_WATCHPOINTS) throw new Error(`at most ${MAX_WATCHPOINTS} watchpoints`);
  state.watches.push({ address: place.address, length: place.kind, access });
  state.plant();
  return "OK";
}

function removeWatch(state: StubState, place: Place): string {
  if (!ACCESS[place.type] || !state.target.watchpoints) return "";
  const index = state.watches.findIndex((watch) => sameWatch(watch, place));
  if (index >= 0) state.watches.splice(index, 1);
  state.plant();
  return "OK";
}

export const breakpointPackets: PacketGroup = {
  packets: {
    Z(state, rest) {
      const place = placeOf(rest);
      const set = breakpointSet(state, place.type);
      if (!set) return insertWatch(state, place);
      if (set.size >= MAX_BREAKPOINTS) throw new Error(`at most ${MAX_BREAKPOINTS} breakpoints`);
      set.add(place.address);
      state.plant();
      return "OK";
    },
    z(state, rest) {
      const place = placeOf(rest);
      const set = breakpointSet(state, place.type);
      if (!set) return removeWatch(state, place);
      set.delete(place.address);
      state.plant();
      return "OK";
    },
  },
  features: () => ["swbreak+", "hwbreak+"],
};
