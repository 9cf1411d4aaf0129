// The shape of each request's arguments. Clients are other people's programs, and launch.json is written by hand: what does not
// fit is an error that names the argument, before any handler sees it. What a request takes besides is left alone.

import { RequestError } from "./request-error.ts";

/** A JSON value: a kind by name, a list of one shape, or an object by its fields. */
type Shape =
  | "string"
  | "number"
  | "integer"
  | "boolean"
  | "string or number"
  | "texts by name"
  | readonly [Shape]
  | Fields;

/** A question mark behind a name: may be absent, or null. */
interface Fields {
  readonly [name: string]: Shape;
}

const SOURCE: Fields = { "path?": "string", "name?": "string", "sourceReference?": "integer" };
const FORMAT: Fields = { "hex?": "boolean" };
const CONDITIONS: Fields = { "condition?": "string", "hitCondition?": "string" };
const STEP: Fields = { "threadId?": "integer", "granularity?": "string", "singleThread?": "boolean" };
const MEMORY: Fields = { memoryReference: "string", "offset?": "integer" };
const SESSION: Fields = {
  "kernel?": "string",
  "stopOnEntry?": "boolean",
  "sourceMap?": "texts by name",
  "sourceFolders?": ["string"],
};

const SHAPES: Readonly<Record<string, Fields>> = {
  initialize: { "pathFormat?": "string" },
  launch: {
    ...SESSION, "symbols?": "string", "bootProtocol?": "string", "initrd?": "string", "modules?": ["string"], "disks?": ["string"], "cmdline?": "string",
    "memory?": "string or number", "nsPerInstruction?": "number", "cpus?": "integer", "machine?": "string", "paceIdle?": "boolean", "input?": ["string"],
    "untilConsole?": "string", "maxInstructions?": "string or number", "gdb?": "string or number", "answersMacros?": "boolean",
  },
  attach: { ...SESSION, "target?": "string", "qmp?": "string" },
  setBreakpoints: {
    source: SOURCE, "breakpoints?": [{ line: "integer", "column?": "integer", ...CONDITIONS, "logMessage?": "string" }],
  },
  setFunctionBreakpoints: { breakpoints: [{ name: "string", ...CONDITIONS }] },
  setInstructionBreakpoints: { breakpoints: [{ instructionReference: "string", "offset?": "integer", ...CONDITIONS }] },
  setExceptionBreakpoints: { filters: ["string"], "filterOptions?": [{ filterId: "string", "condition?": "string" }] },
  dataBreakpointInfo: {
    name: "string", "variablesReference?": "integer", "frameId?": "integer", "bytes?": "integer", "asAddress?": "boolean",
  },
  setDataBreakpoints: { breakpoints: [{ dataId: "string", "accessType?": "string", ...CONDITIONS }] },
  breakpointLocations: { source: SOURCE, line: "integer", "endLine?": "integer" },
  continue: { "threadId?": "integer" },
  pause: { "threadId?": "integer" },
  next: STEP,
  stepIn: { ...STEP, "targetId?": "integer" },
  stepOut: STEP,
  stepInTargets: { frameId: "integer" },
  gotoTargets: { source: SOURCE, line: "integer" },
  goto: { "threadId?": "integer", targetId: "integer" },
  exceptionInfo: { "threadId?": "integer" },
  stackTrace: { threadId: "integer", "startFrame?": "integer", "levels?": "integer" },
  scopes: { frameId: "integer" },
  source: { "source?": SOURCE, "sourceReference?": "integer" },
  variables: { variablesReference: "integer", "start?": "integer", "count?": "integer", "format?": FORMAT },
  setVariable: { variablesReference: "integer", name: "string", value: "string" },
  setExpression: { expression: "string", value: "string", "frameId?": "integer" },
  evaluate: { expression: "string", "frameId?": "integer", "context?": "string", "format?": FORMAT },
  completions: { text: "string", column: "integer", "frameId?": "integer" },
  readMemory: { ...MEMORY, count: "integer" },
  writeMemory: { ...MEMORY, data: "string" },
  disassemble: { ...MEMORY, instructionCount: "integer", "instructionOffset?": "integer" },
  "clockpath.evaluateLive": { expression: "string" },
  "clockpath.consoleInput": { text: "string" },
  "clockpath.macros": { id: "integer", macros: {} },
}; // biome-ignore format: a table

/** Throws RequestError for the first argument that does not fit its request. */
export function checkArguments(command: string, args: unknown): void {
  const shape = Object.hasOwn(SHAPES, command) ? SHAPES[command] : undefined;
  if (shape) check(args, shape, "", command);
}

function check(value: unknown, shape: Shape, where: string, command: string): void {
  if (typeof shape === "string") {
    if (!KINDS[shape](value)) fail(where, NAMES[shape], command);
  } else if (isList(shape)) {
    if (!Array.isArray(value)) fail(where, "a list", command);
    for (const [index, each] of (value as unknown[]).entries())
      check(each, shape[0], `${where}[${index}]`, command);
  } else checkFields(value, shape, where, command);
}

function checkFields(value: unknown, fields: Fields, where: string, command: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(where, "an object", command);
  const holder = value as Record<string, unknown>;
  for (const [key, shape] of Object.entries(fields)) {
    const optional = key.endsWith("?");
    const name = optional ? key.slice(0, -1) : key;
    const given = Object.hasOwn(holder, name) ? holder[name] : undefined;
    if (optional && given === null) delete holder[name];
    if (optional && (given === undefined || given === null)) continue;
    check(given, shape, where ? `${where}.${name}` : name, command);
  }
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
const isText = (value: unknown): value is string => typeof value === "string";

const KINDS: Readonly<Record<Extract<Shape, string>, (value: unknown) => boolean>> = {
  string: isText,
  number: (value) => typeof value === "number",
  integer: Number.isSafeInteger,
  boolean: (value) => typeof value === "boolean",
  "string or number": (value) => isText(value) || typeof value === "number",
  "texts by name": (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isText),
};

const NAMES: Readonly<Record<Extract<Shape, string>, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  "string or number": "a text or a number",
  "texts by name": "an object of texts",
};

function fail(where: string, wanted: string, command: string): never {
  throw new RequestError(`${command}: ${where ? `"${where}"` : "arguments"} must be ${wanted}.`);
}
