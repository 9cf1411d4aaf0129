// Which of a session's files have been written since they were read: a kernel that was built again while it is debugged. An edge: asks
// the file system.

import { statSync } from "node:fs";

/** What a file looked like when it was read: by path. */
export type Fingerprints = ReadonlyMap<string, string>;

export const fingerprints = (files: readonly string[]): Fingerprints =>
  new Map(files.map((file) => [file, fingerprint(file)]));

/** The files that look otherwise now, or are gone. */
export const changedFiles = (known: Fingerprints): string[] =>
  [...known].filter(([file, before]) => fingerprint(file) !== before).map(([file]) => file);

/** A linker makes a new file or writes over the old one; either changes one of these. */
function fingerprint(file: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(file);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    return "absent";
  }
}
