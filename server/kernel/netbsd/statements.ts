// The statements of NetBSD's config(5) as plain data, one shape a statement: what the parser hands to the definitions and selections.
// Knows nothing of what they do.

import type { Origin } from "../origin.ts";

export interface Name {
  text: string;
  line: number;
  start: number;
}

/** A condition of `file`, `object`, `device-major` and `makeoptions`. */
export type Condition =
  | { kind: "atom"; name: string }
  | { kind: "not"; of: Condition }
  | { kind: "and" | "or"; of: Condition[] };

/** A locator of an interface attribute; an array locator "port[2]" is two, "port" and "port#1", as in config(1). */
export interface LocatorDefinition {
  name: string;
  defaultValue?: string;
  optional: boolean;
}

/** A locator given to an instance; without a value it is "?". */
export interface LocatorValue {
  name: string;
  value?: string;
}

export interface OptionDefinition {
  name: Name;
  /** "NAME = value" */
  defaultValue?: string;
}

export interface Setting {
  name: Name;
  value?: string;
}

/** A file of `file` and `object`. */
export interface FileStatement {
  kind: "file" | "object";
  path: string;
  condition?: Condition;
  needs: readonly ("count" | "flag")[];
  compileWith?: string;
}

export interface DeviceStatement {
  kind: "device";
  name: Name;
  /** 0: device, 1: defpseudo, 2: defpseudodev (a pseudo-device that instances can attach to). */
  pseudo: 0 | 1 | 2;
  locators?: LocatorDefinition[];
  depends: Name[];
}

/** What "at" names: undefined for root. */
export type Attachment = string | undefined;

export type StatementBody =
  | FileStatement
  | DeviceStatement
  | { kind: "machine"; machine: string; arch?: string; subarches: string[] }
  | { kind: "ioconf"; name: string }
  | { kind: "top"; keyword: "source" | "build"; path: string }
  | { kind: "prefix" | "buildprefix"; path?: string }
  | { kind: "devclass"; name: Name }
  | { kind: "deffs"; names: Name[]; depends: Name[] }
  | { kind: "define"; name: Name; locators?: LocatorDefinition[]; depends: Name[] }
  | {
      kind: "defopt";
      type: "defopt" | "defflag" | "defparam";
      obsolete: boolean;
      header?: string;
      options: OptionDefinition[];
      depends: Name[];
    }
  | { kind: "attach"; name: Name; at: Attachment[]; attachment?: Name; depends: Name[] }
  | { kind: "maxpartitions" | "version"; value: number }
  | { kind: "maxusers"; value: number }
  | { kind: "maxusers-range"; minimum: number; initial: number; maximum: number }
  | { kind: "conditional-makeoptions"; settings: { condition: Condition; name: string; value: string }[] }
  | { kind: "major"; majors: { name: Name; number: number }[] }
  | { kind: "device-major"; name: Name; character?: number; block?: number; condition?: Condition }
  | { kind: "select"; name: Name }
  | { kind: "no-select"; name: Name }
  | { kind: "file-system"; names: Name[] }
  | { kind: "no-file-system"; names: Name[] }
  | { kind: "makeoptions"; settings: (Setting & { append: boolean })[] }
  | { kind: "no-makeoptions"; names: Name[] }
  | { kind: "options"; settings: Setting[] }
  | { kind: "no-options"; names: Name[] }
  | { kind: "ident"; ident?: string }
  | { kind: "config"; name: string; root: string; fileSystem?: string; dumps?: string }
  | { kind: "no-config"; name: string }
  | { kind: "pseudo-device"; name: Name; count: number }
  | { kind: "no-pseudo-device"; name: Name }
  | { kind: "pseudo-root"; name: Name }
  | { kind: "instance"; name: Name; at: Attachment; locators: LocatorValue[]; flags: number }
  | { kind: "no-instance-at"; name: Name; at: Attachment }
  | { kind: "no-device-at"; at: Attachment }
  | { kind: "no-instance"; name: Name };

export type Statement = StatementBody & { origin: Origin };

export function conditionText(condition: Condition, inside: "or" | "and" | "not" = "or"): string {
  switch (condition.kind) {
    case "atom":
      return condition.name;
    case "not":
      return `!${conditionText(condition.of, "not")}`;
    case "and": {
      const text = condition.of.map((part) => conditionText(part, "and")).join(" & ");
      return inside === "not" ? `(${text})` : text;
    }
    case "or": {
      const text = condition.of.map((part) => conditionText(part)).join(" | ");
      return inside === "or" ? text : `(${text})`;
    }
  }
}

/** The names of a condition, in order, each as often as it stands there. */
export function conditionNames(condition: Condition): string[] {
  if (condition.kind === "atom") return [condition.name];
  return condition.kind === "not" ? conditionNames(condition.of) : condition.of.flatMap(conditionNames);
}

/** The value of a condition; every name is asked for, as config(1) does. */
export function evaluate(condition: Condition, holds: (name: string) => boolean): boolean {
  switch (condition.kind) {
    case "atom":
      return holds(condition.name);
    case "not":
      return !evaluate(condition.of, holds);
    case "and":
      return condition.of.map((part) => evaluate(part, holds)).every(Boolean);
    case "or":
      return condition.of.map((part) => evaluate(part, holds)).some(Boolean);
  }
}
