// `clockpath boot`: the debugger from a terminal. Boots a kernel, reports each stop, ends as the arguments say.

import { switchCacheOff } from "./cache-folder.ts";
import { UserError } from "./errors.ts";
import { openSession, type Session } from "./launch.ts";
import { parseAddress } from "./place.ts";
import { parseInput } from "./settings-text.ts";
import { gdbSession } from "./terminal/gdb-session.ts";
import { jsonReporter } from "./terminal/json-reporter.ts";
import { withKeyboard } from "./terminal/keyboard.ts";
import { BOOT_HELP, type BootOptions, parseBootOptions } from "./terminal/options.ts";
import type { Reporter } from "./terminal/report.ts";
import {
  moments,
  plantBreakpoints,
  plantCatches,
  plantWatches,
  runToEnd,
  symbolLines,
  withInterrupts,
} from "./terminal/run.ts";
import { COLOURED, PLAIN, textReporter } from "./terminal/text-reporter.ts";

/** Runs the command; gives the exit status. Throws UserError for what the user can mend. */
export async function boot(args: string[], out: NodeJS.WriteStream): Promise<number> {
  const options = parseBootOptions(args);
  if (options.help) {
    out.write(BOOT_HELP);
    return 0;
  }
  if (options.noSymbolCache) switchCacheOff();
  const session = openSession(options);
  session.target.limits = limitsOf(options);
  session.target.setScript(options.inputs.map(parseInput));
  const write = (text: string) => void out.write(text);
  const style = out.isTTY && process.env.NO_COLOR === undefined ? COLOURED : PLAIN;
  const reporter = options.json
    ? jsonReporter(session.debugger, write)
    : textReporter(session.debugger, write, style);
  begin(options, session, reporter);
  session.target.console.onOutput((text) => reporter.console(text));
  session.debugger.onLog((text) => reporter.notice(text.trimEnd()));
  if (options.gdb !== undefined) return serve(options, session, reporter);
  const run = () => withInterrupts(session.debugger, () => runToEnd(options, session, reporter));
  return options.interactive ? interact(session, reporter, run) : run();
}

/** `--interactive`: the user is the guest's terminal. An idle guest keeps the pace of the host's clock. */
function interact(session: Session, reporter: Reporter, run: () => Promise<number>): Promise<number> {
  session.target.pacedByHost = true;
  if (process.stdin.isTTY) reporter.notice("What you type goes to the guest; Ctrl-] ends.");
  const type = (text: string) => session.target.console.input(text);
  return withKeyboard(process.stdin, { type, leave: () => session.debugger.interrupt() }, run);
}

/** `--gdb`: gdb has the say, until it kills the machine, Ctrl-C comes, or the guest ends by itself. */
async function serve(options: BootOptions, session: Session, reporter: Reporter): Promise<number> {
  refuseOwnEnds(options);
  session.target.limits = options.maxInstructions ? { maxInstructions: options.maxInstructions } : {};
  session.target.pacedByHost = true;
  const message = await gdbSession(session.target, parseAddress(options.gdb!), (text) =>
    reporter.notice(text),
  );
  for (const notice of session.target.takeNotices()) reporter.notice(notice);
  reporter.exited({ reason: "gdb", message, moment: moments(session)(), stops: 0 });
  return 0;
}

function refuseOwnEnds({ breaks, stops, untilConsole, interactive }: BootOptions): void {
  if (breaks.length > 0 || stops !== undefined || untilConsole !== undefined)
    throw new UserError("--gdb leaves breakpoints and ends to gdb: drop --break, --stops, --until-console.");
  if (interactive) throw new UserError('--gdb leaves the console to gdb: type with "monitor type TEXT".');
}

/** A kernel at its prompt ticks for ever: without any end asked for, a run ends here. */
const DEFAULT_MAX_INSTRUCTIONS = 5_000_000_000;

const limitsOf = ({ maxInstructions, untilConsole, interactive }: BootOptions) => ({
  maxInstructions: maxInstructions ?? (interactive ? Number.MAX_SAFE_INTEGER : DEFAULT_MAX_INSTRUCTIONS),
  ...(untilConsole === undefined ? {} : { untilConsole }),
});

/** Says what boots, and plants the breakpoints. */
function begin(options: BootOptions, session: Session, reporter: Reporter): void {
  const lines = [startLine(session), ...symbolLines(session.symbols)];
  lines.push(...plantBreakpoints(session, options.breaks), ...plantWatches(session, options.watches));
  plantCatches(session, options.catches);
  reporter.start(lines);
}

function startLine({ kernelPath, bundled, memory, psPerInstruction }: Session): string {
  const name = bundled ? "the bundled guest" : kernelPath;
  return `Booting ${name}: ${memory / 1024 ** 2} MiB, ${psPerInstruction / 1000} ns of guest time per instruction.`;
}
