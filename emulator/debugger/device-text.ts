// Clock devices as text: `info lapic`, `info msr 0x1b`, gdb's `monitor lapic`.

import type { ClockDevice } from "../devices/inspect.ts";
import { EvaluationError } from "./values.ts";

/** One register of a device, by its name or its number: `info msr 0x1b`, `info lapic timer_initial_count`. Throws EvaluationError. */
export function onlyRegister(device: ClockDevice, wanted: string): ClockDevice {
  const names = [wanted, `${device.id}_${wanted}`];
  if (/^(?:0x[0-9a-f]+|\d+)$/i.test(wanted)) {
    const number = BigInt(wanted);
    names.push(`msr_${number.toString(16)}`, `leaf_${number.toString(16)}`, `pin${number}`);
  }
  const registers = device.registers.filter(({ id }) => names.includes(id));
  if (registers.length === 0) throw new EvaluationError(`There is no ${wanted} in ${device.label}.`);
  return { ...device, registers };
}

/** A clock device with its registers and decoded fields. */
export function deviceText(device: ClockDevice): string {
  const lines = [`${device.label}: ${device.summary}`];
  for (const register of device.registers) {
    const meaning = register.meaning ? `  ${register.meaning}` : "";
    lines.push(`  ${register.label.padEnd(44)} ${register.value.padEnd(12)}${meaning}`);
    for (const field of register.fields)
      lines.push(
        `    ${field.label.padEnd(42)} ${field.value.padEnd(12)}${field.meaning && `  ${field.meaning}`}`,
      );
  }
  return lines.join("\n");
}
