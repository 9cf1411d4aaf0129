// Local APICs on a bus, with what reaches their processors in a log.

import { ApicBus } from "../../emulator/devices/apic-bus.ts";
import { Lapic } from "../../emulator/devices/lapic.ts";
import type { Timebase } from "../../emulator/devices/timebase.ts";

/** APIC IDs from 0. A line of the log: "1: nmi", with the ID only where there are several. */
export function lapicsOnBus(count: number, clock: Timebase, hz = 1e9) {
  const log: string[] = [];
  const lapics: Lapic[] = Array.from({ length: count }, (_, id) => {
    const note = (what: string) => log.push(count === 1 ? what : `${id}: ${what}`);
    const host = {
      broadcastEoi: (vector: number) => note(`eoi ${vector.toString(16)}`),
      send: (...[message, shorthand]: Send) => bus.send(lapics[id]!, message, shorthand),
      changed: () => {},
      nonMaskable: () => note("nmi"),
      init: () => note("init"),
      startUp: (vector: number) => note(`sipi ${vector.toString(16)}`),
      timeOfTsc: (tsc: bigint) => Number(tsc),
    };
    return new Lapic(clock, hz, host, id);
  });
  const bus = new ApicBus(lapics);
  return { lapics, bus, log };
}

type Send = Parameters<ConstructorParameters<typeof Lapic>[2]["send"]>;
