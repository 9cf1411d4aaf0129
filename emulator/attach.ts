// From an address to a debugger over a machine that is not ours: QEMU, Firecracker, or Clockpath's own stub. An edge: reads the
// symbols' file, connects. Failures are UserErrors.

import { Debugger } from "./debugger/debugger.ts";
import { UserError } from "./errors.ts";
import { openSource } from "./file-source.ts";
import { Connection } from "./gdb/client/connection.ts";
import { RemoteTarget } from "./gdb/client/remote-target.ts";
import { parseAddress } from "./gdb/server.ts";
import { noSymbols, openKernelSymbols } from "./kernel-symbols.ts";
import { clockConstant } from "./launch.ts";
import type { SymbolFile } from "./symbols/api.ts";

export interface AttachSettings {
  /** "HOST:PORT", ":PORT", or the path of a Unix socket. */
  target: string;
  /** Path of the kernel's file with its symbols. */
  symbols?: string | undefined;
}

export interface Attached {
  symbols: SymbolFile;
  target: RemoteTarget;
  debugger: Debugger;
}

const NO_KERNEL = "No kernel's file is named: functions have no names.";

/** Connects; the guest stands then. Throws UserError. */
export async function openAttached({ target: where, symbols: file }: AttachSettings): Promise<Attached> {
  const symbols = file ? openKernelSymbols({ path: file, source: openSource(file) }) : noSymbols(NO_KERNEL);
  const connection = await Connection.open(placeOf(where), where);
  try {
    const target = new RemoteTarget(connection, where);
    return { symbols, target, debugger: new Debugger(target, symbols, clockConstant) };
  } catch (error) {
    connection.close();
    throw new UserError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What has a slash or does not look like a port is a socket's path. */
function placeOf(where: string): { host: string; port: number } | { path: string } {
  if (where.trim() === "")
    throw new UserError("Where to attach? Give HOST:PORT or the path of a Unix socket.");
  if (/[\\/]/.test(where) || !/^(?:.*:)?\d+$/.test(where)) return { path: where };
  return parseAddress(where);
}
