// Clock registers by the kernels' own constants (LAPIC_ICR_TIMER): what hover says of them, and which register of which device
// they name. From knowledge/; needs no index and no kernel tree.
import { type ConstantKnowledge, registerOfConstant } from "../../knowledge/constants.ts";
import { bitRange, type FieldKnowledge, type RegisterKnowledge } from "../../knowledge/registers.ts";
import type { ClockRegisterName } from "../protocol.ts";
import type { Context } from "./context.ts";

export function registerRegisters(context: Context): void {
  context.connection.onRequest<ClockRegisterName | null, void>(
    "clockpath/clockRegister",
    ({ name }: { name: string }) => {
      const found = registerOfConstant(name);
      if (!found) return null;
      const { device, register, field } = found;
      return { device, register, ...(field ? { field: field.name } : {}) };
    },
  );
}

const devices = { lapic: "Local APIC", i8254: "i8254", tsc: "TSC" } as const;

/** Markdown: name, where it is, what it is for, its fields, the manual's section. Undefined for any other name. */
export function describeRegister(constant: string): string | undefined {
  const found = registerOfConstant(constant);
  if (!found) return undefined;
  const { knowledge } = found;
  return [
    `**${devices[found.device]}: ${knowledge.name}**`,
    places(knowledge).join(" · "),
    ...(found.field ? [constantMeaning(found, found.field)] : []),
    knowledge.text,
    ...(hasFields(knowledge) ? [fieldTable(knowledge, found.field)] : []),
    `*${knowledge.manual}*`,
  ].join("\n\n");
}

/** "xAPIC offset 0x380 · x2APIC MSR 0x838 · read/write" */
function places(register: RegisterKnowledge): string[] {
  const { xapicOffset, msr, port, cpuid, access } = register;
  return [
    ...(xapicOffset === undefined ? [] : [`xAPIC offset \`0x${hex(xapicOffset, 3)}\``]),
    ...(msr === undefined
      ? []
      : [`${xapicOffset === undefined ? "MSR" : "x2APIC MSR"} \`0x${hex(msr, 3)}\``]),
    ...(port === undefined ? [] : [`port \`0x${hex(port, 2)}\``]),
    ...(cpuid === undefined ? [] : [cpuid]),
    access,
  ];
}

/** What a constant that is a mask or a value of one field says. */
function constantMeaning(found: ConstantKnowledge, field: FieldKnowledge): string {
  const where = `bits ${bitRange(field)}, ${field.name}`;
  if (found.value === undefined) return `\`${found.constant}\` masks ${where}.`;
  const meaning = field.values?.[found.value];
  return `\`${found.constant}\` sets ${where} to ${found.value}${meaning ? `: ${meaning}` : ""}.`;
}

/** One field of which nothing is said is the register itself. */
function hasFields({ fields }: RegisterKnowledge): boolean {
  return fields.length > 1 || fields.some(({ text, values }) => text !== "" || values !== undefined);
}

function fieldTable(register: RegisterKnowledge, marked: FieldKnowledge | undefined): string {
  const rows = register.fields.map((field) => {
    const name = field === marked ? `**${field.name}**` : field.name;
    return `| ${bitRange(field)} | ${name} | ${cell([field.text, values(field)].filter(Boolean).join(" "))} |`;
  });
  return ["| bits | field | |", "|---|---|---|", ...rows].join("\n");
}

function values(field: FieldKnowledge): string {
  return Object.entries(field.values ?? {})
    .map(([value, meaning]) => `${value}: ${meaning}`)
    .join(", ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
