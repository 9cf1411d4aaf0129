// `clockpath attach`: the debugger from a terminal over a machine that someone else runs (QEMU -s -S, Firecracker, --gdb).

import { parseArgs } from "node:util";
import { openAttached } from "./attach.ts";
import { switchCacheOff } from "./cache-folder.ts";
import { UserError } from "./errors.ts";
import { count } from "./settings-text.ts";
import { jsonReporter } from "./terminal/json-reporter.ts";
import { plantBreakpoints, plantWatches, runToEnd, symbolLines, withInterrupts } from "./terminal/run.ts";
import { COLOURED, PLAIN, textReporter } from "./terminal/text-reporter.ts";

const HELP = `usage: clockpath attach HOST:PORT|SOCKET [options]

Debugs a machine that speaks gdb's remote protocol: QEMU (start it with -s -S), Firecracker (gdb_socket_path), clockpath boot --gdb.
Stops at breakpoints and shows the stack. Timers stay on while stepping. When this ends, QEMU and Clockpath run on; Firecracker
ends with its debugger.

  --symbols KERNEL         ELF file with the symbols of the kernel that runs there; its separate debug file is found beside it
  --qmp HOST:PORT|unix:PATH  QEMU's QMP socket (start it with -qmp unix:PATH,server=on,wait=off): local APIC, I/O APIC and TSC, while the
                           guest runs too, and why QEMU ended
  --no-symbol-cache        neither use nor keep an index of the kernel's debug information on disk
  --break WHERE            stop at a function, FILE:LINE or *ADDRESS; may be given several times
  --watch PLACE            stop when memory changes: a variable or C lvalue; may be given several times
  --stops N                end with success after N stops; the guest runs on then
  --monitor COMMAND        a command for the machine's monitor at each stop: "info lapic"; may be given several times
  --json                   one JSON object a line, for scripts

Exit status: 0 when the run ended as asked, 1 on an error or when it did not get there.
`;

/** Runs the command; gives the exit status. Throws UserError for what the user can mend. */
export async function attach(args: string[], out: NodeJS.WriteStream): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    out.write(HELP);
    return 0;
  }
  const [where, ...others] = positionals;
  if (where === undefined || others.length > 0)
    throw new UserError("attach takes one HOST:PORT or socket. See clockpath attach --help.");
  const ends = { breaks: values.break ?? [], stops: count("--stops", values.stops) };
  if (values["no-symbol-cache"]) switchCacheOff();
  const session = await openAttached({ target: where, symbols: values.symbols, qmp: values.qmp });
  const write = (text: string) => void out.write(text);
  const style = out.isTTY && process.env.NO_COLOR === undefined ? COLOURED : PLAIN;
  const reporter = values.json
    ? jsonReporter(session.debugger, write)
    : textReporter(session.debugger, write, style);
  const { stopped } = reporter;
  reporter.stopped = (number, report) => {
    stopped(number, report);
    for (const line of values.monitor ?? []) reporter.notice(session.target.monitor(line).trimEnd());
  };
  try {
    reporter.start([
      `Attached to ${where}.`,
      ...session.greeting,
      ...(values.symbols ? symbolLines(session.symbols) : []),
      ...plantBreakpoints(session, ends.breaks),
      ...plantWatches(session, values.watch ?? []),
      ...session.target.takeNotices().map((notice) => `! ${notice}`),
    ]);
    return await withInterrupts(session.debugger, () => runToEnd(ends, session, reporter));
  } finally {
    session.target.dispose();
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        symbols: { type: "string" },
        "no-symbol-cache": { type: "boolean" },
        qmp: { type: "string" },
        break: { type: "string", multiple: true, short: "b" },
        watch: { type: "string", multiple: true, short: "w" },
        stops: { type: "string" },
        monitor: { type: "string", multiple: true },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const message = (error as Error).message.split(/[.\n] /)[0]!;
    throw new UserError(`${message.replace(/\.$/, "")}. See clockpath attach --help.`);
  }
}
