// A boot as one JSON object a line, for scripts.

import type { Debugger } from "../debugger/debugger.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import { type ExitReport, frameReports, type Reporter, type StopReport } from "./report.ts";

/** `write` takes whole lines. */
export function jsonReporter(session: Debugger, write: (text: string) => void): Reporter {
  const line = (object: object) => write(`${JSON.stringify(object)}\n`);
  return {
    start() {},
    console: (text) => line({ event: "console", text }),
    notice: (text) => line({ event: "notice", text }),
    stopped: (number, report) => line(stopped(number, report, session)),
    exited: (report) => line(exited(report)),
  };
}

function stopped(number: number, report: StopReport, session: Debugger): object {
  const device = (id: string) => deviceObject(report.devices.find((each) => each.id === id));
  return {
    event: "stopped",
    stop: number,
    reason: report.reason,
    message: report.message,
    instructions: report.instructions,
    timeNs: report.timeNs,
    tsc: jsonInteger(report.tsc),
    stateHash: report.stateHash(),
    lapic: device("lapic"),
    i8254: device("i8254"),
    frames: frameReports(report.frames, session),
  };
}

/** A device as {summary, register id: {value, meaning}}. */
function deviceObject(device: ClockDevice | undefined): object | null {
  if (!device) return null;
  const registers = device.registers.map(({ id, value, meaning }) => [id, { value, meaning }]);
  return { summary: device.summary, registers: Object.fromEntries(registers) };
}

const exited = (report: ExitReport): object => ({
  event: "exited",
  ...report,
  tsc: jsonInteger(report.tsc),
  stateHash: report.stateHash(),
});

/** Exact as a number where JSON's readers can hold it, else as a string. */
const jsonInteger = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
