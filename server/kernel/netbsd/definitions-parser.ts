// Parses the statements that declare what there is (files.*): `file`, `device`, `attach`, `define`, `defflag`, ... One function a
// statement, after usr.bin/config/gram.y, "The machine definitions grammar".

import type { Cursor } from "./cursor.ts";
import type {
  Attachment,
  DeviceStatement,
  FileStatement,
  LocatorDefinition,
  Name,
  OptionDefinition,
  StatementBody,
} from "./statements.ts";

const FIRST_OF_CONDITION = (cursor: Cursor) => cursor.isKind("word") || cursor.is("!") || cursor.is("(");

/** The parsers by first keyword; each is called behind it. */
export const DEFINITIONS: Readonly<Record<string, (cursor: Cursor) => StatementBody>> = {
  file: (cursor) => file(cursor, "file"),
  object: (cursor) => file(cursor, "object"),
  prefix: (cursor) => ({ kind: "prefix", ...(cursor.done() ? {} : { path: cursor.fileName() }) }),
  buildprefix: (cursor) => ({
    kind: "buildprefix",
    ...(cursor.done() ? {} : { path: wordOrFileName(cursor) }),
  }),
  devclass: (cursor) => ({ kind: "devclass", name: cursor.name() }),
  deffs: (cursor) => ({ kind: "deffs", names: names(cursor), depends: depends(cursor) }),
  define: (cursor) => ({
    kind: "define",
    name: cursor.name(),
    ...interfaceOf(cursor),
    depends: depends(cursor),
  }),
  defopt: (cursor) => options(cursor, "defopt", false),
  defflag: (cursor) => options(cursor, "defflag", false),
  defparam: (cursor) => options(cursor, "defparam", false),
  obsolete,
  device: (cursor) => device(cursor, 0),
  defpseudo: (cursor) => device(cursor, 1),
  defpseudodev: (cursor) => device(cursor, 2),
  attach,
  maxpartitions: (cursor) => ({ kind: "maxpartitions", value: cursor.integer() }),
  version: (cursor) => ({ kind: "version", value: cursor.integer() }),
  maxusers,
  major,
  "device-major": deviceMajor,
};

function wordOrFileName(cursor: Cursor): string {
  return cursor.isKind("word") ? cursor.name().text : cursor.fileName();
}

function names(cursor: Cursor): Name[] {
  const found = [cursor.name()];
  while (cursor.isKind("word")) found.push(cursor.name());
  return found;
}

/** ": a, b" or nothing. */
function depends(cursor: Cursor): Name[] {
  return cursor.accept(":") ? cursor.commaList(() => cursor.name()) : [];
}

function file(cursor: Cursor, kind: "file" | "object"): FileStatement {
  const path = cursor.fileName();
  const condition = FIRST_OF_CONDITION(cursor) ? cursor.condition() : undefined;
  const needs: ("count" | "flag")[] = [];
  for (;;) {
    if (cursor.accept("needs-flag")) needs.push("flag");
    else if (kind === "file" && cursor.accept("needs-count")) needs.push("count");
    else break;
  }
  const compileWith =
    kind === "file" && cursor.accept("compile-with") ? cursor.string("a command") : undefined;
  return {
    kind,
    path,
    needs,
    ...(condition === undefined ? {} : { condition }),
    ...(compileWith === undefined ? {} : { compileWith }),
  };
}

/** "{ port = -1, [irq = -1], slot[2] = { 0, 1 } }" or nothing; an empty pair of braces is not nothing. */
function interfaceOf(cursor: Cursor): { locators?: LocatorDefinition[] } {
  if (!cursor.accept("{")) return {};
  if (cursor.accept("}")) return { locators: [] };
  const locators = cursor.commaList(() => locator(cursor)).flat();
  cursor.expect("}");
  return { locators };
}

function locator(cursor: Cursor): LocatorDefinition[] {
  const optional = cursor.accept("[");
  const name = cursor.string("a locator's name");
  let locators: LocatorDefinition[];
  if (cursor.accept("[")) locators = locatorArray(cursor, name, optional);
  else if (cursor.accept("=")) locators = [{ name, defaultValue: cursor.value(), optional }];
  else if (optional) cursor.fail("expected `=' and a default value");
  else locators = [{ name, optional }];
  if (optional) cursor.expect("]");
  return locators;
}

