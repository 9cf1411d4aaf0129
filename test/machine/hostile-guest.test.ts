// A guest may do anything to the devices: random accesses never throw or hang, are repeatable, and leave a state that saves,
// loads and inspects.

import { expect, test } from "vitest";
import { inspectI8254 } from "../../emulator/devices/inspect-i8254.ts";
import { inspectLapic } from "../../emulator/devices/inspect-lapic.ts";
import { DEFAULT_BOARD } from "../../emulator/machine/board.ts";
import { Bus } from "../../emulator/machine/bus.ts";
import { Chipset } from "../../emulator/machine/chipset.ts";
import { VirtualClock } from "../../emulator/machine/clock.ts";
import { EventQueue } from "../../emulator/machine/events.ts";
import { MSR } from "../../emulator/machine/msr.ts";
import { random } from "../devices/virtual-time.ts";

const PORTS = [0x20, 0x21, 0x40, 0x41, 0x42, 0x43, 0x61, 0x70, 0x71, 0xa0, 0xa1, 0x3f8, 0x3f9, 0x3fa, 0x3fb, 0x3fc, 0x4d0, 0x4d1, 0x80]; // biome-ignore format: a row
const MSRS = [...Object.values(MSR), 0x123, 0xc0000000];
const ACCESSES = 3000;

function board() {
  const events = new EventQueue(() => {});
  const clock = new VirtualClock(1000, () => 0, events);
  const bus = new Bus(() => {});
  const switches = { ...DEFAULT_BOARD, pic: true, tscDeadline: true };
  const quiet = {
    interrupt: () => {},
    nonMaskable: () => {},
    init: () => {},
    startUp: () => {},
    reset: () => {},
    exit: () => {},
    console: () => {},
    notice: () => {},
    memory: { bytes: new Uint8Array(), write: () => {} },
  };
  const facts = { tscHz: 2_500_000_000, memory: 64 << 20, cmdline: "", disks: [] };
  const chipset = new Chipset(switches, facts, clock, bus, quiet);
  return { events, clock, bus, chipset };
}

type BoardUnderTest = ReturnType<typeof board>;

/** One random access, or some time; what was read. */
function access({ events, clock, bus, chipset }: BoardUnderTest, next: () => number): string {
  const value = Math.floor(next() * 2 ** 32);
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)]!;
  const size = pick([1, 2, 4]);
  const page = pick([0xfee00000, 0xfec00000]);
  const offset = next() < 0.9 ? Math.floor(next() * 0x40) * 16 : Math.floor(next() * 0x1000);
  switch (Math.floor(next() * 8)) {
    case 0:
      return `${bus.portIn(pick(PORTS), size)}`;
    case 1:
    case 2:
      bus.portOut(pick(PORTS), size, value);
      return "";
    case 3:
      return `${bus.mmioRead(page + offset, size)}`;
    case 4:
      bus.mmioWrite(page + offset, size, value);
      return "";
    case 5: {
      const msr = pick(MSRS);
      chipset.local.msr.write(msr, BigInt(value) << BigInt(Math.floor(next() * 33)));
      return `${chipset.local.msr.read(msr)}`;
    }
    case 6:
      return `${chipset.acknowledge()}`;
    default: {
      const until = clock.now() + Math.floor(next() ** 6 * 20_000_000);
      for (let n = 0; events.next <= until && n < 2000; n++) {
        clock.skipTo(events.next);
        events.fireDue(clock.now());
      }
      clock.skipTo(until);
      events.fireDue(clock.now());
      return `${clock.now()}`;
    }
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("random accesses, seed %i", (seed) => {
  const [a, b] = [board(), board()];
  const [nextA, nextB] = [random(seed), random(seed)];
  for (let i = 0; i < ACCESSES; i++) {
    expect(access(a, nextA), `seed ${seed}, access ${i}`).toBe(access(b, nextB));
    if (i % 500 !== 0) continue;
    const saved = JSON.stringify(a.chipset.save());
    inspectLapic(a.chipset.local.lapic, a.clock.now(), true);
    inspectI8254(a.chipset.pit);
    for (let offset = 0; offset < 0x1000; offset++) a.bus.peekByte(0xfee00000 + offset);
    expect(JSON.stringify(a.chipset.save()), `seed ${seed}: looking changed the state`).toBe(saved);
    const copy = board();
    copy.clock.load(a.clock.save());
    copy.chipset.load(a.chipset.save());
    copy.events.load(a.events.save());
    expect(JSON.stringify(copy.chipset.save()), `seed ${seed}: save and load`).toBe(saved);
  }
});
