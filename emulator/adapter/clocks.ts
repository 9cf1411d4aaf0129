// The clock devices beyond DAP: an event at each stop and four times a second while the guest runs, and a request.

import type { ClockDevicesEvent } from "./protocol.ts";
import type { AdapterState, Handlers } from "./state.ts";

const INTERVAL_MS = 250;

export const clocks: Handlers = {
  "clockpath.clockDevices": (state) => clockBody(state),
};

/** The clocks of the thread in focus; while the guest runs, nothing else depends on which one is selected. */
function clockBody(state: AdapterState): ClockDevicesEvent {
  const { target } = state.session;
  const running = state.phase === "running";
  if (running) target.threads?.select(state.focus);
  else state.selectThread(state.focus);
  return {
    running,
    timeNs: target.counters?.timeNs() ?? 0,
    instructions: target.counters?.instructions() ?? 0,
    devices: running ? (target.clocks?.read() ?? []) : state.devices(),
  };
}

export const sendClocks = (state: AdapterState): void =>
  state.send("clockpath.clockDevices", clockBody(state));

/** The client looks at a frame of the selected thread: views show its clocks. */
export function focusThread(state: AdapterState): void {
  if (state.focus === state.thread) return;
  state.focus = state.thread;
  sendClocks(state);
}

/** Tells the clocks while the guest runs; the run's end stops it. */
export function watchClocks(state: AdapterState): void {
  clearInterval(state.clockTimer);
  state.clockTimer = setInterval(() => {
    if (state.phase === "running") sendClocks(state);
  }, INTERVAL_MS);
}
