// The whole opcode table: what the core supports. Every other opcode raises #UD.

import { EXTENSION_ROWS } from "./extensions.ts";
import { INTEGER_ROWS } from "./integer.ts";
import { SSE_ROWS } from "./sse.ts";
import { SSE4_ROWS } from "./sse4.ts";
import { type OpcodeRow, parseRows } from "./table.ts";
import { X87_ROWS } from "./x87.ts";

export const OPCODES: OpcodeRow[] = [
  ...parseRows(INTEGER_ROWS),
  ...parseRows(SSE_ROWS),
  ...parseRows(SSE4_ROWS),
  ...parseRows(X87_ROWS),
  ...parseRows(EXTENSION_ROWS),
];
