// The rows that answer cscope's questions, from the index and, for calls that no text shows, from the call graph of the configuration.
// Each question gives its finds in the order of the answer; `lines` reads the texts around them.
import type { Edge } from "../graph/api.ts";
import type { QueryKind, QueryRow } from "../protocol.ts";
import type { Call, Definition, KernelIndex, QueryOptions, Reference, Steps, TextHit } from "../query/api.ts";
import { assignmentAt } from "../query/assignment.ts";
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
  readonly note: string | ((text: string, start: number) => string | undefined);
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
    const kinds = ["write", "address", "definition"] as const;
    return (yield* index.referenceSteps(text, { ...options, kinds })).map(ofAssignment);
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

function ofAssignment(found: Reference): Find {
  const kind = found.kind as "write" | "address" | "definition";
  return {
    ...at(found, found.name),
    inside: found.scope?.name,
    // A write whose form is not known, by a macro, is one all the same.
    note: (text, start) =>
      assignmentAt(text, start, start + found.name.length, kind) ?? (kind === "write" ? "write" : undefined),
  };
}

function indirect({ context, index, text, options }: Question, side: "callers" | "callees"): Edge[] {
  const found = context.graphs().current();
  if (found?.tree.root !== index.tree.root) return [];
  return found.graph[side](text).filter(isIndirect).slice(0, options.limit);
}

/** A text with the starts of its lines; one character a byte. */
interface Lines {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  text?: string;
}

/** Makes rows of finds, file by file: the text of the last file is kept. */
export function rowMaker(index: KernelIndex): (find: Find) => QueryRow | undefined {
  let lines: Lines | undefined;
  return (find) => {
    const { file, line, column, length, inside, note } = find;
    const common = { uri: uriOf(index, file), file, ...stateOf(index, file) };
    if (line === 0) return { ...common, line: 0, start: 0, end: 0, text: "", note: String(note) };
    if (lines?.file !== file) lines = linesOf(index, file);
    const start = lines.starts[line - 1] ?? lines.bytes.length;
    const content = lines.bytes.subarray(start, (lines.starts[line] ?? lines.bytes.length + 1) - 1);
    const said = typeof note === "string" ? note : note(latin1Of(lines), start + column - 1);
    if (said === undefined) return undefined;
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

function linesOf(index: KernelIndex, file: string): Lines {
  const bytes = index.text(file);
  const starts = [0];
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, end + 1)) starts.push(end + 1);
  return { file, bytes, starts };
}

function latin1Of(lines: Lines): string {
  lines.text ??= Buffer.from(lines.bytes.buffer, lines.bytes.byteOffset, lines.bytes.length).toString(
    "latin1",
  );
  return lines.text;
}

/** Longer lines than this are tables; they are cut. */
const MAX_TEXT = 400;

const shown = (content: Uint8Array): string =>
  Buffer.from(content.subarray(0, MAX_TEXT)).toString().replace(/\r$/, "");
