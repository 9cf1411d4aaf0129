// `clockpath`: finds the command and loads only what it needs, so that `boot` never pays for the index and its parser.
// Errors that users can mend are one line on stderr and exit status 1.

const HELP = `usage: clockpath COMMAND [options]

  boot [KERNEL]                boot a kernel on the embedded microVM, stop, show stack and clocks
  attach HOST:PORT             debug a machine that serves gdb: QEMU -s -S, Firecracker
  index TREE                   build or update the index of a kernel tree
  query KIND NAME --tree TREE  callers, callees, definition, references, assignments, text, paths ...
  timecounters TREE            a configured kernel's timecounters and event timers, and the paths to them
  config TREE CONFIG ...       files, options, devices of a kernel's configuration, and why

  --help      this text; clockpath COMMAND --help tells more
  --version   the version

Every command takes --json and then prints one JSON object a line.
`;

/** Runs one command; gives the exit status. */
async function dispatch([command, ...rest]: string[]): Promise<number> {
  switch (command) {
    case "boot":
      return (await import("../emulator/cli.ts")).boot(rest, process.stdout);
    case "attach":
      return (await import("../emulator/attach-cli.ts")).attach(rest, process.stdout);
    case "index":
      return (await import("../server/index-cli.ts")).index(rest, process.stdout);
    case "query":
      return (await import("../server/query-cli.ts")).query(rest, process.stdout);
    case "config":
      return (await import("../server/kernel-cli.ts")).config(rest, process.stdout);
    case "timecounters":
      return (await import("../server/graph-cli.ts")).timecounters(rest, process.stdout);
    case "--version":
    case "-V":
      process.stdout.write(`clockpath ${(await import("../package.json")).version}\n`);
      return 0;
    case "--help":
    case "-h":
    case "help":
      process.stdout.write(HELP);
      return 0;
    case undefined:
      process.stderr.write(HELP);
      return 1;
    default:
      process.stderr.write(
        `clockpath: no command "${command}". Commands: boot, attach, index, query, timecounters, config; see clockpath --help.\n`,
      );
      return 1;
  }
}

// A reader that goes away (`| head`) is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

dispatch(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`clockpath: ${message.replaceAll("\n", " ")}\n`);
    if (process.env.CLOCKPATH_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
