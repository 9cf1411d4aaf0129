// Every part of the fuzz run, in its order: what CI's short run and `npm run fuzz` go through.

import { framePart } from "./frames.ts";
import { packetPart, streamPart } from "./packets.ts";
import { debugLinkPart, qmpPart, stubPart } from "./remote.ts";
import { requestPart } from "./requests.ts";
import { symbolParts } from "./symbols.ts";

export const allParts = () => [
  ...symbolParts(),
  packetPart(),
  streamPart(),
  framePart(),
  qmpPart(),
  stubPart(),
  debugLinkPart(),
  requestPart(),
];
