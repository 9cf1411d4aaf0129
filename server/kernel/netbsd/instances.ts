// Device instances: "com0 at isa? port 0x3f8", pseudo-devices, pseudo-roots, and their `no` forms (usr.bin/config/sem.c: adddev, fixloc,
// deldevi, deldeva, deldev, addpseudo, delpseudo, addpseudoroot).

import { mentionAttribute } from "./attributes.ts";
import { mentionDevice } from "./definitions.ts";
import {
  type Attribute,
  type Context,
  complain,
  type Device,
  type DeviceAttachment,
  type Instance,
  type Model,
  type ParentSpec,
  STAR,
  WILD,
} from "./model.ts";
import type { LocatorValue, Statement } from "./statements.ts";

type Of<K extends Statement["kind"]> = Extract<Statement, { kind: K }>;

/** "foo12" -> foo, 12; "foo*" -> foo, STAR; "foo?" -> foo, WILD. Undefined without a unit. */
export function splitUnit(name: string): { base: string; unit: number } | undefined {
  const match = /^(\D.*?)(\d+|\*|\?)$/.exec(name);
  if (match === null) return undefined;
  const [, base, unit] = match as unknown as [string, string, string];
  if (unit === "*") return { base, unit: STAR };
  return { base, unit: unit === "?" ? WILD : Math.min(Number(unit), 0x7ffffffe) };
}

export function addInstance(context: Context, statement: Of<"instance">) {
  const { at } = statement;
  const place = at === undefined ? undefined : splitUnit(at);
  if (at !== undefined && place === undefined)
    return complain(context, `\`${at}' is not the name of a place to attach`);
  const instance = createInstance(context, statement.name.text);
  if (instance === undefined) return;
  instance.at = at;
  const found = place === undefined ? atRoot(context, instance) : atParent(context, instance, place);
  const locators = found && settleLocators(context, instance.name, found.attribute, statement.locators);
  if (found === undefined || locators === undefined) {
    instance.state = "broken";
    return;
  }
  instance.attachment = found.attachment;
  instance.locators = locators;
  found.attachment.instances.push(instance);
}

interface FoundParent {
  attribute: Attribute | undefined;
  attachment: DeviceAttachment;
}

function atRoot(context: Context, { device }: Instance): FoundParent | undefined {
  const attachment = device.attachments.find(({ at }) => at.includes(undefined));
  if (attachment === undefined) complain(context, `\`${device.name}' cannot attach to the root`);
  return attachment && { attribute: undefined, attachment };
}

/** Devices attach to attributes, and to devices that carry one which allows it. */
function atParent(
  context: Context,
  instance: Instance,
  place: { base: string; unit: number },
): FoundParent | undefined {
  const { model } = context;
  const { device } = instance;
  const parentDevice = model.devices.get(place.base);
  const named = model.attributes.get(place.base);
  const allows = (attribute: Attribute | undefined) => attribute?.children.includes(device);
  // config(1)'s lists are in reverse order of the declaration.
  const attribute = allows(named)
    ? named
    : parentDevice && [...parentDevice.attributes].reverse().find(allows);
  if (attribute === undefined) {
    const why =
      parentDevice === undefined
        ? `\`${place.base}' is unknown`
        : `\`${device.name}' cannot attach to \`${place.base}'`;
    complain(context, `${instance.name} at ${instance.at}: ${why}`);
    return undefined;
  }
  instance.parent = parentSpec(model, attribute, parentDevice, place.unit);
  const attachment = device.attachments.find(({ at }) => at.includes(attribute));
  return attachment && { attribute, attachment };
}

function parentSpec(
  model: Model,
  attribute: Attribute,
  device: Device | undefined,
  unit: number,
): ParentSpec {
  const key = `${attribute.name} ${device?.name ?? ""} ${unit}`;
  const known = model.parents.get(key);
  if (known !== undefined) return known;
  const spec = { attribute, device, unit };
  model.parents.set(key, spec);
  return spec;
}

/** Makes an instance and enters it under its driver; undefined, after a complaint, when the name will not do (getdevi). */
function createInstance(context: Context, name: string): Instance | undefined {
  const { model } = context;
  const split = splitUnit(name);
  const device = split && model.devices.get(split.base);
  if (split === undefined) complain(context, `\`${name}' is not the name of an instance: it has no unit`);
  else if (device === undefined) complain(context, `${name}: there is no device \`${split.base}'`);
  else if (device.pseudo > 0) complain(context, `${name}: ${split.base} is a pseudo-device`);
  if (split === undefined || device === undefined || device.pseudo > 0) return undefined;
  const instance = newInstance(context, name, split.unit, device);
  const aliases = device.instances.get(name);
  if (aliases === undefined) device.instances.set(name, [instance]);
  else aliases.push(instance);
  model.instances.push(instance);
  return instance;
}

