// Parses the statements that select (std.* and the configuration itself): `options`, `com0 at isa?`, `no ...`. One function a statement,
// after usr.bin/config/gram.y, "The selection grammar".

import type { Cursor } from "./cursor.ts";
import type { Attachment, LocatorValue, Name, Setting, StatementBody } from "./statements.ts";

/** The parsers by first keyword; each is called behind it. */
export const SELECTIONS: Readonly<Record<string, (cursor: Cursor) => StatementBody>> = {
  select: (cursor) => ({ kind: "select", name: cursor.name() }),
  "file-system": (cursor) => ({ kind: "file-system", names: nameList(cursor) }),
  options: (cursor) => ({ kind: "options", settings: cursor.commaList(() => setting(cursor)) }),
  ident: (cursor) => ({ kind: "ident", ident: cursor.string() }),
  "pseudo-device": (cursor) => ({
    kind: "pseudo-device",
    name: cursor.name(),
    count: cursor.done() ? 1 : cursor.integer(),
  }),
  "pseudo-root": (cursor) => ({ kind: "pseudo-root", name: instanceName(cursor) }),
  config,
  no: deselection,
};

const NO: Readonly<Record<string, (cursor: Cursor) => StatementBody>> = {
  select: (cursor) => ({ kind: "no-select", name: cursor.name() }),
  "file-system": (cursor) => ({ kind: "no-file-system", names: nameList(cursor) }),
  makeoptions: (cursor) => ({ kind: "no-makeoptions", names: nameList(cursor) }),
  options: (cursor) => ({ kind: "no-options", names: nameList(cursor) }),
  ident: () => ({ kind: "ident" }),
  config: (cursor) => ({ kind: "no-config", name: cursor.name().text }),
  "pseudo-device": (cursor) => ({ kind: "no-pseudo-device", name: cursor.name() }),
  device: (cursor) => {
    cursor.expect("at");
    return { kind: "no-device-at", at: attachment(cursor) };
  },
};

/** `no options FOO`, `no device at pci?`, `no com0`, `no com* at isa?` */
function deselection(cursor: Cursor): StatementBody {
  for (const [keyword, parse] of Object.entries(NO)) if (cursor.accept(keyword)) return parse(cursor);
  const name = instanceName(cursor);
  if (cursor.accept("at")) return { kind: "no-instance-at", name, at: attachment(cursor) };
  return { kind: "no-instance", name };
}

/** A device with unit, "com0", or "com*": the star belongs to the name, as in config(1). */
function instanceName(cursor: Cursor): Name {
  const name = cursor.name("a device");
  return cursor.accept("*") ? { ...name, text: `${name.text}*` } : name;
}

function attachment(cursor: Cursor): Attachment {
  if (cursor.accept("root")) return undefined;
  const { text } = cursor.name("`root' or a device");
  return cursor.accept("?") ? `${text}?` : text;
}

/** "com0 at isa? port 0x3f8 irq 4 flags 1" */
export function instance(cursor: Cursor): StatementBody {
  const name = instanceName(cursor);
  cursor.expect("at");
  const at = attachment(cursor);
  const locators: LocatorValue[] = [];
  while (cursor.isKind("word")) locators.push(...locatorValues(cursor));
  const flags = cursor.accept("flags") ? cursor.integer() : 0;
  return { kind: "instance", name, at, locators, flags };
}

function locatorValues(cursor: Cursor): LocatorValue[] {
  const name = cursor.name().text;
  if (cursor.accept("?")) return [{ name }];
  return cursor
    .commaList(() => cursor.value())
    .map((value, i) => ({ name: i === 0 ? name : `${name}#${i}`, value }));
}

const nameList = (cursor: Cursor): Name[] => cursor.commaList(() => cursor.name());

function setting(cursor: Cursor): Setting {
  const name = cursor.name();
  return cursor.accept("=") ? { name, value: cursor.value() } : { name };
}

/** `makeoptions COPTS="-O2", X+=y` selects; `makeoptions cond X+=y` declares. Both start alike. */
export function makeoptions(cursor: Cursor, selecting: boolean): StatementBody {
  const plain =
    cursor.isKind("string") || (cursor.isKind("word") && (cursor.is("=", 1) || cursor.is("+=", 1)));
  if (plain && selecting)
    return { kind: "makeoptions", settings: cursor.commaList(() => makeSetting(cursor)) };
  const settings = cursor.commaList(() => {
    const condition = cursor.condition();
    const name = cursor.string("a variable of make");
    cursor.expect("+=");
    return { condition, name, value: cursor.value() };
  });
  return { kind: "conditional-makeoptions", settings };
}

function makeSetting(cursor: Cursor): Setting & { append: boolean } {
  const token = cursor.peek()!;
  const name = { text: cursor.string(), line: token.line, start: token.start };
  const append = cursor.accept("+=");
  if (!append) cursor.expect("=");
  return { name, value: cursor.value(), append };
}

/** "config netbsd root on ? type ? dumps on ?" */
function config(cursor: Cursor): StatementBody {
  const name = cursor.name().text;
  cursor.expect("root");
  const root = deviceSpec(cursor);
  const fileSystem = cursor.accept("type")
    ? { fileSystem: cursor.accept("?") ? "?" : cursor.name().text }
    : {};
  let dumps: { dumps?: string } = {};
  while (cursor.accept("dumps")) dumps = { dumps: deviceSpec(cursor) };
  return { kind: "config", name, root, ...fileSystem, ...dumps };
}

function deviceSpec(cursor: Cursor): string {
  cursor.accept("on");
  if (cursor.accept("?")) return "?";
  if (cursor.accept("major")) {
    const major = cursor.integer();
    cursor.expect("minor");
    return `<${major}/${cursor.integer()}>`;
  }
  return cursor.string("`?', a device or a string");
}
