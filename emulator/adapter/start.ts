// dist/adapter.js: the debug adapter's process, which is dist/adapter-main.js with its compiled code kept.

import path from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { runBundle } from "../compiled-bundle.ts";

const symbols = cacheFolder();
const bundle = path.join(__dirname, "adapter-main.js");
runBundle(bundle, symbols === undefined ? undefined : path.join(path.dirname(symbols), "code"));
