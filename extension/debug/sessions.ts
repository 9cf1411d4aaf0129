// The running Clockpath debug sessions and the last clock state that each adapter has told: the one place where features
// ask "what does the clock hardware say now?".
import * as vscode from "vscode";
import type { ClockDevice, ClockDevicesEvent } from "../../emulator/adapter/protocol.ts";

export const debugType = "clockpath";

/** What a session's adapter said last. */
export interface ClockState {
  readonly running: boolean;
  /** Guest time since reset in ns. */
  readonly timeNs: number;
  readonly instructions: number;
  readonly devices: readonly ClockDevice[];
  /** The devices that `devices` is to be compared with: as they were at the stop before (stopped), at the last stop (running). */
  readonly before: readonly ClockDevice[] | undefined;
}

export interface Sessions {
  /** The session in the user's focus, else the youngest one. */
  active(): vscode.DebugSession | undefined;
  /** Its clock state; undefined until the adapter has told one. */
  clocks(): ClockState | undefined;
  /** A session started or ended, focus moved, or clock state came in. */
  readonly onDidChange: vscode.Event<void>;
}

interface Tracked {
  readonly session: vscode.DebugSession;
  state: ClockState | undefined;
  /** Devices at the last stop. */
  atStop: readonly ClockDevice[] | undefined;
}

export function watchSessions(subscriptions: vscode.Disposable[]): Sessions {
  const tracked = new Map<string, Tracked>();
  const changed = new vscode.EventEmitter<void>();

  const active = (): Tracked | undefined => {
    const focused = vscode.debug.activeDebugSession;
    return (focused && tracked.get(focused.id)) ?? [...tracked.values()].at(-1);
  };

  subscriptions.push(
    changed,
    vscode.debug.onDidStartDebugSession((session) => {
      if (session.type !== debugType) return;
      tracked.set(session.id, tracked.get(session.id) ?? { session, state: undefined, atStop: undefined });
      changed.fire();
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== debugType || event !== "clockpath.clockDevices") return;
      const entry = tracked.get(session.id) ?? { session, state: undefined, atStop: undefined };
      tracked.set(session.id, entry);
      receive(entry, body as ClockDevicesEvent);
      changed.fire();
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      if (tracked.delete(session.id)) changed.fire();
    }),
    vscode.debug.onDidChangeActiveDebugSession(() => changed.fire()),
  );

  return {
    active: () => active()?.session,
    clocks: () => active()?.state,
    onDidChange: changed.event,
  };
}

function receive(entry: Tracked, event: ClockDevicesEvent): void {
  const before = entry.atStop;
  if (!event.running) entry.atStop = event.devices;
  entry.state = { ...event, before };
}
