// QEMU's monitor by QMP, beside a gdb stub: the same machine's clock hardware while it stands and while it runs, how many
// processors it has, and why it ended.

import { UserError } from "../errors.ts";
import { parsePlace } from "../place.ts";
import type { MonitorSource } from "./clocks.ts";
import { QmpConnection, QmpError } from "./qmp-connection.ts";
import { isRecord } from "./qmp-messages.ts";

/** More notices than this are not kept. */
const MAX_NOTICES = 20;
/** A QEMU that ends says so by QMP at about the time at which its stub goes. */
const FAREWELL_MS = 200;

/** What QEMU says of itself at first. */
export interface QemuFacts {
  version: string;
  /** "prelaunch", "paused", "running", "debug". */
  status: string;
  processors: number;
}

export class QemuMonitor implements MonitorSource {
  readonly #connection: QmpConnection;
  /** QOM paths, by processor. */
  readonly #paths: readonly string[];
  readonly facts: QemuFacts;
  readonly #notices: string[] = [];
  #ended: string | undefined;
  #onEnd: () => void = () => {};

  private constructor(connection: QmpConnection) {
    this.#connection = connection;
    this.#paths = processorPaths(connection);
    const status = connection.execute("query-status");
    const word = isRecord(status) && typeof status.status === "string" ? status.status : "of unknown status";
    this.facts = { version: connection.version, status: word, processors: this.#paths.length };
    connection.listen({
      event: (name, data) => this.#event(name, data),
      lost: (why) => this.#lost(why),
    });
  }

  /** HOST:PORT or unix:PATH. Throws UserError. */
  static async open(where: string): Promise<QemuMonitor> {
    const connection = await QmpConnection.open(parsePlace(where, "Where is QEMU's QMP socket?"));
    try {
      return new QemuMonitor(connection);
    } catch (error) {
      connection.close();
      throw error instanceof QmpError ? new UserError(`QMP at ${where}: ${error.message}`) : error;
    }
  }

  ask(line: string, processor: number): string {
    const args = { "command-line": line, "cpu-index": processor };
    const text = this.#connection.execute("human-monitor-command", args);
    if (typeof text !== "string") throw new QmpError("no text");
    return text.replaceAll("\r", "");
  }

  property = (name: string, processor: number): unknown => {
    const path = this.#paths[processor];
    if (path === undefined) throw new QmpError(`QEMU tells no processor ${processor}`);
    return this.#connection.execute("qom-get", { path, property: name });
  };

  #event(name: string, data: Readonly<Record<string, unknown>>): void {
    const reason = typeof data.reason === "string" ? data.reason.slice(0, 80) : "no reason given";
    if (name === "SHUTDOWN") this.#ended = `QEMU ended: ${REASONS[reason] ?? reason}`;
    if (name === "RESET") this.#notice(`QEMU reset the machine: ${REASONS[reason] ?? reason}.`);
    if (name === "GUEST_PANICKED") this.#notice("The guest told QEMU that it panicked.");
  }

  #notice(text: string): void {
    if (this.#notices.length < MAX_NOTICES) this.#notices.push(text);
  }

  #lost(why: string): void {
    if (this.#ended === undefined)
      this.#notice(`QMP: ${why}; the local APIC and I/O APIC stay as last read.`);
    this.#onEnd();
  }

  takeNotices(): string[] {
    return this.#notices.splice(0);
  }

  /** The gdb stub has gone: why QEMU ended, where it says so. */
  async farewell(): Promise<string | undefined> {
    if (this.#ended === undefined && this.#connection.lost === undefined)
      await new Promise<void>((resolve) => {
        this.#onEnd = resolve;
        setTimeout(resolve, FAREWELL_MS);
      });
    return this.#ended;
  }

  close(): void {
    this.#connection.close();
  }
}

/** ShutdownCause (QEMU qapi/run-state.json). */
const REASONS: Readonly<Record<string, string>> = {
  "guest-shutdown": "the guest switched the machine off",
  "guest-reset": "the guest asked for a reset (triple fault, keyboard controller, port)",
  "guest-panic": "the guest panicked",
  "host-signal": "a signal",
  "host-qmp-quit": "quit by QMP",
  "host-qmp-system-reset": "system_reset by QMP",
  "host-ui": "its window was closed",
};

function processorPaths(connection: QmpConnection): string[] {
  const list = connection.execute("query-cpus-fast");
  const paths: string[] = [];
  for (const each of Array.isArray(list) ? list.slice(0, 4096) : []) {
    if (!isRecord(each) || typeof each["qom-path"] !== "string") continue;
    const index = each["cpu-index"];
    if (typeof index === "number" && Number.isInteger(index) && index >= 0 && index < 4096)
      paths[index] = each["qom-path"];
  }
  return Array.from(paths, (path) => path ?? "");
}
