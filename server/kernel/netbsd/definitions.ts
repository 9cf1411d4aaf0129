// The meaning of the declaring statements (files.*): attributes, devices and their attachments, options, files
// (usr.bin/config/sem.c, main.c and files.c). Each function takes one statement and changes the model.

import { declareAttribute, declareDeviceClass, mentionAttribute, noteDependent } from "./attributes.ts";
import {
  type Attribute,
  type Context,
  complain,
  type Device,
  type DeviceAttachment,
  type Model,
  type OptionDeclaration,
  report,
} from "./model.ts";
import type { DeviceStatement, FileStatement, Name, Statement } from "./statements.ts";

type Of<K extends Statement["kind"]> = Extract<Statement, { kind: K }>;

/** The version of config(1) that is followed here; sources that ask for a later one get a warning. */
const NEWEST_VERSION = 20180827;

export function setVersion(context: Context, version: number) {
  context.model.version = version;
  if (version <= NEWEST_VERSION) return;
  const message = `these sources are for config(1) of version ${version}; ${NEWEST_VERSION} is the newest that is known here`;
  report(context.model, "warning", context.origin, message);
}

const mentionAll = (model: Model, names: readonly Name[]): Attribute[] =>
  names.map((name) => mentionAttribute(model, name.text));

export function define(context: Context, { name, locators, depends }: Of<"define">) {
  declareAttribute(context, name.text, locators, mentionAll(context.model, depends));
}

export function defineClass(context: Context, { name }: Of<"devclass">) {
  declareDeviceClass(context, name);
}

/** A device's name is made of letters, digits and "_", and does not end in a digit (sem.c, getdevbase). */
const GOOD_DEVICE_NAME = /^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z_])?$/;

/** The driver of a name; a first mention makes it. Undefined, after a complaint, for a bad name. */
export function mentionDevice(context: Context, name: string): Device | undefined {
  const known = context.model.devices.get(name);
  if (known !== undefined) return known;
  if (!GOOD_DEVICE_NAME.test(name)) {
    complain(context, `\`${name}' cannot be a device's name: it must be a word that does not end in a digit`);
    return undefined;
  }
  const device: Device = {
    name,
    mentioned: context.origin,
    pseudo: 0,
    attributes: [],
    attachments: [],
    instances: new Map(),
    unitLimit: 0,
    isReported: false,
  };
  context.model.devices.set(name, device);
  return device;
}

export function defineDevice(context: Context, statement: DeviceStatement) {
  const { model, origin } = context;
  const device = mentionDevice(context, statement.name.text);
  const attributes = mentionAll(model, statement.depends);
  if (device === undefined) return;
  if (device.origin !== undefined) return complain(context, `device \`${device.name}' is defined twice`);
  device.origin = origin;
  if (statement.locators !== undefined) {
    if (!declareAttribute(context, device.name, statement.locators, [])) return;
    attributes.push(mentionAttribute(model, device.name));
  }
  device.pseudo = statement.pseudo;
  if (statement.pseudo > 0 && attributes.some((attribute) => attribute.locators !== undefined)) {
    if (statement.pseudo === 1 && model.version >= 20080610) {
      complain(context, `defpseudo \`${device.name}' cannot have an interface attribute (defpseudodev can)`);
    }
    device.pseudo = 2;
    model.atRoot.add(device);
  }
  device.attributes = attributes;
  const own = mentionAttribute(model, device.name);
  own.origin ??= origin;
  for (const attribute of attributes) noteDependent(model, device.name, attribute.name);
}

/** Gives a driver's own attribute what its plain attributes bring, and finds its class (sem.c, fixdev). */
export function settleDevice(model: Model, device: Device) {
  const own = mentionAttribute(model, device.name);
  for (const attribute of device.attributes) {
    if (attribute.locators !== undefined) continue;
    if (attribute.isDeviceClass) {
      device.classAttribute ??= attribute;
      if (device.classAttribute !== attribute) {
        const classes = `\`${device.classAttribute.name}' and \`${attribute.name}'`;
        report(model, "warning", device.origin!, `device \`${device.name}' has two classes, ${classes}`);
      }
    } else if (attribute !== own && !own.depends.some(({ on }) => on === attribute)) {
      own.depends.push({ on: attribute, origin: device.origin! });
    }
  }
}

/** At the end of each of the files.*: every driver that was mentioned must be defined by now (enddefs). */
export function settleDevices(model: Model) {
  for (const device of model.devices.values()) {
    if (device.origin !== undefined) settleDevice(model, device);
    else if (!device.isReported) {
      report(model, "error", device.mentioned, `device \`${device.name}' is used and not defined`);
      device.isReported = true;
    }
  }
}

function mentionAttachment(context: Context, name: string): DeviceAttachment | undefined {
  const known = context.model.attachments.get(name);
  if (known !== undefined) return known;
  if (!GOOD_DEVICE_NAME.test(name)) {
    complain(
      context,
      `\`${name}' cannot be an attachment's name: it must be a word that does not end in a digit`,
    );
    return undefined;
  }
  const attachment: DeviceAttachment = { name, at: [], attributes: [], instances: [] };
  context.model.attachments.set(name, attachment);
  return attachment;
}

