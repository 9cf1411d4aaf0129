// The debug adapter: every request with damaged arguments, over a guest that stands at its first timecounter, and stays debuggable.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { HANDLERS, respond } from "../../emulator/adapter/session.ts";
import { AdapterState } from "../../emulator/adapter/state.ts";
import type { MachineTarget } from "../../emulator/debugger/machine-target.ts";
import type { Random } from "../random.ts";
import { damageJson, damageText } from "./damage.ts";
import { type Part, refuse } from "./part.ts";

const EXPRESSIONS = [
  "tc->tc_frequency", "*tc", "&tc->tc_name[1]", "timecounter", "p *timecounters@3", "p/x $rip", "x/4gx $rsp", "x/2i $pc", "x/s tc->tc_name", "info registers", "info lapic",
  "bt 3", "ptype struct timecounter", "whatis tc", "sizeof(int)", "(int)tc + 1 ? 2 : 3", "$1", "$_", "$eax = 5", "set var tsc_freq = 1", "info line *$pc", "info symbol tc_init",
  "watch timecounter", "rwatch port 0x40", "watch msr 0x6e0 if $_size > 1", "tbreak main", "b kern_tc.c:86 if tc != 0", "delete", "disable 1", "ignore 1 5", "condition 1 tc", "display tc",
  "undisplay", "up", "down", "frame 1", "disassemble $pc,+4", "until", "advance main", "n", "si", "finish", "c", "help x", "1/0", "((((((((1))))))))", "'a'", "\"str\"", "0x", "1e999", "-2147483648/-1",
]; // biome-ignore format: a table
const ALPHABET = "0123456789abcdefx()[]*&->.$@!~+-/%?:'\",; ";

const source = { path: "/clockpath/guest/kern/kern_tc.c" };

/** Sound arguments, some of which change with each case. */
const REQUESTS: Readonly<Record<string, (expression: string, pick: Random) => object>> = {
  initialize: () => ({ adapterID: "clockpath", pathFormat: "path" }),
  launch: () => ({ memory: "16M" }),
  attach: () => ({ target: "127.0.0.1:1" }),
  setBreakpoints: (expression, pick) => ({
    source,
    breakpoints: [{ line: pick(200), condition: expression, hitCondition: ">= 2", logMessage: `{${expression}}` }],
  }),
  setFunctionBreakpoints: (expression) => ({ breakpoints: [{ name: "tc_init", condition: expression }, { name: expression }] }),
  setInstructionBreakpoints: () => ({ breakpoints: [{ instructionReference: "0xffffffff80200cf5", offset: 4 }] }),
  setExceptionBreakpoints: (expression, pick) => ({
    filters: ["panic", "page-fault", "unknown-msr"].slice(pick(4)),
    filterOptions: [{ filterId: "interrupt", condition: expression }],
  }),
  dataBreakpointInfo: (expression, pick) => ({ name: expression, variablesReference: pick(9), frameId: pick(4) }),
  setDataBreakpoints: (expression) => ({ breakpoints: [{ dataId: expression, accessType: "write", condition: "1" }] }),
  breakpointLocations: (_, pick) => ({ source, line: pick(200), endLine: pick(200) }),
  continue: () => ({ threadId: 1 }),
  pause: () => ({ threadId: 1 }),
  next: () => ({ threadId: 1, granularity: "line" }),
  stepIn: () => ({ threadId: 1, granularity: "instruction" }),
  stepOut: () => ({ threadId: 1 }),
  stepInTargets: (_, pick) => ({ frameId: pick(4) }),
  gotoTargets: (_, pick) => ({ source, line: pick(200) }),
  goto: (_, pick) => ({ threadId: 1, targetId: pick(4) }),
  exceptionInfo: () => ({ threadId: 1 }),
  threads: () => ({}),
  stackTrace: (_, pick) => ({ threadId: 1, startFrame: pick(5), levels: pick(20) }),
  scopes: (_, pick) => ({ frameId: pick(6) }),
  source: () => ({ sourceReference: 1 }),
  variables: (_, pick) => ({ variablesReference: pick(20), start: pick(5), count: pick(300) }),
  setVariable: (expression, pick) => ({ variablesReference: pick(20), name: "tc", value: expression }),
  setExpression: (expression) => ({ expression, value: expression, frameId: 1 }),
  evaluate: (expression, pick) => ({ expression, context: ["repl", "watch", "hover", "clipboard"][pick(4)], frameId: 1 + pick(3) }),
  completions: (expression) => ({ text: expression, column: expression.length + 1, frameId: 1 }),
  readMemory: (_, pick) => ({ memoryReference: "0xffffffff80200000", offset: pick(4096), count: pick(4096) }),
  writeMemory: () => ({ memoryReference: "0xffffffff80210000", data: "AAAA" }),
  disassemble: (_, pick) => ({ memoryReference: "0xffffffff80200cf5", instructionOffset: -pick(20), instructionCount: pick(40) }),
  loadedSources: () => ({}),
  modules: () => ({}),
  "clockpath.clockDevices": () => ({}),
  "clockpath.evaluateLive": (expression) => ({ expression }),
  "clockpath.consoleInput": (expression) => ({ text: expression }),
  "clockpath.macros": () => ({ id: 1, macros: { HZ: { body: "hz" }, F: { parameters: ["x"], body: "x" } } }),
  unknownRequest: () => ({}),
}; // biome-ignore format: a table

/** Instructions that a run may have: a case is to end. */
const RUN = 300;
/** Requests that end the session, or make the machine anew, which takes its time. */
const LEFT_OUT = new Set(["disconnect", "terminate", "restart", "configurationDone"]);

export function requestPart(): Part {
  const missing = Object.keys(HANDLERS).filter(
    (name) => !Object.hasOwn(REQUESTS, name) && !LEFT_OUT.has(name),
  );
  if (missing.length > 0) throw new Error(`test/fuzz/requests.ts lacks ${missing.join(", ")}`);
  const commands = Object.keys(REQUESTS);
  let state: AdapterState;
  let sent = 0;
  let sequence = 1;
  const ask = (command: string, args?: unknown): Promise<DebugProtocol.Response> =>
    respond(state, { seq: sequence++, type: "request", command, arguments: args });
  return {
    name: "DAP requests",
    renew: {
      every: 2000,
      async make() {
        clearInterval(state?.clockTimer);
        state = new AdapterState(
          () => {
            sent++;
          },
          () => {},
        );
        const launched = await ask("launch", { memory: "16M", paceIdle: false });
        if (!launched.success) throw new Error(launched.message);
        await ask("setFunctionBreakpoints", { breakpoints: [{ name: "tc_init" }] });
        await ask("configurationDone");
        while (state.phase !== "stopped") await new Promise((resolve) => setImmediate(resolve));
      },
    },
    async run(pick) {
      const target = state.launched!.target as MachineTarget;
      target.limits = { maxInstructions: target.counters.instructions() + RUN };
      const command = commands[pick(commands.length)]!;
      const sound = REQUESTS[command]!(damageText(EXPRESSIONS, ALPHABET, pick), pick);
      const args = pick(2) === 0 ? sound : damageJson(sound, pick);
      sent = 0;
      const response = await ask(command, args);
      if (state.phase === "running") await state.run;
      if (sent > 200) throw new Error(`${command}: ${sent} events`);
      if (response.success) return false;
      try {
        return refuse(response.message ?? "");
      } catch (error) {
        throw new Error(
          `${command} ${JSON.stringify(args)}: ${error instanceof Error ? error.message : error}`,
        );
      }
    },
  };
}
