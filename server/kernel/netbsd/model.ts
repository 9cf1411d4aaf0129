// What the statements of a configuration have declared and selected so far: attributes, devices, attachments, instances, files, options.
// Data only; definitions.ts, selections.ts and the passes after them fill it. The nouns are those of usr.bin/config/defs.h.

import type { KernelDiagnostic } from "../api.ts";
import { type Origin, placeOf } from "../origin.ts";
import type { Surroundings } from "./reader.ts";
import type { Attachment, Condition, FileStatement, LocatorDefinition, LocatorValue } from "./statements.ts";

/** A name that files can depend on. With locators it is an interface attribute, at which devices can attach. */
export interface Attribute {
  name: string;
  /** The line that declares it; absent while it is only mentioned. */
  origin?: Origin;
  depends: Dependency[];
  /** Present for an interface attribute, empty when it has no locators. */
  locators?: LocatorDefinition[];
  isDeviceClass: boolean;
  /** Devices that can attach here. */
  children: Device[];
}

export interface Dependency {
  on: Attribute;
  /** The line that says so. */
  origin: Origin;
}

/** A driver: "com". */
export interface Device {
  name: string;
  /** The line that defines it; absent while it is only mentioned. */
  origin?: Origin;
  /** The first line that names it. */
  mentioned: Origin;
  /** An error told already that nothing defines it. */
  isReported: boolean;
  pseudo: 0 | 1 | 2;
  attributes: Attribute[];
  attachments: DeviceAttachment[];
  /** Instances by name; several of one name are config(1)'s aliases. */
  instances: Map<string, Instance[]>;
  /** Highest unit number plus one: the count of needs-count. */
  unitLimit: number;
  classAttribute?: Attribute;
}

/** A way of attaching a driver: "com_isa". */
export interface DeviceAttachment {
  name: string;
  origin?: Origin;
  device?: Device;
  /** Where; undefined stands for root. */
  at: (Attribute | undefined)[];
  attributes: Attribute[];
  instances: Instance[];
}

/** Units that are not numbers: "sd*" and "scsibus?". */
export const STAR = -1;
export const WILD = -2;

/** Parents that an instance can have: an attribute, a device or attribute by name, and a unit. */
export interface ParentSpec {
  attribute: Attribute;
  device: Device | undefined;
  unit: number;
}

/**
 * "orphan": no living parent (an error in the end). "active": reachable from root. "ignored": its parent was removed by `no`.
 * "broken": the line has an error.
 */
export type InstanceState = "orphan" | "active" | "ignored" | "broken";

export interface Instance {
  name: string;
  unit: number;
  device: Device;
  at: Attachment;
  parent?: ParentSpec;
  attachment?: DeviceAttachment;
  locators: LocatorValue[];
  origin: Origin;
  /** How many instances had been removed before, or for a removed one its number (sem.c, i_level). */
  level: number;
  state: InstanceState;
  isPseudoRoot: boolean;
  /** The living parent by which it was reached. */
  reachedBy?: Instance;
}

export interface SourceFile {
  /** As written; unique. */
  path: string;
  statement: FileStatement;
  origin: Origin;
  prefix: string | undefined;
  order: number;
  compileWith?: { command: string; origin: Origin };
  selected: boolean;
  /** Another file of the same base name took its place, or its needs-count cannot be counted. */
  hiddenBy?: SourceFile | "uncountable";
  /** Names and values of needs-count and needs-flag, in order. */
  counts?: { name: string; value: number }[];
}

export interface OptionDeclaration {
  name: string;
  type: "defopt" | "defflag" | "defparam" | "deffs";
  origin: Origin;
  header?: string;
  defaultValue?: string;
  obsolete: boolean;
  /** Shared between the options of one statement, as in config(1). */
  depends: OptionDependencies;
}

export interface OptionDependencies {
  names: string[];
  followed: Set<string>;
}

