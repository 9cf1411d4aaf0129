// Where a socket is, as users write it: a port, HOST:PORT, or the path of a Unix socket; QEMU's own spellings too.

import { UserError } from "./errors.ts";

export interface Address {
  host: string;
  port: number;
}

export type Place = Address | { path: string };

/** "1234", ":1234", "0.0.0.0:1234", "[::1]:1234". Throws UserError. */
export function parseAddress(text: string): Address {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]]*):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (!match || port > 65535) throw new UserError(`"${text}" is no port and no HOST:PORT.`);
  return { host: match[1]?.replace(/[[\]]/g, "") || "127.0.0.1", port };
}

/**
 * An address, "unix:PATH", or a path: what has a slash or does not look like a port. "tcp:" in front and options behind a comma, as
 * QEMU's -qmp and -gdb take them, are skipped. Throws UserError.
 */
export function parsePlace(text: string, example: string): Place {
  const [, unix, rest = ""] = /^(unix:)?(?:tcp:)?(.*)$/s.exec(text.trim())!;
  const place = rest.replace(/,(?:server|wait|nowait|reconnect|path|id)\b.*$/s, "");
  if (place === "") throw new UserError(`${example} Give HOST:PORT or unix:PATH.`);
  if (unix || /[\\/]/.test(place) || !/^(?:.*:)?\d+$/.test(place)) return { path: place };
  return parseAddress(place);
}

/** As messages name it. */
export const placeName = (place: Place): string =>
  "path" in place ? place.path : `${place.host.includes(":") ? `[${place.host}]` : place.host}:${place.port}`;

const CONNECT_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "no such socket",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host",
  EACCES: "may not be opened (permission denied)",
  ENOTSOCK: "is no socket",
  "no answer": "no answer",
};

/** Why a socket could not be connected to, in words; `nobody` says what to do where nothing listens. */
export const connectError = (code: string, nobody: string): string =>
  code === "ECONNREFUSED" ? `nothing listens there (${nobody})` : (CONNECT_ERRORS[code] ?? code);
