// The meaning of `options`, `file-system`, `makeoptions` and their `no` forms, and of what options bring with them
// (usr.bin/config/main.c: addoption, deloption, addfsoption, dependopts, fixmaxusers, fixmkoption).

import type { Origin } from "../origin.ts";
import { selectAttribute, selectName } from "./attributes.ts";
import { type Cause, type Context, complain, type Model, type SetOption, warn } from "./model.ts";
import type { Name, Setting, Statement } from "./statements.ts";

type Of<K extends Statement["kind"]> = Extract<Statement, { kind: K }>;

/** A statement's origin, with the line of one of its names. */
const at = (origin: Origin, name: Name): Origin => ({ ...origin, line: name.line });

export function setOptions(context: Context, { settings }: Of<"options">) {
  for (const { name, value } of settings) {
    const origin = at(context.origin, name);
    addOption(
      { ...context, origin },
      { name: name.text, ...(value === undefined ? {} : { value }), cause: { origin } },
    );
  }
}

/** Sets an option and selects its name in lower case for conditions (addoption). */
function addOption(context: Context, option: SetOption) {
  const { model } = context;
  const { name, value, cause } = option;
  const declared = model.declaredOptions.get(name);
  if (declared?.obsolete) return warn(context, `option \`${name}' is obsolete and is ignored`);
  if (declared?.type === "deffs")
    return complain(context, `\`${name}' is a file system: write file-system, not options`);
  if (declared?.type === "defparam" && value === undefined)
    return complain(context, `option \`${name}' must have a value`);
  if (declared?.type === "defflag" && value !== undefined)
    return complain(context, `option \`${name}' must not have a value`);
  const known = model.options.get(name);
  if (known !== undefined) {
    warn(
      context,
      `already have options \`${name}${known.value === undefined ? "" : `=${known.value}`}'${whereSet(known)}`,
    );
    model.options.delete(name);
    model.selected.delete(name.toLowerCase());
  }
  model.options.set(name, option);
  selectName(model, name.toLowerCase(), cause);
}

const whereSet = ({ cause: { origin } }: SetOption): string =>
  origin === undefined ? "" : ` (${origin.source.file}:${origin.line})`;

export function unsetOptions(context: Context, { names }: Of<"no-options">) {
  for (const name of names) {
    unset(context, context.model.options, name, "options");
  }
}

function unset(context: Context, table: Map<string, SetOption>, name: Name, what: string) {
  const { model, origin } = context;
  if (!table.delete(name.text)) return warn(context, `${what} \`${name.text}' is not defined`);
  const lower = name.text.toLowerCase();
  if (model.selected.delete(lower)) model.deselected.set(lower, at(origin, name));
  else warn(context, `${what} \`${lower}' is not defined`);
}

export function setFileSystems(context: Context, { names }: Of<"file-system">) {
  const { model } = context;
  for (const name of names) {
    const lower = name.text.toLowerCase();
    const cause: Cause = { origin: at(context.origin, name) };
    if (model.declaredOptions.get(name.text)?.type !== "deffs") {
      complain(context, `\`${name.text}' is not a declared file system`);
      continue;
    }
    if (model.fileSystems.delete(name.text)) {
      warn(context, `already have file-system \`${name.text}'`);
      model.selected.delete(lower);
    }
    model.fileSystems.set(name.text, { name: name.text, value: lower, cause });
    selectName(model, lower, cause);
    const attribute = model.attributes.get(lower);
    if (attribute !== undefined) selectAttribute(model, attribute, cause);
  }
}

export function unsetFileSystems(context: Context, { names }: Of<"no-file-system">) {
  for (const name of names) unset(context, context.model.fileSystems, name, "file-system");
}

export function setMakeOptions(context: Context, { settings }: Of<"makeoptions">) {
  const { model } = context;
  for (const { name, value, append } of settings as (Setting & { append: boolean })[]) {
    const option = { name: name.text, value: value ?? "", origin: at(context.origin, name), append };
    if (append) model.appendedMakeOptions.push(option);
    else {
      const known = model.makeOptions.get(name.text);
      if (known !== undefined) warn(context, `already have makeoptions \`${name.text}=${known.value}'`);
      model.makeOptions.delete(name.text);
      model.makeOptions.set(name.text, option);
    }
  }
}

export function unsetMakeOptions(context: Context, { names }: Of<"no-makeoptions">) {
  for (const { text } of names) {
    if (!context.model.makeOptions.delete(text)) warn(context, `makeoptions \`${text}' is not defined`);
  }
}

export function setConditionalMakeOptions(context: Context, { settings }: Of<"conditional-makeoptions">) {
  const { model, origin } = context;
  model.conditionalMakeOptions.push(...settings.map((setting) => ({ ...setting, origin, append: true })));
}

export function setMaxusersRange(context: Context, { minimum, initial, maximum }: Of<"maxusers-range">) {
  if (minimum < 1 || minimum > initial || initial > maximum) {
    complain(
      context,
      `maxusers must have 1 <= minimum (${minimum}) <= default (${initial}) <= maximum (${maximum})`,
    );
  } else context.model.maxusersRange = { minimum, initial, maximum };
}

export function setMaxusers(context: Context, { value }: Of<"maxusers">) {
  const { model } = context;
  const { minimum, maximum } = model.maxusersRange;
  if (model.maxusers === value) return complain(context, "maxusers is given twice");
  model.maxusers = Math.max(value, minimum);
  if (value < minimum) warn(context, `maxusers is raised to its minimum, ${minimum}`);
  if (value > maximum) warn(context, `maxusers ${value} is more than ${maximum}`);
}

/** The options that config(1) sets of itself: MAXUSERS, and makeoptions_X for declared parameters of that name. */
export function setBuiltInOptions(model: Model, contextOf: (origin?: Origin) => Context) {
  const rule = "config(1) sets it from `maxusers'";
  addOption(contextOf(), { name: "MAXUSERS", value: String(model.maxusers), cause: { rule } });
  for (const { name, value, origin } of model.makeOptions.values()) {
    const option = `makeoptions_${name}`;
    if (model.declaredOptions.get(option)?.type === "defparam") {
      addOption(contextOf(origin), { name: option, value, cause: { origin } });
    }
  }
}

/** Sets and selects what the options depend on, and so on (dependopts). Options that come to it are walked too. */
export function followDependencies(model: Model, contextOf: (origin?: Origin) => Context) {
  const open = [...model.options.keys(), ...model.fileSystems.keys()];
  for (const name of open) {
    const declared = model.declaredOptions.get(name);
    for (const dependency of declared?.depends.names ?? []) {
      if (declared!.depends.followed.has(dependency)) continue;
      declared!.depends.followed.add(dependency);
      const cause: Cause = { origin: declared!.origin, from: name.toLowerCase() };
      const attribute = model.attributes.get(dependency);
      if (attribute !== undefined) selectAttribute(model, attribute, cause);
      else {
        if (!model.options.has(dependency))
          addOption(contextOf(declared!.origin), { name: dependency, cause });
        open.push(dependency);
      }
    }
  }
}
