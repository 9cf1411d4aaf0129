// How answers of the index read in a terminal: one line an item, and its object for --json. Knows no arguments and no index.
import type { Call, Definition, Reference, TextHit } from "./query/api.ts";

/** An assignment, with its form: `=`, `+=`, `&` ... */
export type Assignment = Reference & { form: string };

/** The two faces of an item. */
export interface Face<Item> {
  text(item: Item): string;
  object(item: Item): object;
}

const place = ({ file, line, column }: { file: string; line: number; column: number }): string =>
  `${file}:${line}:${column}`;

const within = (scope: { name: string } | undefined): string =>
  scope === undefined ? "" : ` in ${scope.name}`;

const through = (call: Call): string => (call.kind === "member" ? " (through a field)" : "");

function callObject({ callee, caller, file, line, column, kind }: Call): object {
  const by = { caller: caller.name, callerKind: caller.kind, callerLine: caller.line };
  return { name: callee, file, line, column, kind, ...by };
}

const referenceObject = <Found extends Reference>({ scope, ...rest }: Found): object =>
  scope === undefined ? rest : { ...rest, caller: scope.name, callerKind: scope.kind };

export const callerFace: Face<Call> = {
  text: (call) => `${place(call)} ${call.caller.name}${through(call)}`,
  object: callObject,
};

export const calleeFace: Face<Call> = {
  text: (call) => `${place(call)} ${call.callee}${through(call)}`,
  object: callObject,
};

export const definitionFace: Face<Definition> = {
  text(found) {
    const inside = found.container === undefined ? "" : ` in ${found.container}`;
    return `${place(found)} ${found.kind} ${found.name}${inside}${found.declaration ? " (declaration)" : ""}`;
  },
  object: (found) => found,
};

export const referenceFace: Face<Reference> = {
  text: (found) => `${place(found)} ${found.kind}${within(found.scope)}`,
  object: referenceObject,
};

export const assignmentFace: Face<Assignment> = {
  text: (found) => `${place(found)} ${found.form}${within(found.scope)}`,
  object: referenceObject,
};

export const includeFace: Face<{ file: string; line: number }> = {
  text: ({ file, line }) => `${file}:${line}`,
  object: (found) => found,
};

export const fileFace: Face<{ file: string }> = {
  text: ({ file }) => file,
  object: (found) => found,
};

export const textHitFace: Face<TextHit> = {
  text: ({ file, line, column, place: where, scope }) => `${file}:${line}:${column} ${where}${within(scope)}`,
  object: ({ scope, ...rest }) =>
    scope === undefined ? rest : { ...rest, scope: scope.name, scopeKind: scope.kind },
};
