// Which functions a call through a table reaches, where it says more than the field that it calls: one element of an array by a constant, a vnode
// operations' vector by its name, the linker set that the calling function walks. Where nothing more is known, all that the field holds.
import { LINE_BITS } from "../lang/preprocess/prepare.ts";
import { structOf } from "./ctypes.ts";
import type { Dispatch, Facts, Flow, Sym } from "./facts.ts";
import type { Registration } from "./solve.ts";

type Held = ReadonlyMap<Sym, Registration>;
type Narrower = (dispatch: Dispatch, held: Held) => Registration[];

/** NetBSD's description of a vector: its pointer, and the entries that it is filled from. */
export const VECTOR_STRUCT = "vnodeopv_desc";

/** FreeBSD's look at a linker set of a file that is loaded: its set, not the kernel's of that name. */
export const LOADED_SET = "linker_file_lookup_set";

export function narrower(facts: Facts): Narrower {
  const given = registrations(facts);
  const entriesOf = vectorEntries(facts);
  const sets = setWalks(facts);
  return (dispatch, held) => {
    const { caller, table, element, node } = dispatch;
    const flows = given.get(node) ?? [];
    const entries = table === undefined ? undefined : entriesOf(table);
    if (entries !== undefined)
      return chosen(held, flows, ({ owner }) => owner === undefined || entries(owner));
    if (table !== undefined && element !== undefined)
      return chosen(held, flows, (flow) => isElement(flow, table, element));
    const isWalked = caller === undefined ? undefined : sets(caller);
    if (isWalked === undefined) return [...held.values()];
    return walked(held, flows, isWalked);
  };
}

/** By node, the functions whose names are given to it. */
function registrations({ flows, nodeFunctions }: Facts): Map<number, Flow[]> {
  const found = new Map<number, Flow[]>();
  for (const flow of flows) {
    if (!nodeFunctions.has(flow.from)) continue;
    const known = found.get(flow.to);
    if (known === undefined) found.set(flow.to, [flow]);
    else known.push(flow);
  }
  return found;
}

/** What is held from the flows that are meant, with the first of them as its registration; all of it where none is. */
function chosen(held: Held, flows: readonly Flow[], isMeant: (flow: Flow) => boolean): Registration[] {
  const meant = new Map<number, Flow>();
  for (const flow of flows) if (!meant.has(flow.from) && isMeant(flow)) meant.set(flow.from, flow);
  const found: Registration[] = [];
  for (const { target } of held.values()) {
    const flow = meant.get(target.node);
    if (flow !== undefined) found.push({ target, loc: flow.loc, owner: flow.owner });
  }
  return found.length > 0 ? found : [...held.values()];
}

/** Not so of another element of the table, or of a table like it; what is given elsewhere may be copied to any. */
function isElement({ owner, element }: Flow, table: Sym, wanted: number): boolean {
  if (owner === undefined || element === undefined || element === wanted) return true;
  return structOf(owner.type) !== structOf(table.type);
}

/** Functions given in another set's objects are not met on a walk. */
function walked(held: Held, flows: readonly Flow[], isWalked: (owner: Sym) => boolean): Registration[] {
  const ways = new Map<number, boolean>();
  for (const { from, owner } of flows)
    ways.set(from, ways.get(from) === true || owner === undefined || isWalked(owner));
  return [...held.values()].filter(({ target }) => ways.get(target.node) !== false);
}

/** Of a vector's variable: is something one of the entries that the vector is filled from? */
function vectorEntries({ writes }: Facts): (vector: Sym) => ((owner: Sym) => boolean) | undefined {
  const names = new Map<Sym, { vector?: string; entries?: string }>();
  for (const { struct, field, variable, value } of writes) {
    if (struct !== VECTOR_STRUCT || variable === undefined) continue;
    const known = names.get(variable) ?? {};
    names.set(variable, known);
    if (field === "opv_desc_vector_p") known.vector = value.replace(/^&/, "");
    else if (field === "opv_desc_ops") known.entries = value;
  }
  const byVector = new Map<string, { entries: string; file: number }[]>();
  for (const [{ defined }, { vector = "", entries = "" }] of names)
    byVector.set(vector, [...(byVector.get(vector) ?? []), { entries, file: defined >>> LINE_BITS }]);
  return ({ name }) => {
    const filled = byVector.get(name);
    return (
      filled &&
      ((owner) =>
        filled.some(
          ({ entries, file }) => owner.name === entries && (!owner.isStatic || owner.file === file),
        ))
    );
  };
}

/** Of a function that names linker sets: does it meet an object? One that is in no set may come from anywhere. */
function setWalks({ sets, walks, recorded }: Facts): (caller: Sym) => ((owner: Sym) => boolean) | undefined {
  const setsOf = new Map<string, Set<string>>();
  for (const { set, object } of sets) setsOf.set(object, (setsOf.get(object) ?? new Set()).add(set));
  const walkedBy = new Map<Sym, Set<string>>();
  const wantedBy = (caller: Sym) => walkedBy.get(caller) ?? walkedBy.set(caller, new Set()).get(caller)!;
  for (const { caller, set } of walks) wantedBy(caller).add(set);
  for (const { callee, caller } of recorded)
    if (callee === LOADED_SET && caller !== undefined) wantedBy(caller);
  return (caller) => {
    const wanted = walkedBy.get(caller);
    if (wanted === undefined) return undefined;
    return ({ name }) => {
      const holding = setsOf.get(name);
      return holding === undefined || [...holding].some((set) => wanted.has(set));
    };
  };
}
