// A boot as one JSON object a line, for scripts.

import type { Debugger } from "../debugger/debugger.ts";
import type { ClockDevice } from "../devices/inspect.ts";
import { type ExitReport, frameReports, type Moment, type Reporter, type StopReport } from "./report.ts";

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
    ...(report.processor ? { processor: report.processor } : {}),
    ...momentObject(report.moment),
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

const exited = ({ moment, ...report }: ExitReport): object => ({
  event: "exited",
  ...report,
  ...momentObject(moment),
});

/** Nothing where the machine does not count. */
const momentObject = (moment: Moment | undefined): object =>
  moment ? { ...moment, tsc: jsonInteger(moment.tsc), stateHash: moment.stateHash() } : {};

/** Exact as a number where JSON's readers can hold it, else as a string. */
const jsonInteger = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
