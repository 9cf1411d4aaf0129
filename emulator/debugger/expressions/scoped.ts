// Names with a scope in front: `'lapic.c'::x`, `lapic.c::x`, `tsc_delay::x`, `::x`. Must not know frames.

import type { Variable } from "../../symbols/api.ts";
import { EvaluationError } from "../values.ts";
import type { Names } from "./evaluator.ts";

const isFile = (scope: string): boolean => /\.\w+$/.test(scope);

/** A static variable of a file, or a variable of a function's blocks. Throws EvaluationError in gdb's words. */
export function scopedVariable(scope: string, name: string, symbols: Names): Variable {
  const found = isFile(scope) ? fileVariable(scope, name, symbols) : functionVariable(scope, name, symbols);
  if (found) return found;
  throw new EvaluationError(`No symbol "${name}" in specified context.`);
}

/** What the unit of the file's code sees: its statics come first. */
function fileVariable(file: string, name: string, symbols: Names): Variable | undefined {
  const [site] = symbols.lineSites(file, 1);
  if (!site) throw new EvaluationError(`No symbol table is loaded for "${file}".`);
  return symbols.globalNamed(name, site.address);
}

/** Block by block: a variable of an inner block is in scope at some of the function's rows only. */
function functionVariable(scope: string, name: string, symbols: Names): Variable | undefined {
  const sites = symbols.functionSites(scope);
  if (sites.length === 0) throw new EvaluationError(`No symbol "${scope}" in current context.`);
  for (const { address } of sites) {
    const instance = symbols.functionsAt(address).find((each) => each.name === scope);
    if (!instance) continue;
    const parameter = instance.parameters().find((each) => each.name === name);
    if (parameter) return parameter;
    for (const { low, high } of instance.ranges)
      for (let at = low; at < high; at = symbols.lineRanges(at)[0]?.high ?? high) {
        const local = instance.locals(at).find((each) => each.name === name && !each.label);
        if (local) return local;
      }
  }
  return undefined;
}
