// The rows that answer cscope's questions, from the index and, for calls that no text shows, from the call graph of the configuration.
// Each question gives its finds in the order of the answer.
import type { Edge } from "../graph/api.ts";
import type { QueryKind, QueryRow } from "../protocol.ts";
import type { Call, Definition, KernelIndex, QueryOptions, Reference, Steps, TextHit } from "../query/api.ts";
import { assigning, type Lines, linesOf } from "../query/lines.ts";
import { evidence } from "./clockSources.ts";
import { utf16Column } from "./columns.ts";
import type { Context } from "./context.ts";
import { uriOf } from "./convert.ts";
import { isIndirect, lastName, lineNow } from "./indirectCalls.ts";

/** A place that answers a question; `length` in bytes, 0 where all of the line or the file does. */
export interface Find {
  readonly file: string;
  /** From 1; 0 for a file. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly inside?: string | undefined;
  /** What it is; a function where the text around tells, which may also say that it is no answer. */
  readonly note: string | ((lines: Lines) => string | undefined);
}

type Asked = Exclude<QueryKind, "text" | "regex">;

/** What is asked of which index. */
export interface Question {
  readonly context: Context;
  readonly index: KernelIndex;
  readonly text: string;
  readonly options: QueryOptions;
}

const questions: Record<Asked, (question: Question) => Steps<Find[]>> = {
  symbol: function* ({ index, text, options }) {
    return (yield* index.referenceSteps(text, options)).map(ofReference);
  },
  definition: ({ index, text, options }) => atOnce(() => index.definitions(text, options).map(ofDefinition)),
  callees: (question) => atOnce(() => callees(question)),
  callers: (question) => atOnce(() => callers(question)),
  file: ({ index, text, options }) =>
    atOnce(() =>
      index.findFiles(text, options).map(({ file }) => ({ file, line: 0, column: 0, length: 0, note: "" })),
    ),
  includers: ({ index, text, options }) =>
    atOnce(() =>
      index
        .includers(text, options)
        .map(({ file, line }) => ({ file, line, column: 1, length: 0, note: "" })),
    ),
  assignments: function* ({ index, text, options }) {
    return (yield* index.referenceSteps(text, { ...options, kinds: assigning })).map(ofAssignment);
  },
};

/** What takes no longer than one step. */
function* atOnce<Result>(make: () => Result): Steps<Result> {
  yield;
  return make();
}

function callees(question: Question): Find[] {
  const { index, text, options } = question;
  const edges = indirect(question, "callees");
  // Where a field's functions are known, the field itself is no callee.
  const resolved = new Set(edges.map(({ through }) => lastName(through)));
  const direct = index.callees(text, options).filter(({ callee }) => !resolved.has(callee));
  return [
    ...direct.map((call) => ofCall(call, call.callee)),
    ...edges.map((edge) => ofEdge(question, edge, edge.callee.name)),
  ];
}

function callers(question: Question): Find[] {
  const { index, text, options } = question;
  return [
    ...index.callers(text, options).map((call) => ofCall(call, "")),
    ...indirect(question, "callers").map((edge) => ofEdge(question, edge, "")),
  ];
}

/** The finds of every question but those of text. */
export const findsOf = (kind: Asked, question: Question): Steps<Find[]> => questions[kind](question);

const at = ({ file, line, column }: { file: string; line: number; column: number }, name: string) => ({
  file,
  line,
  column,
  length: Buffer.byteLength(name),
});

function ofReference(found: Reference): Find {
  return { ...at(found, found.name), inside: found.scope?.name, note: found.kind };
}

function ofDefinition(found: Definition): Find {
  const what = found.container === undefined ? found.kind : `${found.kind} of ${found.container}`;
  return { ...at(found, found.name), note: found.declaration ? `${what}, declared` : what };
}

/** `callee` is told where it is the answer. */
function ofCall(call: Call, callee: string): Find {
  const note = [callee, call.kind === "member" ? "through a field" : ""].filter(Boolean).join(", ");
  return { ...at(call, call.callee), inside: call.caller.name, note };
}

/** The graph knows no columns: the line is the answer. */
function ofEdge({ context, index }: Question, edge: Edge, callee: string): Find {
  const note = [callee, evidence(edge)].filter(Boolean).join(", ");
  const line = lineNow(context, index, edge);
  return { file: edge.file, line, column: 1, length: 0, inside: edge.caller.name, note };
}

const ofAssignment = (found: Reference): Find => ({
  ...at(found, found.name),
  inside: found.scope?.name,
  note: (lines) => lines.assignment(found),
});

function indirect({ context, index, text, options }: Question, side: "callers" | "callees"): Edge[] {
  const found = context.graphs().current();
  if (found?.tree.root !== index.tree.root) return [];
  return found.graph[side](text).filter(isIndirect).slice(0, options.limit);
}

/** Makes rows of finds; undefined for what turns out to be no answer. */
export function rowMaker(index: KernelIndex): (find: Find) => QueryRow | undefined {
  const lines = linesOf(index);
  return (find) => {
    const { file, line, column, length, inside, note } = find;
    const said = typeof note === "string" ? note : note(lines);
    if (said === undefined) return undefined;
    const common = { uri: uriOf(index, file), file, ...stateOf(index, file) };
    if (line === 0) return { ...common, line: 0, start: 0, end: 0, text: "", note: said };
    const content = lines.bytes(file, line);
    return {
      ...common,
      line: line - 1,
      start: utf16Column(content, column),
      end: utf16Column(content, column + length),
      text: shown(content),
      ...(inside === undefined ? {} : { inside }),
      note: said,
    };
  };
}

export function textRow(index: KernelIndex, hit: TextHit): QueryRow {
  const { file, line, text, column, length, scope, place } = hit;
  const content = Buffer.from(text);
  return {
    uri: uriOf(index, file),
    file,
    ...stateOf(index, file),
    line: line - 1,
    start: utf16Column(content, column),
    end: utf16Column(content, column + length),
    text,
    ...(scope === undefined ? {} : { inside: scope.name }),
    note: place === "code" ? "" : place,
  };
}

function stateOf(index: KernelIndex, file: string): { configured?: boolean } {
  const configured = index.isConfigured(file);
  return configured === undefined ? {} : { configured };
}

/** Longer lines than this are tables; they are cut. */
const MAX_TEXT = 400;

const shown = (content: Uint8Array): string =>
  Buffer.from(content.subarray(0, MAX_TEXT)).toString().replace(/\r$/, "");