function newInstance({ model, origin }: Context, name: string, unit: number, device: Device): Instance {
  device.unitLimit = Math.max(device.unitLimit, unit + 1);
  const state = "orphan";
  return {
    name,
    unit,
    device,
    at: undefined,
    locators: [],
    origin,
    level: model.removals,
    state,
    isPseudoRoot: false,
  };
}

/** The locators in the attribute's order, with its defaults; undefined, after a complaint, when some are missing (fixloc). */
function settleLocators(
  context: Context,
  name: string,
  attribute: Attribute | undefined,
  given: readonly LocatorValue[],
): LocatorValue[] | undefined {
  const wanted = attribute?.locators ?? [];
  const extra = given.filter((locator) => !wanted.some((definition) => definition.name === locator.name));
  const missing = wanted.filter(
    (definition) => !definition.optional && !given.some(({ name }) => name === definition.name),
  );
  const settled = wanted.map((definition): LocatorValue & { given: boolean } => {
    const last = given.filter((locator) => locator.name === definition.name).at(-1);
    const value = last?.value ?? definition.defaultValue;
    return { name: definition.name, given: last !== undefined, ...(value === undefined ? {} : { value }) };
  });
  const unbound = settled.filter(({ given, value }) => given && value === undefined);
  const list = (items: readonly { name: string }[]) => items.map((item) => item.name).join(", ");
  if (extra.length > 0) complain(context, `${name}: there is no locator ${list(extra)} here`);
  if (missing.length > 0) complain(context, `${name}: locator ${list(missing)} must be given`);
  if (unbound.length > 0)
    complain(context, `${name}: locator ${list(unbound)} has no default and cannot be "?"`);
  if (missing.length + unbound.length > 0) return undefined;
  return settled.map(({ name, value }) => (value === undefined ? { name } : { name, value }));
}

/** Takes an instance away, and keeps it among the removed, so that its children are ignored and not orphans (remove_devi). */
function removeInstance(context: Context, instance: Instance) {
  const { model } = context;
  const { device, name } = instance;
  if (instance.state === "broken")
    return complain(context, `\`${name}' is not removed: its line has an error`);
  const without = (list: Instance[]) => list.filter((other) => other !== instance);
  const aliases = without(device.instances.get(name) ?? []);
  if (aliases.length > 0) device.instances.set(name, aliases);
  else device.instances.delete(name);
  if (instance.attachment !== undefined)
    instance.attachment.instances = without(instance.attachment.instances);
  model.instances = without(model.instances);
  instance.level = model.removals++;
  const removed = model.removed.get(name);
  if (removed === undefined) model.removed.set(name, [instance]);
  else removed.push(instance);
  model.deselected.set(device.name, context.origin);
  device.unitLimit = 0;
  for (const [first] of device.instances.values())
    device.unitLimit = Math.max(device.unitLimit, first!.unit + 1);
}

/** `no com0 at isa?` */
export function removeInstanceAt(context: Context, { name: { text: name }, at }: Of<"no-instance-at">) {
  const split = splitUnit(name);
  const device = split && context.model.devices.get(split.base);
  if (device === undefined) return complain(context, `${name}: there is no such device`);
  if (device.pseudo > 0) return complain(context, `${name}: ${device.name} is a pseudo-device`);
  const aliases = device.instances.get(name);
  if (aliases === undefined) return complain(context, `\`${name}' is not defined`);
  const found = aliases.find((instance) => instance.state !== "broken" && instance.at === at);
  if (found === undefined) complain(context, `\`${name}' at \`${at ?? "root"}' is not defined`);
  else removeInstance(context, found);
}

/** `no com0`, `no com*`, or `no com`: all instances of the name, or of the driver. */
export function removeInstances(context: Context, { name: { text: name } }: Of<"no-instance">) {
  const { model } = context;
  const isInstance = /[*\d]$/.test(name);
  const device = model.devices.get(isInstance ? (splitUnit(name)?.base ?? name) : name);
  if (device === undefined) return complain(context, `there is no device \`${name}'`);
  if (device.pseudo > 0)
    return complain(context, `${name} is a pseudo-device: write "no pseudo-device ${name}"`);
  const found = isInstance ? (device.instances.get(name) ?? []) : [...device.instances.values()].flat();
  if (isInstance && found.length === 0) return complain(context, `there is no instance ${name}`);
  for (const instance of [...found].reverse()) removeInstance(context, instance);
}

