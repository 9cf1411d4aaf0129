// Types: from DIEs to the closed union of api.ts, made when asked and kept by offset, so that a cycle of types is a cycle of objects.
// Must not know values or how types are printed.

import type { Member, Type } from "./api.ts";
import { canonicalBaseName } from "./base-names.ts";
import { isAssembler } from "./debug-info.ts";
import { AT, ATE, TAG } from "./dwarf/constants.ts";
import type { Die } from "./dwarf/die.ts";
import { toLittleEndian } from "./dwarf/expression.ts";

type BaseEncoding = Extract<Type, { kind: "base" }>["encoding"];
type Qualifier = Extract<Type, { kind: "qualified" }>["qualifier"];
type Enumerator = { name: string; value: bigint };
type Structure = Extract<Type, { kind: "struct" | "union" }>;

const VOID: Type = { kind: "void" };
/** Chains of typedefs and qualifiers longer than this are cycles in damaged files. */
const MAX_CHAIN = 64;

export class Types {
  private readonly made = new Map<number, Type>();

  /**
   * `complete` finds the definition of a struct, union or enum that a unit only declares. `attempt` runs a reader and gives `empty` where the
   * debug info is damaged: types are read long after they were asked for.
   */
  constructor(
    private readonly complete: (kind: "struct" | "union" | "enum", name: string) => Die | undefined,
    private readonly attempt: <T>(empty: T, read: () => T) => T,
  ) {}

  /** The type that a DIE's DW_AT_type names, its origin's where it has none itself; void without. */
  of(die: Die): Type {
    return this.attempt(VOID, () => {
      const target = die.holder(AT.type)?.reference(AT.type);
      return target ? this.at(target) : VOID;
    });
  }

  /** The type that a type DIE describes. */
  at(die: Die): Type {
    let type = this.made.get(die.offset);
    if (!type) {
      type = this.make(die);
      this.made.set(die.offset, type);
    }
    return type;
  }

  private make(die: Die): Type {
    // A declaration that stands for a type in a type unit (DWARF 5 section 5.7.1).
    const full = die.has(AT.signature) ? die.reference(AT.signature) : undefined;
    if (full && !full.has(AT.signature)) return this.at(full);
    switch (die.tag) {
      case TAG.base_type:
        return baseType(die);
      case TAG.pointer_type:
      case TAG.reference_type:
      case TAG.rvalue_reference_type:
        return {
          kind: "pointer",
          size: byteSize(die) ?? die.unit.addressSize,
          target: this.lazily(VOID, () => this.of(die)),
        };
      case TAG.structure_type:
      case TAG.class_type:
        return this.structure(die, "struct");
      case TAG.union_type:
        return this.structure(die, "union");
      case TAG.enumeration_type:
        return this.enumeration(die);
      case TAG.array_type:
        return this.array(die);
      case TAG.typedef:
        return {
          kind: "typedef",
          name: die.name ?? "",
          target: this.lazily(VOID, () => this.ofChecked(die)),
        };
      case TAG.const_type:
        return this.qualified(die, "const");
      case TAG.volatile_type:
        return this.qualified(die, "volatile");
      case TAG.restrict_type:
        return this.qualified(die, "restrict");
      case TAG.atomic_type:
        return this.qualified(die, "atomic");
      case TAG.subroutine_type:
      case TAG.subprogram:
        return this.functionType(die);
      default:
        return VOID;
    }
  }

  /** A qualified array is an array of qualified elements (C11 6.7.3p9). */
  private qualified(die: Die, qualifier: Qualifier): Type {
    const target = die.reference(AT.type);
    if (target?.tag !== TAG.array_type)
      return { kind: "qualified", qualifier, target: this.lazily(VOID, () => this.ofChecked(die)) };
    const array = this.array(target);
    const element = this.lazily(VOID, () => qualify(array.element, qualifier));
    return {
      kind: "array",
      counts: array.counts,
      get element() {
        return element();
      },
      get size() {
        return array.size;
      },
    };
  }

  /** The target of a typedef or qualifier; void where the chain never ends. */
  private ofChecked(die: Die): Type {
    return this.attempt(VOID, () => {
      let end: Die | undefined = die;
      for (let i = 0; i < MAX_CHAIN && end && isTransparent(end.tag); i++) end = end.reference(AT.type);
      return end && isTransparent(end.tag) ? VOID : this.of(die);
    });
  }

