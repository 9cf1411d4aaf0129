// gdb's `monitor`: what the clock hardware says, counters, the guest's console. A command is offered where the target can.

import { deviceText, onlyRegister } from "../../debugger/device-text.ts";
import type { Target } from "../../debugger/target.ts";
import { bytesOfHex } from "../hex.ts";
import type { PacketGroup } from "./group.ts";
import { say } from "./stop-reply.ts";

interface Command {
  usage: string;
  what: string;
  run(rest: string): string;
}

/** The commands that a target has, by their first word. `info` in front may be left out. */
function commandsOf(target: Target): Map<string, Command> {
  const commands = new Map<string, Command>();
  const { clocks, counters, console: serial } = target;
  if (clocks) {
    const devices = () => [...clocks.read(), ...(clocks.readOthers?.() ?? [])];
    for (const { id, label } of devices()) {
      const text = (register: string) => {
        const device = devices().find((each) => each.id === id)!;
        return deviceText(register === "" ? device : onlyRegister(device, register));
      };
      commands.set(id, { usage: `info ${id} [REGISTER]`, what: `${label}: registers, decoded`, run: text });
    }
    const all = () => clocks.read().map(deviceText).join("\n\n");
    commands.set("clocks", { usage: "info clocks", what: "all clock devices", run: all });
  }
  if (counters) {
    const text = () =>
      `instructions ${counters.instructions()}\ntime ${counters.timeNs()} ns\nstate ${counters.stateHash()}`;
    commands.set("counters", {
      usage: "info counters",
      what: "instructions, guest time, state hash",
      run: text,
    });
  }
  if (serial) {
    const type = (text: string) => {
      serial.input(`${text}\r`);
      return "";
    };
    commands.set("type", { usage: "type TEXT", what: "a line for the guest's console", run: type });
  }
  return commands;
}

const ALIASES: Record<string, string> = { pit: "i8254", apic: "lapic", clock: "clocks", "": "help" };

function run(target: Target, line: string): string {
  const [, first = "", rest = ""] = /^\s*(?:info\s+)?(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
  const name = Object.hasOwn(ALIASES, first) ? ALIASES[first]! : first;
  const commands = commandsOf(target);
  const command = commands.get(name);
  if (command) return command.run(rest);
  const list = [...commands.values()].map(({ usage, what }) => `  ${usage.padEnd(26)}${what}`).join("\n");
  return name === "help" ? list : `No monitor command "${first}". There are:\n${list}`;
}

export const monitorPackets: PacketGroup = {
  packets: {
    qRcmd(state, rest) {
      const text = run(state.target, Buffer.from(bytesOfHex(rest.slice(1))).toString("utf8"));
      if (text !== "") say(state, `${text}\n`);
      return "OK";
    },
  },
};
