// Calls and paths of calls as lines for a terminal.
import type { Edge, GraphFunction, Path, Place } from "./graph/api.ts";

/** The caller on a line, then each call below. */
export function pathText(path: Path): string[] {
  const first = path[0]?.caller;
  if (first === undefined) return [];
  return [
    functionText(first),
    ...path.map((edge, i) => `${"  ".repeat(i + 1)}-> ${edge.callee.name} ${edgeText(edge)}`),
  ];
}

export const placeText = ({ file, line }: Place): string => `${file}:${line}`;
const functionText = ({ name, place }: GraphFunction): string =>
  place === undefined ? name : `${name} ${placeText(place)}`;

/** Where the call stands, and for what is no plain call its kind and the evidence. */
export function edgeText(edge: Edge): string {
  const { kind, macro, through, registered, order } = edge;
  const notes: string[] = [];
  if (order !== undefined) notes.push(`linker set ${order}`);
  if (through !== undefined) notes.push(`may call, through ${through}`);
  if (registered !== undefined) notes.push(`registered at ${placeText(registered)}`);
  if (macro !== undefined) notes.push(`macro ${macro.name}, ${placeText(macro)}`);
  if (kind === "alias") notes.push("another name of it");
  return notes.length === 0 ? placeText(edge) : `${placeText(edge)} (${notes.join("; ")})`;
}
