// The process that makes the index of a kernel's debug information for later sessions: FILE FOLDER. What fails is left as it was.

import os from "node:os";
import { makeIndex } from "./symbol-cache.ts";

const [file, folder] = process.argv.slice(2);
try {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  if (file && folder) makeIndex(file, folder);
} catch {
  // A folder that cannot be written, a file that has gone: the next session reads the debug information as this one does.
}
