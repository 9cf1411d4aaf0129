// The text of core/generated/*.ts, made from the opcode table. Pure: the caller writes the files.

import { encodeTables, FORM, KIND, type Operation } from "./encode.ts";
import { HOT } from "./hot.ts";
import { OPCODES } from "./index.ts";
import { VEX_MAPS } from "./table.ts";

const HEAD = "// Made by scripts/opcodes.mjs from emulator/cpu/opcodes. Do not edit.\n\n";

const call = (op: Operation, argument: string): string =>
  `${op.name}${op.type ? `<${op.type}>` : ""}(${argument})`;

const importLine = (names: string[], from: string): string =>
  `import { ${names.join(", ")} } from "${from}";\n`;

function imports(operations: Operation[]): string {
  const files = new Map<string, Set<string>>();
  for (const op of operations) files.set(op.file, (files.get(op.file) ?? new Set()).add(op.name));
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, names]) => importLine([...names].sort(), `../${file}`))
    .join("");
}

function numbers(values: number[]): string {
  let text = "";
  for (let i = 0; i < values.length; i += 24) text += `  ${values.slice(i, i + 24).join(",")},\n`;
  return text;
}

/** File name to text. */
export function generate(): Record<string, string> {
  const { roots, nodes, leaves, operations } = encodeTables(OPCODES, HOT);
  const constants = [
    ...Object.entries(FORM).map(([name, value]) => `export const FORM_${name} = ${value};`),
    ...Object.entries(KIND).map(([name, value]) => `export const KIND_${name} = ${value};`),
    `export const VEX_MAPS = ${VEX_MAPS};`,
    `export const OPERATION_COUNT = ${operations.length};`,
    `export const HOT_COUNT = ${HOT.length};`,
    ...operations.flatMap((op, i) =>
      op.file === "hooks" || ["ud", "nop"].includes(op.id)
        ? [`export const OP_${op.id.toUpperCase()} = ${i};`]
        : [],
    ),
  ].join("\n");
  return {
    "names.ts": `${HEAD}/** The operations by number, for translation (emulator/cpu/translate). */
export const OPERATION_NAMES =
  "${operations.map((op) => op.id).join(" ")}";
`,
    "tables.ts": `${HEAD}${constants}

export const ROOTS = memory.data<u16>([
${numbers(roots)}]);
export const NODES = memory.data<u16>([
${numbers(nodes)}]);
export const LEAVES = memory.data<u16>([
${numbers(leaves)}]);
`,
    "operations.ts": `${HEAD}${imports(operations)}
${operations
  .filter((op) => op.type)
  .map((op) => `function ${op.id}(r: usize): void { ${call(op, "r")}; }\n`)
  .join("")}
/** Handler of every operation, by number. */
export const OPERATIONS: StaticArray<(r: usize) => void> = [
${operations.map((op) => `  ${op.type ? op.id : op.name},\n`).join("")}];
`,
    "dispatch.ts": `${HEAD}${importLine(["OP_TABLE"], "../../layout")}${imports(operations.slice(0, HOT.length))}
/** Executes one record: hot operations stand here, the rest is called. */
// @ts-ignore: decorator
@inline export function dispatch(op: u32, r: usize): void {
  switch (op) {
${operations
  .slice(0, HOT.length)
  .map((op, i) => `    case ${i}: ${call(op, "r")}; break;\n`)
  .join("")}    default: call_indirect<void>(load<u32>(OP_TABLE + (op << 2)), r);
  }
}
`,
  };
}