  private structure(die: Die, kind: "struct" | "union"): Type {
    const definition = this.definition(die, kind);
    const members = this.lazily<Member[]>([], () => this.members(definition() ?? die));
    const size = this.lazily(0, () => byteSize(definition() ?? die) ?? 0);
    return {
      kind,
      name: die.name ?? "",
      get size() {
        return size();
      },
      get declaration() {
        return definition() === undefined;
      },
      members,
    } satisfies Structure;
  }

  /** The DIE that defines what this one may only declare; undefined when no unit does. */
  private definition(die: Die, kind: "struct" | "union" | "enum"): () => Die | undefined {
    if (!die.flag(AT.declaration)) return () => die;
    const { name } = die;
    return this.lazily(undefined, () => (name === undefined ? undefined : this.complete(kind, name)));
  }

  private members(die: Die): Member[] {
    const members: Member[] = [];
    die.forEachChild((child) => {
      if (child.tag === TAG.member && !child.flag(AT.external) && !child.flag(AT.declaration))
        members.push(this.member(child));
    });
    return members;
  }

  private member(die: Die): Member {
    const type = this.of(die);
    const offset = memberOffset(die);
    const member = { name: die.name ?? "", type, offset };
    const size = die.constant(AT.bit_size);
    if (size === undefined) return member;
    const bitOffset = this.bitOffset(die, type, offset, size);
    return { ...member, offset: Math.floor(bitOffset / 8), bits: { offset: bitOffset, size } };
  }

  /** DWARF 4 and 5 count bits from the start of the struct; DWARF 2 and 3 from the high end of a storage unit (DWARF 3 section 5.6.6). */
  private bitOffset(die: Die, type: Type, offset: number, size: number): number {
    const direct = die.constant(AT.data_bit_offset);
    if (direct !== undefined) return direct;
    const fromHigh = die.constant(AT.bit_offset);
    if (fromHigh === undefined) return offset * 8;
    const storage = byteSize(die) ?? sizeOf(type);
    return offset * 8 + storage * 8 - fromHigh - size;
  }

  private enumeration(die: Die): Type {
    const definition = this.definition(die, "enum");
    const size = this.lazily(4, () => byteSize(definition() ?? die) ?? 4);
    const values = this.lazily<Enumerator[]>([], () => enumerators(definition() ?? die));
    const underlying = this.lazily(VOID, () => this.underlying(definition() ?? die, size(), values()));
    return {
      kind: "enum",
      name: die.name ?? "",
      get size() {
        return size();
      },
      get underlying() {
        return underlying();
      },
      values,
    };
  }

  /** DW_AT_type where the compiler gives it; otherwise an integer of the size, signed when an enumerator is negative. */
  private underlying(die: Die, size: number, values: { value: bigint }[]): Type {
    if (die.has(AT.type)) return this.of(die);
    const signed = values.some(({ value }) => value < 0n);
    return {
      kind: "base",
      name: signed ? "int" : "unsigned int",
      size,
      encoding: signed ? "signed" : "unsigned",
    };
  }

  private array(die: Die): Extract<Type, { kind: "array" }> {
    const counts: (number | undefined)[] = [];
    die.forEachChild((child) => {
      if (child.tag === TAG.subrange_type) counts.push(elementCount(child));
    });
    if (counts.length === 0) counts.push(undefined);
    const element = this.lazily(VOID, () => this.of(die));
    const elements = counts.reduce<number>((product, count) => product * (count ?? 0), 1);
    const size = this.lazily(0, () => byteSize(die) ?? elements * sizeOf(element()));
    return {
      kind: "array",
      ...(die.flag(AT.GNU_vector) ? ({ vector: true } as const) : {}),
      get element() {
        return element();
      },
      counts,
      get size() {
        return size();
      },
    };
  }

  private functionType(die: Die): Type {
    const parameters = this.lazily<Type[]>([], () =>
      die
        .children()
        .filter((child) => child.tag === TAG.formal_parameter)
        .map((child) => this.of(child)),
    );
    return {
      kind: "function",
      returns: () => this.of(die),
      parameters,
      // Other languages than C have no functions without prototype.
      prototyped: die.flag(AT.prototyped) || isAssembler(die.unit),
      variadic: die.children().some((child) => child.tag === TAG.unspecified_parameters),
    };
  }

