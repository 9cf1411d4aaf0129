// `device-major`: declaring a driver's device numbers, and checking that no two drivers of a kernel share one
// (usr.bin/config/sem.c, adddevm; files.c, fixdevsw).

import { type Context, complain, type DeviceMajor, type Model, report } from "./model.ts";
import { evaluate, type Statement } from "./statements.ts";

/** Majors are below this (sem.c, adddevm). */
const LIMIT = 4096;

export function declareMajor(context: Context, statement: Extract<Statement, { kind: "device-major" }>) {
  const { name, character, block, condition, origin } = statement;
  if ((character ?? 0) >= LIMIT)
    return complain(context, `character major ${character} is invalid: the largest is ${LIMIT - 1}`);
  if ((block ?? 0) >= LIMIT)
    return complain(context, `block major ${block} is invalid: the largest is ${LIMIT - 1}`);
  if (character === undefined && block === undefined) {
    return complain(context, `device-major \`${name.text}' has neither a character nor a block major`);
  }
  context.model.majors.push({
    name: name.text,
    origin,
    ...(character === undefined ? {} : { character }),
    ...(block === undefined ? {} : { block }),
    ...(condition === undefined ? {} : { condition }),
  });
}

/** Tells names that are declared twice, and numbers that two selected drivers have. */
export function checkMajors(model: Model) {
  const names = new Map<string, DeviceMajor>();
  const numbers = new Map<string, DeviceMajor>();
  for (const major of model.majors) {
    const declared = names.get(major.name);
    if (declared !== undefined)
      tell(model, major, `device-major \`${major.name}' is declared twice`, declared);
    names.set(major.name, major);
    if (declared !== undefined || !isSelected(model, major)) continue;
    for (const kind of ["character", "block"] as const) {
      const key = `${kind} ${major[kind]}`;
      const other = numbers.get(key);
      if (major[kind] === undefined) continue;
      if (other !== undefined)
        tell(
          model,
          major,
          `${kind} major ${major[kind]} of \`${major.name}' is that of \`${other.name}'`,
          other,
        );
      numbers.set(key, major);
    }
  }
}

const isSelected = (model: Model, { condition }: DeviceMajor): boolean =>
  condition === undefined || evaluate(condition, (name) => model.selected.has(name));

function tell(model: Model, { origin }: DeviceMajor, message: string, first: DeviceMajor) {
  report(model, "error", origin, `${message} (first in ${first.origin.source.file}:${first.origin.line})`);
}
