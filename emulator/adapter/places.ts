// Requests about places in sources: where breakpoints may go, jumps (goto), calls to step into, the sources and the kernel's file.

import path from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { disassemble } from "../debugger/disassembly.ts";
import { hex } from "../debugger/numbers.ts";
import { RequestError } from "./request-error.ts";
import { announceJump, standing } from "./run-control.ts";
import type { AdapterState, Handlers } from "./state.ts";

/** A client asks for what it shows; more lines at once are nobody's screen. */
const MAX_LINES = 2000;
/** Longest line of source, in instructions, whose calls are looked for. */
const MAX_INSTRUCTIONS = 200;

export const places: Handlers = {
  breakpointLocations(state, args: DebugProtocol.BreakpointLocationsArguments) {
    const file = recordedPath(state, args.source);
    const last = Math.min(args.endLine ?? args.line, args.line + MAX_LINES);
    const breakpoints: DebugProtocol.BreakpointLocation[] = [];
    for (let line = args.line; line <= last; line++) breakpoints.push(...locationsOf(state, file, line));
    return { breakpoints };
  },

  gotoTargets(state, args: DebugProtocol.GotoTargetsArguments) {
    const { symbols } = state.stopped;
    const file = recordedPath(state, args.source);
    const sites = symbols.lineSites(file, args.line).filter(({ line }) => line === args.line);
    const targets = sites.map(({ address, function: name, line }): DebugProtocol.GotoTarget => {
      state.jumps.push(address);
      const instructionPointerReference = hex(address);
      return { id: state.jumps.length, label: `${name}, line ${line}`, line, instructionPointerReference };
    });
    return { targets };
  },

  /** As gdb's `set $pc`: nothing else of the machine changes. */
  goto(state, args: DebugProtocol.GotoArguments) {
    const { target, debugger: engine } = standing(state);
    const address = state.jumps[args.targetId - 1];
    if (address === undefined) throw new RequestError("This place is of an earlier stop.");
    target.writeRegister("rip", address);
    engine.invalidate();
    announceJump(state);
    return undefined;
  },

  async stepInTargets(state, args: DebugProtocol.StepInTargetsArguments) {
    const frame = state.frame(args.frameId);
    if (frame?.level !== 0) return { targets: [] };
    const names = await calledFrom(state, frame.pc);
    state.calls = names;
    return { targets: names.map((label, index) => ({ id: index + 1, label })) };
  },

  loadedSources(state) {
    const { symbols, sources } = state.session;
    return { sources: symbols.sourceFiles().map((file) => sources.source(file, () => {})) };
  },

  modules(state) {
    const modules = modulesOf(state);
    return { modules, totalModules: modules.length };
  },
};

/** The kernel, and what the console has added for code that it loads. */
export function modulesOf(state: AdapterState): DebugProtocol.Module[] {
  const { kernelPath, symbols } = state.session;
  const files = [{ path: kernelPath, symbols: symbols.main, sections: [] }, ...symbols.added];
  return files.map(({ path: file, symbols: { info }, sections }, index) => {
    const text = sections.find(({ name }) => name === ".text");
    return {
      id: index + 1,
      name: path.basename(file),
      path: file,
      symbolStatus: info.hasDebugInfo
        ? `debug info, DWARF ${info.dwarfVersions.join(", ")}`
        : "no debug info",
      ...(info.buildId ? { version: info.buildId } : {}),
      ...(text ? { addressRange: `${hex(text.low)}-${hex(text.high)}` } : {}),
    };
  });
}

function recordedPath(state: AdapterState, source: DebugProtocol.Source): string {
  if (!source.path) throw new RequestError("This source has no path.");
  return state.session.sources.paths.recorded(source.path);
}

/** A line's columns at which statements begin; the line alone where the compiler recorded no columns. */
function locationsOf(state: AdapterState, file: string, line: number): DebugProtocol.BreakpointLocation[] {
  const { symbols } = state.session;
  const columns = new Set<number>();
  const sites = symbols.lineSites(file, line).filter((site) => site.line === line);
  for (const { address } of sites)
    for (const { low } of symbols.lineRanges(address)) {
      const row = symbols.lineAt(low);
      if (row?.isStatement && row.line === line) columns.add(row.column);
    }
  const known = [...columns].filter((column) => column > 0).sort((left, right) => left - right);
  if (known.length > 0) return known.map((column) => ({ line, column }));
  return sites.length > 0 ? [{ line }] : [];
}

/** Functions that the rest of the current line calls directly, in order, each once. */
async function calledFrom(state: AdapterState, pc: bigint): Promise<string[]> {
  const { symbols, debugger: engine } = state.stopped;
  const names: string[] = [];
  for (const { low, high } of symbols.lineRanges(pc)) {
    if (high <= pc) continue;
    const from = low < pc ? pc : low;
    const list = await disassemble(from, Math.min(Number(high - from), MAX_INSTRUCTIONS), engine.around.memory, engine.around.symbolic); // biome-ignore format: one call
    for (const { address, text } of list) {
      const name = address < high ? /^call\s+\S+\s+<([\w.$]+)>$/.exec(text)?.[1] : undefined;
      if (name && !names.includes(name)) names.push(name);
    }
  }
  return names;
}
