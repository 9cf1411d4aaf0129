// Which instances are in the kernel: those that can be reached from root through living parents (usr.bin/config/main.c, kill_orphans;
// sem.c, fixdevis). What they are selects their drivers and attributes.

import { mentionAttribute, selectAttribute, selectName } from "./attributes.ts";
import { settleDevice } from "./definitions.ts";
import { type Attribute, type Device, type Instance, type Model, report, STAR, WILD } from "./model.ts";

type Reached = "active" | "ignored";

interface Visit {
  device: Device;
  /** Where it is looked for: at an attribute of a parent, or at root. */
  attribute: Attribute | undefined;
  parent: Device | undefined;
  state: Reached;
}

/** Finds what can be reached, walking from root downwards; everything else stays an orphan. */
export function reachInstances(model: Model) {
  const open: Visit[] = [];
  for (const device of model.atRoot)
    open.push({ device, attribute: undefined, parent: undefined, state: "active" });
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const state = visit.device.pseudo > 0 ? reachPseudo(model, visit.device) : reachDevice(model, visit);
    if (state === undefined) continue;
    const { device } = visit;
    for (const attribute of device.attributes) {
      for (const child of attribute.children) open.push({ device: child, attribute, parent: device, state });
    }
  }
}

function reachPseudo(model: Model, device: Device): Reached | undefined {
  if (device.instances.size > 0) return "active";
  return model.removed.has(device.name) ? "ignored" : undefined;
}

/** Marks the instances of a device that hang here. What to go on with, or undefined when there is nothing new below. */
function reachDevice(model: Model, visit: Visit): Reached | undefined {
  let seen = false;
  let changed = false;
  for (const aliases of visit.device.instances.values()) {
    for (const instance of aliases) {
      if (!hangsAt(instance, visit)) continue;
      const parent = parentOf(model, instance, visit);
      if (parent === undefined) continue;
      // A device can be its own grandparent (uhub): what was reached before ends the walk.
      if (instance.state === "active" || instance.state === visit.state) seen = true;
      else {
        instance.state = visit.state;
        if (typeof parent === "object") instance.reachedBy = parent;
        changed = true;
      }
    }
  }
  if (changed) return visit.state;
  if (seen || visit.device === visit.parent) return undefined;
  return wasRemovedHere(model, visit) ? "ignored" : undefined;
}

function hangsAt({ parent, state }: Instance, visit: Visit): boolean {
  if (state === "broken") return false;
  if (parent === undefined || visit.attribute === undefined)
    return parent === undefined && visit.attribute === undefined;
  return (
    parent.attribute === visit.attribute && (parent.device === undefined || parent.device === visit.parent)
  );
}

/** The parent by which an instance lives: "root", an instance, or "removed" for one that was taken away by `no`. */
function parentOf(
  model: Model,
  instance: Instance,
  { parent, state }: Visit,
): Instance | "root" | "removed" | undefined {
  if (instance.parent === undefined) return "root";
  return livingInstance(model, parent!, instance.parent.unit, state, instance.level);
}

/** An instance of a device with that unit, alive or (when the walk is among the ignored) taken away (devbase_has_any_instance). */
function livingInstance(
  model: Model,
  device: Device,
  unit: number,
  state: Reached,
  level: number,
): Instance | "removed" | undefined {
  const fits = (one: Instance) => unit === WILD || unit === one.unit || one.unit === STAR;
  if (device.pseudo > 0) {
    const pseudo = device.instances.get(device.name)?.[0];
    if (pseudo !== undefined || state !== "ignored") return pseudo;
    const removed = model.removed.get(device.name)?.[0];
    return removed !== undefined && removed.level >= level ? "removed" : undefined;
  }
  for (const attachment of device.attachments) {
    const found = attachment.instances.find(
      (one) => (one.state === "active" || one.state === state) && fits(one),
    );
    if (found !== undefined) return found;
  }
  if (state !== "ignored") return undefined;
  for (const removed of model.removed.values()) {
    if (removed.some((one) => one.device === device && fits(one) && one.level >= level)) return "removed";
  }
  return undefined;
}

/** Would an instance that was taken away have hung here? Then what is below it is ignored, not orphaned (check_dead_devi). */
function wasRemovedHere(model: Model, visit: Visit): boolean {
  for (const removed of model.removed.values()) {
    if (removed[0]?.device !== visit.device) continue;
    const one = removed.find((instance) => hangsAt(instance, visit));
    if (one === undefined) continue;
    if (one.parent === undefined) return true;
    return livingInstance(model, visit.parent!, one.parent.unit, "ignored", one.level) !== undefined;
  }
  return false;
}

/** Selects what the living instances and pseudo-devices are; orphans are errors, as in config(1). */
export function selectInstances(model: Model) {
  for (const instance of model.instances) {
    if (instance.state === "active") selectDevice(model, instance);
    else if (instance.state === "orphan") {
      const at = instance.at ?? "root";
      const found = instance.parent?.unit === WILD ? `nothing matching \`${at}'` : `no \`${at}'`;
      report(model, "error", instance.origin, `\`${instance.name} at ${at}' is orphaned (${found} found)`);
    }
  }
  for (const instance of model.pseudoDevices) selectDevice(model, instance);
}

/** Selects a driver, what it brings, and the attachment that is used (selectbase). */
function selectDevice(model: Model, instance: Instance) {
  const { device, attachment } = instance;
  const origin = device.origin!;
  selectName(model, device.name, { instance });
  for (const attribute of device.attributes) selectAttribute(model, attribute, { origin, from: device.name });
  selectAttribute(model, mentionAttribute(model, device.name), { instance });
  if (attachment !== undefined) {
    selectName(model, attachment.name, { instance });
    for (const attribute of attachment.attributes) {
      selectAttribute(model, attribute, { origin: attachment.origin!, from: attachment.name });
    }
  }
  settleDevice(model, device);
}
