// gdb's `ptype /o`: a struct or union with the offset and size of each member, and the holes between them.

import type { Member, Type } from "../symbols/api.ts";
import { declare } from "../symbols/type-name.ts";
import { resolve, sizeOf, typeDefinition } from "./types.ts";

type StructType = Extract<Type, { kind: "struct" | "union" }>;

/** Width of the column of offsets and sizes. */
const COLUMN = 27;
const HEAD = `${"/* offset      |    size */".padEnd(COLUMN)}  `;

/** The type written out; what is no struct or union has no layout, and is written as ptype does. */
export function layoutText(type: Type): string {
  const resolved = resolve(type);
  const isStruct = resolved.kind === "struct" || resolved.kind === "union";
  if (!isStruct || resolved.declaration) return `type = ${typeDefinition(type)}`;
  return `${HEAD}type = ${nameOf(resolved)} {\n${body(resolved, 0, 2)}}`;
}

const nameOf = ({ kind, name }: StructType): string => (name === "" ? kind : `${kind} ${name}`);

/** Members, total size, and the indentation of the closing brace. `base`: offset in the outermost struct. */
function body(struct: StructType, base: number, indent: number): string {
  const lines: string[] = [];
  let end = 0;
  for (const member of struct.members()) {
    if (struct.kind === "struct") lines.push(...hole(member, end));
    lines.push(memberText(member, struct, base, indent + 2));
    end = member.bits ? member.bits.offset + member.bits.size : (member.offset + sizeOf(member.type)) * 8;
  }
  const padding = struct.kind === "struct" ? struct.size - Math.ceil(end / 8) : 0;
  if (padding > 0) lines.push(comment(`XXX ${String(padding).padStart(2)}-byte padding `));
  const inner = " ".repeat(COLUMN + indent + 2);
  return `${lines.join("\n")}\n\n${inner}/* total size (bytes): ${String(struct.size).padStart(4)} */\n${" ".repeat(COLUMN + indent)}`;
}

const comment = (text: string): string => `/* ${text.padEnd(COLUMN - 5)}*/`;

/** What lies between the end of the member before (in bits) and this one. */
function hole({ bits, offset }: Member, end: number): string[] {
  const start = bits ? bits.offset : offset * 8;
  const missing = start - end;
  if (missing <= 0) return [];
  const bitHole = missing % 8;
  const bytes = (missing - bitHole) / 8;
  return [
    ...(bitHole > 0 ? [comment(`XXX ${String(bitHole).padStart(2)}-bit hole   `)] : []),
    ...(bytes > 0 ? [comment(`XXX ${String(bytes).padStart(2)}-byte hole  `)] : []),
  ];
}

function memberText(member: Member, struct: StructType, base: number, indent: number): string {
  const at = base + member.offset;
  const column = placeText(member, struct, at).padEnd(COLUMN);
  const space = " ".repeat(indent);
  const type = resolve(member.type);
  const opens = (type.kind === "struct" || type.kind === "union") && !type.declaration;
  if (opens && member.type.kind !== "typedef") {
    const close = `}${member.name === "" ? "" : ` ${member.name}`};`;
    return `${column}${space}${nameOf(type)} {\n${body(type, at, indent)}${close}`;
  }
  const width = member.bits ? ` : ${member.bits.size}` : "";
  return `${column}${space}${declare(member.type, member.name)}${width};`;
}

function placeText({ bits, type }: Member, struct: StructType, at: number): string {
  const size = String(sizeOf(type)).padStart(7);
  if (struct.kind === "union") return `/* ${" ".repeat(15)}${size} */`;
  if (!bits) return `/* ${String(at).padStart(6)}      | ${size} */`;
  const byte = at + (bits.offset >> 3) - Math.floor(bits.offset / 8);
  return `/* ${String(byte).padStart(6)}:${String(bits.offset % 8).padStart(2)}   | ${size} */`;
}
