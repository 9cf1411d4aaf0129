// The types of C as far as calls need them: what a field's type is, and whether something can hold a function's address.

export interface CType {
  readonly kind: "scalar" | "void" | "pointer" | "array" | "function" | "struct";
  /** What a pointer points to, an array's element, what a function returns. */
  readonly to?: CType | undefined;
  readonly struct?: StructType;
}

export interface Member {
  /** Id of its name; 0 for an unnamed struct or union, whose members are the outer one's. */
  readonly name: number;
  readonly type: CType | undefined;
}

/** A struct or union; one object for a tag, whoever names it. */
export interface StructType {
  readonly key: string;
  readonly isUnion: boolean;
  members: Member[];
  /** Node of each member, made when one is asked for. */
  readonly nodes: Map<number, number>;
}

export const SCALAR: CType = { kind: "scalar" };
export const VOID: CType = { kind: "void" };
export const pointerTo = (to: CType | undefined): CType => ({ kind: "pointer", to });

/** A member by name, through unnamed structs; with the struct that holds it. */
export function memberOf(
  struct: StructType,
  name: number,
): { struct: StructType; type: CType | undefined } | undefined {
  for (const member of struct.members) {
    if (member.name === name) return { struct, type: member.type };
    if (member.name !== 0 || member.type?.kind !== "struct") continue;
    const inner = memberOf(member.type.struct!, name);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Can a value of this type be a function's address, or an array or pointer of such? */
export function holdsFunction(type: CType | undefined): boolean {
  for (let at = type; at !== undefined; at = at.to) {
    if (at.kind === "function") return true;
    if (at.kind !== "pointer" && at.kind !== "array") return false;
  }
  return false;
}

/** The struct that a value is, or points to. */
export function structOf(type: CType | undefined): StructType | undefined {
  let at = type;
  while (at !== undefined && (at.kind === "pointer" || at.kind === "array")) at = at.to;
  return at?.struct;
}