/** Why a name is selected. */
export interface Cause {
  /** The line; absent for a rule of config(1) itself. */
  origin?: Origin;
  /** The selected name that brought this one. */
  from?: string;
  /** The instance that brought this one. */
  instance?: Instance;
  /** For a built-in rule: what it says. */
  rule?: string;
}

export interface SetOption {
  name: string;
  value?: string;
  cause: Cause;
}

export interface MakeOption {
  name: string;
  value: string;
  origin: Origin;
  append: boolean;
  condition?: Condition;
}

/** `device-major`: a driver's numbers in the tables of character and block devices. */
export interface DeviceMajor {
  name: string;
  origin: Origin;
  character?: number;
  block?: number;
  condition?: Condition;
}

export interface SwapConfiguration {
  name: string;
  origin: Origin;
}

export interface Model {
  machine?: { machine: string; arch: string | undefined; subarches: string[] };
  ident?: string;
  version: number;
  maxpartitions: number;
  maxusers: number;
  maxusersRange: { minimum: number; initial: number; maximum: number };
  attributes: Map<string, Attribute>;
  /** name -> the names that depend on it (for `no select`). */
  dependents: Map<string, Set<string>>;
  devices: Map<string, Device>;
  attachments: Map<string, DeviceAttachment>;
  /** Devices that can attach at root, and pseudo-devices that others attach to. */
  atRoot: Set<Device>;
  instances: Instance[];
  pseudoDevices: Instance[];
  /** By attribute, device and unit. */
  parents: Map<string, ParentSpec>;
  /** Instances taken away by `no`, by name. */
  removed: Map<string, Instance[]>;
  removals: number;
  files: Map<string, SourceFile>;
  declaredOptions: Map<string, OptionDeclaration>;
  /** Header -> the options it carries, in its order. */
  headers: Map<string, OptionDeclaration[]>;
  options: Map<string, SetOption>;
  fileSystems: Map<string, SetOption>;
  makeOptions: Map<string, MakeOption>;
  appendedMakeOptions: MakeOption[];
  conditionalMakeOptions: MakeOption[];
  majors: DeviceMajor[];
  kernels: Map<string, SwapConfiguration>;
  /** What conditions see (config(1)'s selecttab). */
  selected: Map<string, Cause>;
  /** Names taken away, with the line that did it. */
  deselected: Map<string, Origin>;
  counted: Set<string>;
  diagnostics: KernelDiagnostic[];
}

/** The attribute that is always there and always selected (sem.c, allattr). */
export const ALWAYS = "netbsd";

export function createModel(): Model {
  const always: Attribute = { name: ALWAYS, depends: [], isDeviceClass: false, children: [] };
  return {
    version: 0,
    maxpartitions: 0,
    maxusers: 0,
    maxusersRange: { minimum: 1, initial: 0, maximum: 10000 },
    attributes: new Map([[ALWAYS, always]]),
    dependents: new Map(),
    devices: new Map(),
    attachments: new Map(),
    atRoot: new Set(),
    instances: [],
    pseudoDevices: [],
    parents: new Map(),
    removed: new Map(),
    removals: 0,
    files: new Map(),
    declaredOptions: new Map(),
    headers: new Map(),
    options: new Map(),
    fileSystems: new Map(),
    makeOptions: new Map(),
    appendedMakeOptions: [],
    conditionalMakeOptions: [],
    majors: [],
    kernels: new Map(),
    selected: new Map([[ALWAYS, { rule: "config(1) always selects it" }]]),
    deselected: new Map(),
    counted: new Set(),
    diagnostics: [],
  };
}

export function report(model: Model, severity: "error" | "warning", origin: Origin, message: string) {
  model.diagnostics.push({ place: placeOf(origin), severity, message });
}

/** What a statement's handler gets. */
export interface Context {
  model: Model;
  origin: Origin;
  around: Surroundings;
}

export function complain(context: Context, message: string) {
  report(context.model, "error", context.origin, message);
}

export function warn(context: Context, message: string) {
  report(context.model, "warning", context.origin, message);
}
