// Why a name is selected or not, why a file is compiled or not: chains of lines that end in the line that decides.

import type { Reason, ReasonLine } from "../api.ts";
import { type Origin, placeOf, statementText } from "../origin.ts";
import type { Cause, Instance, Model, SourceFile } from "./model.ts";
import type { Condition } from "./statements.ts";

/** The longest chain that is told; real ones have fewer than 20 lines. */
const LONGEST = 60;

export class Reasons {
  readonly #model: Model;
  readonly #chains = new Map<string, Reason>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Why a name holds in conditions; empty when it does not. */
  selected(name: string): Reason {
    const known = this.#chains.get(name);
    if (known !== undefined) return known;
    const cause = this.#model.selected.get(name);
    this.#chains.set(name, []); // A circle, should there be one, ends here.
    const reason = cause === undefined ? [] : this.ofCause(cause, name);
    this.#chains.set(name, reason);
    return reason;
  }

  /** Why a name does not. */
  notSelected(name: string): Reason {
    const nothing = `nothing selects \`${name}'`;
    const removed = this.#model.deselected.get(name);
    if (removed !== undefined) return [line(removed, `takes ${name} away`)];
    const orphan = writtenInstance(this.#model, name);
    if (orphan !== undefined) return withoutParent(orphan, name);
    const origin = declarationOf(this.#model, name);
    if (origin !== undefined) return [line(origin, `declares ${name}; ${nothing}`)];
    return [{ text: name, note: `${nothing}, and nothing declares it` }];
  }

  /** Why a declared option is not set. */
  optionNotSet(name: string): Reason {
    const removed = this.#model.deselected.get(name.toLowerCase());
    if (removed !== undefined) return [line(removed, `takes ${name} away`)];
    const declared = this.#model.declaredOptions.get(name);
    if (declared === undefined) return [{ text: name, note: "nothing declares it" }];
    if (declared.obsolete) return [line(declared.origin, `${name} is obsolete`)];
    const byDefault =
      declared.defaultValue === undefined ? "" : `; its value is ${declared.defaultValue} then`;
    return [line(declared.origin, `declares ${name}; no line sets it${byDefault}`)];
  }

  ofCause({ origin, from, instance, rule }: Cause, what: string): Reason {
    if (instance !== undefined) return ofInstance(instance);
    const own: ReasonLine[] =
      origin === undefined
        ? [{ text: rule ?? "config(1)", note: `selects ${what}` }]
        : [line(origin, from === undefined ? `selects ${what}` : `${from} brings ${what}`)];
    return from === undefined ? own : [...own, ...this.selected(from)].slice(0, LONGEST);
  }

  ofFile(file: SourceFile): Reason {
    const { condition, needs } = file.statement;
    const own = (note: string) => line(file.origin, note);
    if (file.hiddenBy === "uncountable") return [own("needs-count asks for something that is not a device")];
    if (condition === undefined) return replaced(file, [own("is unconditional")]);
    const counted = needs.includes("count");
    const holds = (name: string) =>
      counted ? (this.#model.devices.get(name)?.unitLimit ?? 0) > 0 : this.#model.selected.has(name);
    const { value, reason } = this.#ofCondition(condition, holds);
    return replaced(file, [own(value ? "its condition holds" : "its condition does not hold"), ...reason]);
  }

  /** The parts of a condition that make it what it is: of an `|` that holds one side is enough. */
  #ofCondition(condition: Condition, holds: (name: string) => boolean): { value: boolean; reason: Reason } {
    switch (condition.kind) {
      case "atom": {
        const value = holds(condition.name);
        return { value, reason: value ? this.selected(condition.name) : this.notSelected(condition.name) };
      }
      case "not": {
        const { value, reason } = this.#ofCondition(condition.of, holds);
        return { value: !value, reason };
      }
      default: {
        const parts = condition.of.map((part) => this.#ofCondition(part, holds));
        const isOr = condition.kind === "or";
        const value = isOr ? parts.some((part) => part.value) : parts.every((part) => part.value);
        const decides = parts.find((part) => part.value === isOr);
        return { value, reason: decides?.reason ?? parts.flatMap((part) => part.reason) };
      }
    }
  }
}

const line = (origin: Origin, note: string): ReasonLine => ({
  place: placeOf(origin),
  text: statementText(origin),
  note,
});

/** Why an instance of a device is there, or is not: it, its parent, the parent's parent. */
export function ofInstance(instance: Instance): Reason {
  const { name } = instance.device;
  if (instance.state !== "active") return withoutParent(instance, name);
  const lines: ReasonLine[] = [];
  for (
    let one: Instance | undefined = instance;
    one !== undefined && lines.length < LONGEST;
    one = one.reachedBy
  ) {
    const isFirst = one === instance;
    lines.push(line(one.origin, isFirst ? `selects ${name}` : `its parent, ${one.name}, is there`));
  }
  return lines;
}

const withoutParent = ({ origin }: Instance, name: string): Reason => [
  line(origin, `has no parent in this configuration, so \`${name}' is not selected`),
];

function replaced(file: SourceFile, reason: Reason): Reason {
  if (typeof file.hiddenBy !== "object") return reason;
  return [
    line(file.hiddenBy.origin, `is declared later, has the same object file and takes its place`),
    ...reason,
  ];
}

/** An instance of this driver, or by this attachment, that stands in the configuration. */
function writtenInstance(model: Model, name: string): Instance | undefined {
  const device = model.devices.get(name);
  if (device !== undefined) return device.instances.values().next().value?.[0];
  return model.attachments.get(name)?.instances[0];
}

/** Where a name of a condition is declared: an attribute, a device, an attachment, or an option in lower case. */
export function declarationOf(model: Model, name: string): Origin | undefined {
  const origin =
    model.attributes.get(name)?.origin ??
    model.devices.get(name)?.origin ??
    model.attachments.get(name)?.origin;
  return (
    origin ?? model.declaredOptions.get(name.toUpperCase())?.origin ?? model.declaredOptions.get(name)?.origin
  );
}
