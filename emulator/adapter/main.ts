// The debug adapter's process: the protocol over stdin and stdout.

import { ClockpathSession } from "./session.ts";

const session = new ClockpathSession();
process.on("SIGTERM", () => session.shutdown());
session.start(process.stdin, process.stdout);