/** `no device at pci?`: all that attach there (deldeva). */
export function removeInstancesAt(context: Context, { at }: Of<"no-device-at">) {
  const { model } = context;
  if (at === undefined) {
    for (const instance of model.instances.filter((one) => one.at === undefined).reverse())
      removeInstance(context, instance);
    return;
  }
  const split = /[?\d]$/.test(at) ? splitUnit(at) : { base: at, unit: STAR };
  const attribute = split && model.attributes.get(split.base);
  if (attribute === undefined)
    return complain(context, `there is no attribute or device \`${split?.base ?? at}'`);
  if (attribute.locators === undefined)
    return complain(context, `nothing can attach to the plain attribute \`${attribute.name}'`);
  const device = model.devices.get(split!.base);
  const children = new Set(attribute.children);
  const matches = ({ parent, at: where }: Instance) => {
    if (split!.unit !== STAR) return where === at;
    return device === undefined ? parent?.attribute === attribute : parent?.device === device;
  };
  const found = model.instances.filter(
    (one) => one.at !== undefined && children.has(one.device) && matches(one),
  );
  for (const instance of found.reverse()) removeInstance(context, instance);
}

/** `pseudo-device pty 16` */
export function addPseudoDevice(context: Context, { name: { text: name }, count }: Of<"pseudo-device">) {
  const { model } = context;
  const device = pseudoDevice(context, name);
  if (device === undefined) return;
  if (device.instances.has(name)) return complain(context, `pseudo-device \`${name}' is there already`);
  const instance = newInstance(context, name, count - 1, device);
  instance.state = "active";
  device.instances.set(name, [instance]);
  model.pseudoDevices.push(instance);
}

export function removePseudoDevice(context: Context, { name: { text: name } }: Of<"no-pseudo-device">) {
  const { model } = context;
  const device = pseudoDevice(context, name);
  const instance = device?.instances.get(name)?.[0];
  if (device === undefined) return;
  if (instance === undefined) return complain(context, `pseudo-device \`${name}' is not defined`);
  device.unitLimit = 0;
  device.instances.clear();
  model.pseudoDevices = model.pseudoDevices.filter((other) => other !== instance);
  model.removed.set(name, [instance]);
  model.deselected.set(name, context.origin);
}

function pseudoDevice(context: Context, name: string): Device | undefined {
  const device = context.model.devices.get(name);
  if (device === undefined) complain(context, `there is no pseudo-device \`${name}'`);
  else if (device.pseudo === 0) complain(context, `${name} is a device, not a pseudo-device`);
  else return device;
  return undefined;
}

/** `pseudo-root foo*`: a device or interface attribute counts as reachable without being in the kernel (for modules). */
export function addPseudoRoot(context: Context, { name: { text: name } }: Of<"pseudo-root">) {
  const { model } = context;
  const split = splitUnit(name);
  if (split === undefined)
    return complain(context, `\`${name}' is not the name of a pseudo-root: it has no unit`);
  const real = model.devices.get(split.base);
  const device = real ?? standIn(context, split.base);
  if (device === undefined)
    return complain(context, `pseudo-root \`${name}' is no device and no interface attribute`);
  const instance = createInstance(context, real === undefined ? name.replace(split.base, device.name) : name);
  const attachment = device.attachments[0];
  if (instance === undefined) return;
  instance.isPseudoRoot = true;
  if (attachment !== undefined) {
    instance.attachment = attachment;
    attachment.instances.push(instance);
  }
  model.atRoot.add(device);
}

/** A driver made up for an interface attribute, so that it can have an instance. */
function standIn(context: Context, base: string): Device | undefined {
  const attribute = context.model.attributes.get(base);
  if (attribute?.locators === undefined) return undefined;
  const device = mentionDevice(context, `${base}_devattrs`);
  if (device === undefined) return undefined;
  device.origin = context.origin;
  device.attributes = [attribute];
  const attachment: DeviceAttachment = {
    name: device.name,
    origin: context.origin,
    device,
    at: [],
    attributes: [],
    instances: [],
  };
  device.attachments.push(attachment);
  mentionAttribute(context.model, device.name);
  return device;
}
