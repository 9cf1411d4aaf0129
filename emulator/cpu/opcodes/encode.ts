// Turns opcode rows into the core's decode tree and operation list. Pure: rows in, arrays and names out.

import * as FEATURES from "../features.ts";
import { hasBothForms, isMemoryOnly, MAP_COUNT, type OpcodeRow, usesModRM, variantOf } from "./table.ts";

/** Bits of a leaf's form word; core/decode.ts reads the same constants from generated/tables.ts. */
export const FORM = {
  MODRM: 1,
  E_SHIFT: 1, // 3 bits: file of the ModRM.rm operand
  E_SRC: 1 << 4,
  G_SHIFT: 5, // 3 bits: file of the ModRM.reg operand
  G_SRC: 1 << 8,
  IMM_SHIFT: 9, // 4 bits
  Z_SHIFT: 13, // 2 bits: register in the opcode: 1 general, 2 byte
  ACC_DST: 1 << 15,
  ACC_SRC: 1 << 16,
  SIZE_SHIFT: 17, // 2 bits
  D64: 1 << 19,
  F64: 1 << 20,
  LOCK: 1 << 21,
  END: 1 << 22,
  NOSEG: 1 << 23,
  STRING: 1 << 24,
  NEXT: 1 << 25,
  FORCE_REG: 1 << 26,
  XLAT: 1 << 27,
  RDI: 1 << 28,
  VVVV: 1 << 29, // the register of VEX.vvvv is an operand: its address goes into the immediate
  X87: 1 << 30, // the record tells what x87 pointers and opcode become (x87-state.ts)
} as const;

const FILES = { none: 0, gpr: 1, byte: 2, xmm: 3, mmx: 4, number: 5, segment: 6 } as const;
const IMMEDIATES: Record<string, number> = {
  Ib: 1,
  Ub: 2,
  Iw: 3,
  Iz: 4,
  Iv: 5,
  Jb: 6,
  Jz: 7,
  O: 8,
  Iw2: 9,
  Ap: 10,
};
const SIZES = { none: 0, b: 1, v: 2, y: 3 } as const;

function fileOf(operand: string): number {
  const kind = operand[0]!;
  if ("EGR".includes(kind)) return operand[1] === "b" ? FILES.byte : FILES.gpr;
  if ("VWX".includes(kind)) return FILES.xmm;
  if ("PQN".includes(kind)) return FILES.mmx;
  if (kind === "S") return FILES.segment;
  return FILES.number; // C D
}

export function formOf(row: OpcodeRow): number {
  let form = usesModRM(row) ? FORM.MODRM : 0;
  let slot = 0;
  for (const o of row.operands) {
    if (o === "CL") continue; // implied by the handler
    if (o[0] === "B") {
      form |= FORM.VVVV;
      slot++;
      continue;
    }
    const kind = o[0]!;
    if ("EWQXNR".includes(kind) && o !== "Ap") {
      form |= (fileOf(o) << FORM.E_SHIFT) | (slot ? FORM.E_SRC : 0);
      if (kind === "R") form |= FORM.FORCE_REG;
    } else if ("GVPSCD".includes(kind)) form |= (fileOf(o) << FORM.G_SHIFT) | (slot ? FORM.G_SRC : 0);
    else if (kind === "Z") form |= (o[1] === "b" ? 2 : 1) << FORM.Z_SHIFT;
    else if (kind === "A" && o !== "Ap") form |= slot ? FORM.ACC_SRC : FORM.ACC_DST;
    else if (kind === "O") form |= IMMEDIATES.O! << FORM.IMM_SHIFT;
    if ("IUJ".includes(kind) || o === "Ap") form |= (IMMEDIATES[o] ?? bad(row, o)) << FORM.IMM_SHIFT;
    else slot++;
  }
  form |= SIZES[row.size] << FORM.SIZE_SHIFT;
  const flag = (name: string, bit: number): void => {
    if (row.options.has(name)) form |= bit;
  };
  flag("d64", FORM.D64);
  flag("f64", FORM.F64);
  flag("lock", FORM.LOCK);
  flag("end", FORM.END);
  flag("noseg", FORM.NOSEG);
  flag("string", FORM.STRING);
  flag("next", FORM.NEXT);
  flag("xlat", FORM.XLAT);
  flag("rdi", FORM.RDI);
  if (row.file === "x87") form |= FORM.X87;
  return form;
}
function bad(row: OpcodeRow, operand: string): never {
  throw new Error(`opcode table: operand ${operand} of ${row.mnemonic}`);
}

/** A handler to call: core/`file`.ts exports `name`, generic over `type` where that is set. */
export interface Operation {
  file: string;
  name: string;
  type: "" | "u8" | "u16" | "u32" | "u64";
  /** name + width: "add_rr32". */
  id: string;
}

const TYPES = ["u8", "u16", "u32", "u64"] as const;

/** The handlers of one form, by size index (0 byte or unsized, 1 word, 2 doubleword, 3 quadword). */
function operationsOf(row: OpcodeRow, memory: boolean): (Operation | undefined)[] {
  const variant = variantOf(row, memory);
  const name =
    row.stem === "nop" || row.stem === "ud" ? row.stem : variant ? `${row.stem}_${variant}` : row.stem;
  const one = (type: Operation["type"]): Operation => ({
    file: row.file,
    name,
    type,
    id: name + type.slice(1),
  });
  if (
    row.size === "none" ||
    (/^j[a-z]+$/.test(row.stem) === true && row.stem !== "jmp" && row.stem !== "jmpf")
  ) {
    const plain = one("");
    return [plain, plain, plain, plain];
  }
  if (row.size === "b") return [one(TYPES[0]), undefined, undefined, undefined];
  return [
    undefined,
    row.size === "y" ? undefined : one(TYPES[1]),
    one(TYPES[2]),
    row.mode === "no64" ? undefined : one(TYPES[3]),
  ];
}