const LARGEST_ARRAY = 1024;

/** An array of n locators; all but the first are optional and have the default "0" (gram.y, locarray). */
function locatorArray(cursor: Cursor, name: string, optional: boolean): LocatorDefinition[] {
  const count = cursor.integer();
  if (count < 1 || count > LARGEST_ARRAY)
    cursor.fail(`expected from 1 to ${LARGEST_ARRAY} locators in \`${name}'`);
  cursor.expect("]");
  let defaults: string[] = [];
  if (cursor.accept("=")) {
    cursor.expect("{");
    defaults = cursor.commaList(() => cursor.value());
    cursor.expect("}");
  } else if (optional) cursor.fail("expected `=' and default values");
  return Array.from({ length: count }, (_, i) => ({
    name: i === 0 ? name : `${name}#${i}`,
    defaultValue: defaults[i] ?? "0",
    optional: i > 0 || optional,
  }));
}

function device(cursor: Cursor, pseudo: 0 | 1 | 2): DeviceStatement {
  return {
    kind: "device",
    name: cursor.name("a device's name"),
    pseudo,
    ...interfaceOf(cursor),
    depends: depends(cursor),
  };
}

function attach(cursor: Cursor): StatementBody {
  const name = cursor.name("a device's name");
  cursor.expect("at");
  const at = cursor.commaList((): Attachment => (cursor.accept("root") ? undefined : cursor.name().text));
  const attachment = cursor.accept("with") ? { attachment: cursor.name() } : {};
  return { kind: "attach", name, at, ...attachment, depends: depends(cursor) };
}

function obsolete(cursor: Cursor): StatementBody {
  if (cursor.accept("defflag")) return options(cursor, "defflag", true);
  cursor.expect("defparam");
  return options(cursor, "defparam", true);
}

function options(cursor: Cursor, type: "defopt" | "defflag" | "defparam", obsolete: boolean): StatementBody {
  const header = cursor.isKind("string") || cursor.isKind("path") ? { header: cursor.fileName() } : {};
  const found = [option(cursor)];
  while (cursor.isKind("word")) found.push(option(cursor));
  return {
    kind: "defopt",
    type,
    obsolete,
    ...header,
    options: found,
    depends: obsolete ? [] : depends(cursor),
  };
}

/** "NAME", "NAME = value", "NAME := value for lint" */
function option(cursor: Cursor): OptionDefinition {
  const name = cursor.name();
  const defaultValue = cursor.accept("=") ? { defaultValue: cursor.value() } : {};
  if (cursor.accept(":=")) cursor.value();
  return { name, ...defaultValue };
}

/** "maxusers 2 16 128" (definition) or "maxusers 32" (selection) */
function maxusers(cursor: Cursor): StatementBody {
  const value = cursor.integer();
  if (cursor.done()) return { kind: "maxusers", value };
  return { kind: "maxusers-range", minimum: value, initial: cursor.integer(), maximum: cursor.integer() };
}

function major(cursor: Cursor): StatementBody {
  cursor.expect("{");
  const majors = cursor.commaList(() => {
    const name = cursor.name("a device's name");
    cursor.expect("=");
    return { name, number: cursor.integer() };
  });
  cursor.expect("}");
  return { kind: "major", majors };
}

function deviceMajor(cursor: Cursor): StatementBody {
  const name = cursor.name();
  const character = cursor.accept("char") ? { character: cursor.integer() } : {};
  const block = cursor.accept("block") ? { block: cursor.integer() } : {};
  const condition = FIRST_OF_CONDITION(cursor) ? { condition: cursor.condition() } : {};
  if (cursor.accept("vector")) {
    cursor.expect("=");
    cursor.integer();
    if (cursor.accept(":")) cursor.integer();
    if (cursor.accept(",")) cursor.expect("linkzero");
  } else if (cursor.accept("single") && cursor.accept(",")) cursor.expect("linkzero");
  return { kind: "device-major", name, ...character, ...block, ...condition };
}