  /** Computes once, when asked; `empty` where the debug info is damaged, and to a question that needs its own answer (an array of itself). */
  private lazily<T>(empty: T, compute: () => T): () => T {
    let result: { value: T } | undefined;
    return () => {
      if (!result) {
        result = { value: empty };
        result = { value: this.attempt(empty, compute) };
      }
      return result.value;
    };
  }
}

function qualify(type: Type, qualifier: Qualifier): Type {
  const has = type.kind === "qualified" && type.qualifier === qualifier;
  return has ? type : { kind: "qualified", qualifier, target: () => type };
}

/** Bytes that a value of the type takes; 0 for void, functions and declarations. */
export function sizeOf(type: Type, depth = 0): number {
  switch (type.kind) {
    case "typedef":
    case "qualified":
      return depth > MAX_CHAIN ? 0 : sizeOf(type.target(), depth + 1);
    case "void":
    case "function":
      return 0;
    default:
      return type.size;
  }
}

/** DW_AT_byte_size, which a damaged abbreviation may make negative. */
function byteSize(die: Die): number | undefined {
  const size = die.constant(AT.byte_size);
  return size === undefined ? undefined : Math.max(0, size);
}

/** The type without typedefs and qualifiers. */
export function stripped(type: Type): Type {
  let inner = type;
  for (let i = 0; i < MAX_CHAIN && (inner.kind === "typedef" || inner.kind === "qualified"); i++)
    inner = inner.target();
  return inner;
}

/** The bytes of a DW_AT_const_value. */
export function constantBytes(die: Die, size: number): Uint8Array | undefined {
  const number = die.constantBig(AT.const_value);
  if (number !== undefined) return toLittleEndian(number, size || 8);
  const block = die.block(AT.const_value);
  if (block) return die.unit.cursor.bytes.subarray(block.pos, block.end);
  const text = die.string(AT.const_value);
  return text === undefined ? undefined : Buffer.from(`${text}\0`, "latin1");
}

const ENCODINGS: Readonly<Record<number, BaseEncoding>> = {
  [ATE.boolean]: "boolean",
  [ATE.complex_float]: "complex",
  [ATE.float]: "float",
  [ATE.signed]: "signed",
  [ATE.signed_char]: "signed-char",
  [ATE.unsigned]: "unsigned",
  [ATE.unsigned_char]: "unsigned-char",
  [ATE.address]: "unsigned",
  [ATE.UTF]: "unsigned",
};

function baseType(die: Die): Type {
  const encoding = ENCODINGS[die.constant(AT.encoding) ?? 0] ?? "unsigned";
  return {
    kind: "base",
    name: canonicalBaseName(die.name ?? ""),
    size: byteSize(die) ?? 0,
    encoding,
  };
}

/** Bytes from the start of the struct: a constant, or before DWARF 4 an expression that adds one (DW_OP_plus_uconst). */
function memberOffset(die: Die): number {
  const constant = die.constant(AT.data_member_location);
  if (constant !== undefined) return constant;
  const block = die.block(AT.data_member_location);
  if (!block) return 0;
  const cursor = die.unit.owner.section.cursor(block.pos, block.end);
  const op = cursor.u8();
  const PLUS_UCONST = 0x23;
  const CONSTU = 0x10;
  return op === PLUS_UCONST || op === CONSTU ? cursor.uleb() : 0;
}

/** The count of a dimension; undefined for a flexible array. */
function elementCount(die: Die): number | undefined {
  const count = die.constant(AT.count);
  if (count !== undefined) return Math.max(0, count);
  const upper = die.constant(AT.upper_bound);
  // gcc writes the bound of `int a[0]` as all ones in some versions.
  return upper === undefined
    ? undefined
    : upper === 0xffffffff || upper >= 2 ** 63
      ? 0
      : Math.max(0, upper + 1);
}

function enumerators(die: Die): Enumerator[] {
  const values: Enumerator[] = [];
  die.forEachChild((child) => {
    if (child.tag === TAG.enumerator)
      values.push({ name: child.name ?? "", value: child.constantBig(AT.const_value) ?? 0n });
  });
  return values;
}

function isTransparent(tag: number): boolean {
  return (
    tag === TAG.typedef ||
    tag === TAG.const_type ||
    tag === TAG.volatile_type ||
    tag === TAG.restrict_type ||
    tag === TAG.atomic_type
  );
}
