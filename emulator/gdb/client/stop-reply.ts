// A stop reply of a stub as a Stop (gdb manual, E.3), of a machine that is still there. Pure.

import type { Stop } from "../../debugger/target.ts";

export interface Told {
  /** Undefined: a trap; a breakpoint or a step, which the target knows. */
  stop: Stop | undefined;
  /** The thread (processor) that stopped. */
  thread: string | undefined;
}

/** `said` is what the stub printed meanwhile. */
export function stopOf(reply: string, said: string): Told {
  const thread = /(?:^T..|;)thread:([-0-9a-fp.]+)/i.exec(reply)?.[1];
  const plain = (stop: Stop | undefined): Told => ({ stop, thread });
  if (/^E/.test(reply))
    return plain({ kind: "unsupported", message: `The stub refuses to run the guest: ${reply}` });
  switch (Number.parseInt(reply.slice(1, 3), 16)) {
    case 2:
      return plain({ kind: "interrupted" });
    case 4:
      return plain({ kind: "unsupported", message: said || "Illegal instruction." });
    case 6:
      return plain({ kind: "shutdown", message: said || "The guest has shut down." });
    case 14:
      return plain({ kind: "limit", message: said || "A limit was reached." });
    case 17:
      return plain({ kind: "halted", message: said || "The guest has halted." });
    default:
      return plain(undefined);
  }
}
