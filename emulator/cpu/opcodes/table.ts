// Reads the rows of the opcode table: one encoding a line, three columns divided by "|".
//
//   opcode    hex bytes, then: `+` the low three bits name a register; /n ModRM.reg; mod=3, mod=m; rm=n; w=n REX.W;
//             before them NP, 66, F3, F2 where the prefix selects the instruction; first of all VEX where it is VEX-encoded with L = 0 (SDM 2 2.3)
//   operands  mnemonic and operands: E G register/memory and register by ModRM, M memory, Z register in the opcode,
//             A accumulator, O absolute offset, I signed and U unsigned immediate, J branch, Ap far pointer, S C D segment, control, debug
//             register, B general register in VEX.vvvv, R general register in ModRM.rm whatever mod says, V W U? P Q vector and MMX registers (X N: register-only W, Q);
//             widths b w d q, v (16/32/64 by operand size), y (32/64), z (16/32)
//   options   64, no64: only in that mode; d64, f64: 64-bit operand by default, always; lock; end: last of its block; next: the record
//             holds the address behind it; noseg; string; rdi: memory at rDI; size=; stem= name of the handler; name= mnemonic to show; ulp: results may differ from another processor's by a unit in the last place (SDM 1 8.3.10); cpu= feature that must be offered, else #UD; plain: else as without the prefix; u= flags left undefined (oszapc)
//
// A line "[file]" names the file in core/ that holds the handlers of the rows below it.

export type Size = "none" | "b" | "v" | "y";

export interface OpcodeRow {
  /** 0 one-byte, 1 0F, 2 0F38, 3 0F3A; 4 and 5 the last two behind VEX. */
  map: number;
  opcode: number;
  prefix?: "NP" | "66" | "F3" | "F2";
  digit?: number;
  mod?: "3" | "m";
  rm?: number;
  w?: number;
  mode?: "64" | "no64";
  mnemonic: string;
  operands: string[];
  stem: string;
  file: string;
  size: Size;
  options: Set<string>;
  /** Feature that must be offered (features.ts, FEATURE_*, lower case). */
  feature?: string;
  /** Flags the manual leaves undefined, as letters of "oszapc". */
  undefinedFlags: string;
}

/** Maps 0F38 and 0F3A behind a VEX prefix have numbers of their own. */
export const VEX_MAPS = 2;
export const MAP_COUNT = 6;

const MAPS: [string, number][] = [
  ["0f 38 ", 2],
  ["0f 3a ", 3],
  ["0f ", 1],
];

function parseOpcode(text: string): Partial<OpcodeRow> & { plus: boolean } {
  const row: Partial<OpcodeRow> & { plus: boolean } = { map: 0, plus: false };
  const vex = text.trim().startsWith("VEX ");
  let rest = text.trim().slice(vex ? 4 : 0);
  const prefix = /^(NP|66|F3|F2) (?=[0-9a-f])/.exec(rest);
  if (prefix) {
    row.prefix = prefix[1] as "NP";
    rest = rest.slice(prefix[0].length);
  }
  for (const [bytes, map] of MAPS) {
    if (rest.startsWith(bytes)) {
      row.map = map;
      rest = rest.slice(bytes.length);
      break;
    }
  }
  if (vex) row.map! += VEX_MAPS;
  const match = /^([0-9a-f]{2})(\+?)(.*)$/.exec(rest);
  if (!match) throw new Error(`opcode table: cannot read "${text}"`);
  row.opcode = Number.parseInt(match[1]!, 16);
  row.plus = match[2] === "+";
  for (const word of match[3]!.trim().split(/\s+/)) {
    if (word === "") continue;
    else if (word.startsWith("/")) row.digit = Number(word.slice(1));
    else if (word.startsWith("mod=")) row.mod = word.slice(4) as "3";
    else if (word.startsWith("rm=")) row.rm = Number(word.slice(3));
    else if (word.startsWith("w=")) row.w = Number(word.slice(2));
    else throw new Error(`opcode table: unknown word "${word}" in "${text}"`);
  }
  return row;
}

function sizeOf(operands: string[], options: Map<string, string>): Size {
  const given = options.get("size");
  if (given) return given as Size;
  for (const o of operands) {
    if (/^[EGMZAO]v$/.test(o) || /^[EG]v$/.test(o)) return "v";
    if (/^[EGMZA]y$/.test(o)) return "y";
  }
  for (const o of operands) if (/^[EGMZAO]b$/.test(o)) return "b";
  return operands.some((o) => o === "Iz" || o === "Iw2") || options.has("d64") ? "v" : "none";
}

/** Parses rows; `+` rows become eight. Throws Error with the line on a mistake. */
export function parseRows(text: string): OpcodeRow[] {
  const rows: OpcodeRow[] = [];
  let file = "";
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const section = /^\[(.+)\]$/.exec(line.trim());
    if (section) {
      file = section[1]!;
      continue;
    }
    const [first, second, third = ""] = line.split("|");
    if (second === undefined) throw new Error(`opcode table: no operands in "${line}"`);
    const { plus, ...opcode } = parseOpcode(first!);
    const [mnemonic, operandText = ""] = second.trim().split(/\s+/, 2);
    const operands = operandText.split(",").filter(Boolean);
    const options = new Map(
      third
        .trim()
        .split(/\s+/)
        .filter(Boolean)
        .map((o) => {
          const [key, value = ""] = o.split("=");
          return [key!, value] as const;
        }),
    );
    const base = {
      ...opcode,
      mnemonic: options.get("name") ?? mnemonic!,
      operands,
      stem: options.get("stem") ?? mnemonic!,
      file,
      size: sizeOf(operands, options),
      options: new Set(options.keys()),
      undefinedFlags: options.get("u") ?? "",
      ...(options.has("cpu") ? { feature: options.get("cpu") } : {}),
      ...(options.has("64") ? { mode: "64" as const } : options.has("no64") ? { mode: "no64" as const } : {}),
    } as OpcodeRow;
    for (let i = 0; i < (plus ? 8 : 1); i++) rows.push({ ...base, opcode: base.opcode + i });
  }
  return rows;
}

/** Letters after the stem in a handler's name, for a register or memory form: one per operand that has one. */
export function variantOf(row: OpcodeRow, memory: boolean): string {
  let letters = "";
  for (const o of row.operands) {
    const kind = o[0]!;
    if (o === "Ap") letters += "p";
    else if (kind === "E") letters += memory ? "m" : "r";
    else if (kind === "M" || kind === "O") letters += "m";
    else if (kind === "W") letters += memory ? "m" : "x";
    else if (kind === "Q") letters += memory ? "m" : "q";
    else if (kind === "B") letters += "v";
    else if (kind === "V" || kind === "X") letters += "x";
    else if (kind === "P" || kind === "N") letters += "q";
    else if (kind === "G" || kind === "Z" || kind === "A") letters += "r";
    else if (o === "Ub" || kind === "I") letters += "i";
  }
  return letters;
}

/** True when the row's ModRM operand can be a register as well as memory. */
export function hasBothForms(row: OpcodeRow): boolean {
  return row.mod === undefined && row.operands.some((o) => "EWQ".includes(o[0]!));
}
export function isMemoryOnly(row: OpcodeRow): boolean {
  return row.operands.some((o) => o[0] === "M");
}
export function usesModRM(row: OpcodeRow): boolean {
  return (
    row.digit !== undefined ||
    row.mod !== undefined ||
    row.rm !== undefined ||
    row.operands.some((o) => o !== "Ap" && o !== "CL" && "EGMSCDRVWPQXN".includes(o[0]!))
  );
}
