// Attributes: looking them up, declaring them, selecting and deselecting them with everything that they bring
// (usr.bin/config/sem.c: refattr, defattr, selectattr, deselectattr).

import type { Origin } from "../origin.ts";
import { type Attribute, type Cause, type Context, complain, type Model } from "./model.ts";
import type { LocatorDefinition, Name } from "./statements.ts";

/** The attribute of a name; a first mention makes it (refattr). */
export function mentionAttribute(model: Model, name: string): Attribute {
  const known = model.attributes.get(name);
  if (known !== undefined) return known;
  const attribute: Attribute = { name, depends: [], isDeviceClass: false, children: [] };
  model.attributes.set(name, attribute);
  return attribute;
}

/** Remembers that `name` depends on another, for `no select`. */
export function noteDependent(model: Model, name: string, on: string) {
  const dependents = model.dependents.get(on);
  if (dependents === undefined) model.dependents.set(on, new Set([name]));
  else dependents.add(name);
}

/** Declares an attribute. False, after a complaint, when that is not allowed (defattr). */
export function declareAttribute(
  context: Context,
  name: string,
  locators: LocatorDefinition[] | undefined,
  depends: Attribute[],
): boolean {
  const { model, origin } = context;
  for (const dependency of depends) {
    if (dependency.locators !== undefined) {
      complain(context, `\`${name}' cannot depend on the interface attribute \`${dependency.name}'`);
      return false;
    }
    noteDependent(model, name, dependency.name);
  }
  const known = model.attributes.get(name);
  if (
    known !== undefined &&
    (known.depends.length > 0 || known.locators !== undefined || known.isDeviceClass)
  ) {
    complain(context, `attribute \`${name}' is defined twice`);
    return false;
  }
  const attribute = mentionAttribute(model, name);
  attribute.origin = origin;
  attribute.depends = depends.map((on) => ({ on, origin }));
  if (locators !== undefined) attribute.locators = locators;
  if (model.dependents.has(name) && dependsOn(attribute, attribute)) {
    complain(context, `attribute \`${name}' depends on itself`);
    attribute.depends = [];
  }
  return true;
}

/** Does it, directly or through others? */
function dependsOn(attribute: Attribute, other: Attribute): boolean {
  const seen = new Set<Attribute>();
  const open = [attribute];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const { on } of current.depends) {
      if (on === other) return true;
      if (!seen.has(on)) open.push(on);
      seen.add(on);
    }
  }
  return false;
}

export function declareDeviceClass(context: Context, name: Name) {
  if (!declareAttribute(context, name.text, undefined, [])) return;
  if (!/^[a-z0-9]+$/.test(name.text)) {
    complain(context, `the device class \`${name.text}' must be of lower-case letters and digits`);
  }
  mentionAttribute(context.model, name.text).isDeviceClass = true;
}

/** Selects a name for conditions. The first cause counts: it is the one that the reasons show. */
export function selectName(model: Model, name: string, cause: Cause) {
  if (model.selected.has(name)) return;
  model.selected.set(name, cause);
  model.deselected.delete(name);
}

/** Selects an attribute and all that it depends on (selectattr). */
export function selectAttribute(model: Model, attribute: Attribute, cause: Cause) {
  const seen = new Set<Attribute>();
  const open = [{ attribute, cause }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { attribute: current, cause: why } = next;
    if (seen.has(current)) continue;
    seen.add(current);
    selectName(model, current.name, why);
    for (const { on, origin } of current.depends)
      open.push({ attribute: on, cause: { origin, from: current.name } });
  }
}

/** `no select`: takes an attribute away, and everything that depends on it (deselectattr). */
export function deselectAttribute(model: Model, name: string, origin: Origin) {
  const seen = new Set([name]);
  for (const current of seen) {
    for (const dependent of model.dependents.get(current) ?? []) seen.add(dependent);
    if (model.selected.delete(current)) model.deselected.set(current, origin);
  }
}
