// What the i8254 says, decoded for people: counter 0 in one line, then each counter's count and status.
// No side effects: nothing is latched, no byte order is moved on. Names and fields come from knowledge/.

import { i8254Register } from "../../knowledge/i8254.ts";
import { decodeFields } from "../../knowledge/registers.ts";
import { type I8254, I8254_HZ } from "./i8254.ts";
import { MODE_NAMES } from "./i8254-modes.ts";
import type { ClockDevice, ClockRegister } from "./inspect.ts";
import { formatFrequency, formatTime, hex } from "./units.ts";

type Counter = ReturnType<I8254["inspect"]>;

/** The i8254 as a view shows it; `undefined` is a board without one. */
export function inspectI8254(pit: I8254 | undefined): ClockDevice {
  const device = { id: "i8254", label: "i8254" };
  if (!pit) return { ...device, summary: "absent (pit=off)", registers: [] };
  const counters = [0, 1, 2].map((index) => pit.inspect(index));
  return {
    ...device,
    summary: `counter 0 ${words(counters[0]!)}`,
    registers: counters.flatMap((counter, index) => [
      countRegister(counter, index),
      statusRegister(counter, index),
    ]),
  };
}

/** "rate generator, 11932 clocks = 10.000 ms (100 Hz), next in 3.210 ms". */
function words(counter: Counter): string {
  const { mode, count, loadedAt, pausedAfter } = counter.counter;
  if (loadedAt === undefined) return "not programmed";
  const periodic = mode === 2 || mode === 3;
  const period = `${count} clocks = ${formatTime(clocksToNs(count))}`;
  const rate = periodic ? ` (${formatFrequency(I8254_HZ / count)})` : "";
  const stopped = pausedAfter === undefined ? "" : ", stopped by its gate";
  const left = mode === 3 ? "" : `, ${formatTime(clocksToNs(counter.value))} left`;
  return `${MODE_NAMES[mode]}, ${period}${rate}${stopped || left}`;
}

function countRegister(counter: Counter, index: number): ClockRegister {
  const known = i8254Register(`counter${index}`)!;
  return {
    id: known.id,
    label: known.name,
    value: hex(counter.value & 0xffff),
    meaning: words(counter),
    fields: [
      field("Initial count", hex(counter.counter.count & 0xffff), `${counter.counter.count} clocks`),
      field("Gate", counter.counter.gate ? "1" : "0", counter.counter.gate ? "counting enabled" : "low"),
      ...(counter.counter.latchedCount === undefined
        ? []
        : [field("Latched count", hex(counter.counter.latchedCount), "waits to be read")]),
    ],
  };
}

function statusRegister(counter: Counter, index: number): ClockRegister {
  const known = i8254Register(`status${index}`)!;
  const { access, mode, bcd } = counter.counter;
  const value =
    (counter.out ? 0x80 : 0) | (counter.nullCount ? 0x40 : 0) | (access << 4) | (mode << 1) | (bcd ? 1 : 0);
  return {
    id: known.id,
    label: known.name,
    value: hex(value),
    meaning: MODE_NAMES[mode],
    fields: decodeFields(known, BigInt(value)).map((f) =>
      field(`${f.name} (${f.bits})`, hex(f.value), f.meaning),
    ),
  };
}

function field(label: string, value: string, meaning: string): ClockRegister["fields"][number] {
  return { label, value, meaning };
}

function clocksToNs(clocks: number): number {
  return (clocks / I8254_HZ) * 1e9;
}