interface Form {
  row: OpcodeRow;
  mod: "3" | "m" | undefined;
  form: number;
  operations: (Operation | undefined)[];
}

/** Splits rows with a register and a memory form. */
export function formsOf(rows: OpcodeRow[]): Form[] {
  return rows.flatMap((row): Form[] => {
    const form = formOf(row);
    if (hasBothForms(row)) {
      return [
        { row, mod: "3", form, operations: operationsOf(row, false) },
        { row, mod: "m", form, operations: operationsOf(row, true) },
      ];
    }
    const memory = row.mod === "m" || isMemoryOnly(row);
    const mod = row.mod ?? (isMemoryOnly(row) ? "m" : undefined);
    return [{ row, mod, form, operations: operationsOf(row, memory) }];
  });
}

/** 1 + the feature's bit in the FEATURES word; 0: always there. */
function featureNumber(row: OpcodeRow): number {
  if (row.feature === undefined) return 0;
  const bit = (FEATURES as Record<string, number>)[`FEATURE_${row.feature.toUpperCase()}`];
  if (bit === undefined) throw new Error(`opcode table: feature ${row.feature} of ${row.mnemonic}`);
  return 32 - Math.clz32(bit);
}

// ---- the decode tree ----

export const KIND = { MODE: 0, PREFIX: 1, DIGIT: 2, MOD: 3, RM: 4, W: 5 } as const;
const PREFIXES = ["NP", "66", "F3", "F2"] as const;

interface Dimension {
  kind: number;
  values: (string | number)[];
  of(form: Form): string | number | undefined;
}
const DIMENSIONS: Dimension[] = [
  { kind: KIND.MODE, values: ["no64", "64"], of: (f) => f.row.mode },
  { kind: KIND.PREFIX, values: [...PREFIXES], of: (f) => f.row.prefix },
  { kind: KIND.MOD, values: ["m", "3"], of: (f) => f.mod },
  { kind: KIND.DIGIT, values: [0, 1, 2, 3, 4, 5, 6, 7], of: (f) => f.row.digit },
  { kind: KIND.RM, values: [0, 1, 2, 3, 4, 5, 6, 7], of: (f) => f.row.rm },
  { kind: KIND.W, values: [0, 1], of: (f) => f.row.w },
];

export interface DecodeTables {
  /** MAP_COUNT maps of 256 references. */
  roots: number[];
  nodes: number[];
  /** Per leaf: form low, form high, four operation numbers, 1 + bit of the feature that it needs or 0, 1 when without it the prefix means nothing (u16 each). */
  leaves: number[];
  operations: Operation[];
}

/** A reference is 0 (undefined), 0x8000 | leaf, or the index of a node: kind, then one reference per value. */
export function encodeTables(rows: OpcodeRow[], hot: string[]): DecodeTables {
  const forms = formsOf(rows);
  const byId = new Map<string, Operation>();
  for (const form of forms) for (const op of form.operations) if (op) byId.set(op.id, op);
  const special = ["undefined_opcode", "legacy_ea", "breakpoint_hook"].map(
    (name): Operation => ({ file: "hooks", name, type: "", id: name }),
  );
  const missing = hot.filter((id) => !byId.has(id));
  if (missing.length > 0) throw new Error(`hot operations that no row has: ${missing.join(" ")}`);
  const hotSet = new Set(hot);
  const operations = [
    ...hot.map((id) => byId.get(id)!),
    ...special,
    ...[...byId.values()].filter((op) => !hotSet.has(op.id)),
  ];
  const numbers = new Map(operations.map((op, i) => [op.id, i]));
  const nodes: number[] = [0];
  const leaves: number[] = [];
  const leafIndex = new Map<string, number>();

  const leaf = (form: Form): number => {
    const words = [form.form & 0xffff, form.form >>> 16];
    for (const op of form.operations) words.push(op ? numbers.get(op.id)! : numbers.get("undefined_opcode")!);
    words.push(featureNumber(form.row), form.row.options.has("plain") ? 1 : 0);
    const key = words.join();
    const known = leafIndex.get(key);
    if (known !== undefined) return known;
    const ref = 0x8000 | (leaves.length / 8);
    leaves.push(...words);
    leafIndex.set(key, ref);
    return ref;
  };
  const build = (candidates: Form[], from: number): number => {
    if (candidates.length === 0) return 0;
    for (let d = from; d < DIMENSIONS.length; d++) {
      const dimension = DIMENSIONS[d]!;
      if (candidates.every((f) => dimension.of(f) === undefined)) continue;
      const children = dimension.values.map((value) => {
        const exact = candidates.filter((f) => dimension.of(f) === value);
        const any = candidates.filter((f) => dimension.of(f) === undefined);
        return build([...exact, ...any], d + 1);
      });
      const at = nodes.length;
      nodes.push(dimension.kind, ...children);
      return at;
    }
    return leaf(candidates[0]!);
  };
  const roots: number[] = [];
  for (let map = 0; map < MAP_COUNT; map++) {
    for (let opcode = 0; opcode < 256; opcode++) {
      roots.push(
        build(
          forms.filter((f) => f.row.map === map && f.row.opcode === opcode),
          0,
        ),
      );
    }
  }
  return { roots, nodes, leaves, operations };
}
