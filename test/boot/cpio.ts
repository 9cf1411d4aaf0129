// Packs an initial RAM disk: the "newc" cpio format (Documentation/driver-api/early-userspace/buffer-format.rst).

export type CpioEntry =
  | { path: string; kind: "folder" }
  | { path: string; kind: "file"; bytes: Uint8Array; mode?: number }
  | { path: string; kind: "link"; target: string }
  | { path: string; kind: "character device"; major: number; minor: number };

const TRAILER = "TRAILER!!!";
const HEADER_SIZE = 110;

/** The archive: entries in the given order, owned by root, with time 0. */
export function cpio(entries: readonly CpioEntry[]): Uint8Array {
  const parts = entries.map((entry, i) => member(entry.path, modeOf(entry), dataOf(entry), i + 1, entry));
  parts.push(member(TRAILER, 0, new Uint8Array(), 0));
  return new Uint8Array(Buffer.concat(parts));
}

function modeOf(entry: CpioEntry): number {
  switch (entry.kind) {
    case "folder":
      return 0o040755;
    case "file":
      return 0o100000 | (entry.mode ?? 0o755);
    case "link":
      return 0o120777;
    case "character device":
      return 0o020600;
  }
}

function dataOf(entry: CpioEntry): Uint8Array {
  if (entry.kind === "file") return entry.bytes;
  return entry.kind === "link" ? new TextEncoder().encode(entry.target) : new Uint8Array();
}

/** Header of 13 eight-digit hexadecimal fields, name with NUL, data; name and data padded to 4. */
function member(path: string, mode: number, data: Uint8Array, inode: number, entry?: CpioEntry): Uint8Array {
  const device = entry?.kind === "character device" ? entry : { major: 0, minor: 0 };
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, device.major, device.minor, path.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}${path}\0`;
  if (!header.startsWith("070701") || header.length !== HEADER_SIZE + path.length + 1)
    throw new Error(`cpio: a field of ${path} does not fit`);
  const name = Buffer.from(header.padEnd((header.length + 3) & ~3, "\0"), "latin1");
  return Buffer.concat([name, data, Buffer.alloc(-data.length & 3)]);
}