/** `attach com at isa with com_isa: ...` (defdevattach) */
export function attach(context: Context, statement: Of<"attach">) {
  const { model, origin } = context;
  const device = mentionDevice(context, statement.name.text);
  const attributes = mentionAll(model, statement.depends);
  if (device === undefined) return;
  const attachment = mentionAttachment(context, (statement.attachment ?? statement.name).text);
  if (attachment === undefined) return;
  if (device.origin === undefined)
    return complain(context, `attaching \`${device.name}', which is not defined`);
  if (attachment.origin !== undefined)
    return complain(context, `attachment \`${attachment.name}' is defined twice`);
  if (device.pseudo > 0) return complain(context, `\`${device.name}' is a pseudo-device and cannot attach`);
  attachment.origin = origin;
  for (const { name, locators, isDeviceClass } of attributes) {
    if (locators !== undefined || isDeviceClass) complain(context, `\`${name}' is not a plain attribute`);
  }
  attachment.device = device;
  attachment.attributes = attributes;
  mentionAttribute(model, attachment.name).origin ??= origin;
  for (const name of statement.at) attachAt(context, device, attachment, name);
  device.attachments.push(attachment);
}

function attachAt(context: Context, device: Device, attachment: DeviceAttachment, name: string | undefined) {
  if (name === undefined) {
    attachment.at.push(undefined);
    context.model.atRoot.add(device);
    return;
  }
  const attribute = context.model.attributes.get(name);
  if (attribute === undefined) return complain(context, `there is no attribute \`${name}'`);
  attachment.at.push(attribute);
  if (attribute.locators === undefined)
    complain(context, `\`${device.name}' cannot attach at the plain attribute \`${name}'`);
  else attribute.children.push(device);
}

export function defineFileSystems(context: Context, { names, depends }: Of<"deffs">) {
  const dependencies = { names: depends.map((name) => name.text).reverse(), followed: new Set<string>() };
  for (const { text: name } of [...names].reverse()) {
    if (isDeclaredTwice(context, name)) return;
    const declaration = {
      name,
      type: "deffs" as const,
      origin: context.origin,
      obsolete: false,
      depends: dependencies,
    };
    context.model.declaredOptions.set(name, declaration);
    checkDependencies(context, name, dependencies.names);
    mentionAttribute(context.model, name.toLowerCase()).origin ??= context.origin;
  }
}

function isDeclaredTwice(context: Context, name: string): boolean {
  const known = context.model.declaredOptions.get(name);
  if (known === undefined) return false;
  complain(
    context,
    `option or file system \`${name}' is declared twice (first in ${known.origin.source.file}:${known.origin.line})`,
  );
  return true;
}

/** An option depends on options declared before, or on attributes that are no interfaces (main.c, check_dependencies). */
function checkDependencies(context: Context, option: string, depends: readonly string[]) {
  for (const name of depends) {
    const attribute = context.model.attributes.get(name);
    const declared = context.model.declaredOptions.get(name);
    if (attribute?.locators !== undefined)
      complain(context, `option \`${option}' cannot depend on the interface attribute \`${name}'`);
    else if (attribute !== undefined) continue;
    else if (declared?.obsolete)
      complain(context, `option \`${option}' depends on \`${name}', which is obsolete`);
    else if (declared === undefined)
      complain(context, `option \`${option}' depends on \`${name}', which is not declared`);
  }
}

/** `defflag opt_ddb.h DDB ...`: without a header each option has its own. The last one stands first in the header, as in config(1). */
export function defineOptions(context: Context, statement: Of<"defopt">) {
  const { header } = statement;
  if (statement.type === "defopt")
    report(context.model, "warning", context.origin, "`defopt' is deprecated: use defflag or defparam");
  if (header !== undefined && (header.includes("/") || !header.endsWith(".h"))) {
    return complain(context, `the options' header \`${header}' must end in ".h" and have no "/"`);
  }
  const depends = {
    names: statement.depends.map((name) => name.text).reverse(),
    followed: new Set<string>(),
  };
  for (const { name, defaultValue } of [...statement.options].reverse()) {
    if (isDeclaredTwice(context, name.text)) return;
    const declaration: OptionDeclaration = {
      name: name.text,
      type: statement.type,
      origin: { ...context.origin, line: name.line },
      header: header ?? `opt_${name.text.toLowerCase()}.h`,
      obsolete: statement.obsolete,
      depends,
      ...(defaultValue === undefined ? {} : { defaultValue }),
    };
    context.model.declaredOptions.set(name.text, declaration);
    checkDependencies(context, name.text, depends.names);
    const carried = context.model.headers.get(declaration.header!);
    if (carried === undefined) context.model.headers.set(declaration.header!, [declaration]);
    else carried.push(declaration);
  }
}

/** `file` and `object` (files.c, addfile). A second line may only give a compile command, from another file. */
export function defineFile(context: Context, statement: FileStatement) {
  const { model, origin, around } = context;
  const { path, condition, needs, compileWith } = statement;
  if (new Set(needs).size > 1) return complain(context, "needs-count and needs-flag cannot be mixed");
  if (condition === undefined && needs.length > 0)
    return complain(context, `needs-${needs[0]} of ${path} has no condition to look at`);
  if (path.startsWith("/")) return complain(context, `the path ${path} must be relative`);
  if (!/\.[^./]+$/.test(path)) return complain(context, `the path ${path} has no suffix`);
  const known = model.files.get(path);
  if (known !== undefined) {
    const onlyCommand = compileWith !== undefined && condition === undefined && needs.length === 0;
    if (onlyCommand && known.origin.source.file !== origin.source.file)
      known.compileWith = { command: compileWith, origin };
    else
      complain(
        context,
        `file ${path} is declared twice (first in ${known.origin.source.file}:${known.origin.line})`,
      );
    return;
  }
  if (!/[cSso]$/.test(path)) complain(context, `the suffix of ${path} is none of .c, .S, .s and .o`);
  model.files.set(path, {
    path,
    statement,
    origin,
    prefix: around.prefix,
    order: model.files.size + around.depth * 65536,
    selected: false,
    ...(compileWith === undefined ? {} : { compileWith: { command: compileWith, origin } }),
  });
}
