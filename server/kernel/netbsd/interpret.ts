// Runs a configuration through config(1)'s steps: reads it, statement by statement, into the model, then settles what is in
// (usr.bin/config/main.c, main).

import type { ReadFile } from "../api.ts";
import type { Origin } from "../origin.ts";
import { declareAttribute, deselectAttribute, mentionAttribute, selectAttribute } from "./attributes.ts";
import * as definitions from "./definitions.ts";
import { checkCounts, selectFiles } from "./files.ts";
import * as instances from "./instances.ts";
import { checkMajors, declareMajor } from "./majors.ts";
import { type Context, complain, createModel, type Model } from "./model.ts";
import * as options from "./options.ts";
import { reachInstances, selectInstances } from "./reach.ts";
import { Reader } from "./reader.ts";
import type { Statement } from "./statements.ts";

export interface Interpretation {
  model: Model;
  inputs: string[];
  prefixes: string[];
}

/** Never throws: what is wrong is in the model's diagnostics. */
export function interpret(sys: string, path: string, read: ReadFile): Interpretation {
  const model = createModel();
  let checked = 0;
  const reader = new Reader(sys, read, {
    isAttribute: (name) => model.attributes.has(name),
    error: (file, line, message) =>
      model.diagnostics.push({ place: { file, line }, severity: "error", message }),
    statement(statement, around) {
      apply({ model, origin: statement.origin, around }, statement);
    },
    endOfFile() {
      definitions.settleDevices(model);
      checkCounts(model, [...model.files.values()].slice(checked));
      checked = model.files.size;
    },
  });
  if (reader.run(path)) settle(model, path);
  return { model, inputs: reader.inputs, prefixes: reader.usedPrefixes };
}

/** The steps after reading, in config(1)'s order. */
function settle(model: Model, path: string) {
  const end: Origin = { source: { file: path, text: "" }, line: 1, start: 0, end: 0 };
  const contextOf = (origin = end): Context => ({ model, origin, around: { depth: 0, prefix: undefined } });
  reachInstances(model);
  selectInstances(model);
  options.setBuiltInOptions(model, contextOf);
  options.followDependencies(model, contextOf);
  selectFiles(model);
  checkMajors(model);
  if (model.machine !== undefined) checkWhole(model, contextOf());
}

function checkWhole(model: Model, context: Context) {
  if (model.maxpartitions <= 0) complain(context, "there is no `maxpartitions' line");
  if (model.maxusers === 0 && model.maxusersRange.initial === 0)
    complain(context, "there is no `maxusers' line");
  if (model.kernels.size === 0) complain(context, "there is no `config' line, so no kernel is linked");
}

function setMachine(context: Context, { machine, arch, subarches }: Extract<Statement, { kind: "machine" }>) {
  context.model.machine = { machine, arch, subarches };
  for (const name of [machine, ...(arch === undefined ? [] : [arch]), ...subarches]) {
    declareAttribute(context, name, undefined, []);
  }
}

function addKernel(context: Context, { name, origin }: Extract<Statement, { kind: "config" }>) {
  if (context.model.kernels.has(name)) complain(context, `configuration \`${name}' is defined twice`);
  else context.model.kernels.set(name, { name, origin });
}

function apply(context: Context, statement: Statement) {
  const { model, origin } = context;
  switch (statement.kind) {
    case "machine":
      return setMachine(context, statement);
    case "define":
      return definitions.define(context, statement);
    case "devclass":
      return definitions.defineClass(context, statement);
    case "device":
      return definitions.defineDevice(context, statement);
    case "attach":
      return definitions.attach(context, statement);
    case "deffs":
      return definitions.defineFileSystems(context, statement);
    case "defopt":
      return definitions.defineOptions(context, statement);
    case "file":
    case "object":
      return definitions.defineFile(context, statement);
    case "version":
      return definitions.setVersion(context, statement.value);
    case "major":
      return statement.majors.forEach(({ name }) => {
        definitions.mentionDevice(context, name.text);
      });
    case "maxpartitions":
      model.maxpartitions = statement.value;
      return;
    case "maxusers-range":
      return options.setMaxusersRange(context, statement);
    case "maxusers":
      return options.setMaxusers(context, statement);
    case "conditional-makeoptions":
      return options.setConditionalMakeOptions(context, statement);
    case "options":
      return options.setOptions(context, statement);
    case "no-options":
      return options.unsetOptions(context, statement);
    case "file-system":
      return options.setFileSystems(context, statement);
    case "no-file-system":
      return options.unsetFileSystems(context, statement);
    case "makeoptions":
      return options.setMakeOptions(context, statement);
    case "no-makeoptions":
      return options.unsetMakeOptions(context, statement);
    case "select":
      return selectAttribute(model, mentionAttribute(model, statement.name.text), { origin });
    case "no-select":
      return deselectAttribute(model, statement.name.text, origin);
    case "pseudo-device":
      return instances.addPseudoDevice(context, statement);
    case "no-pseudo-device":
      return instances.removePseudoDevice(context, statement);
    case "pseudo-root":
      return instances.addPseudoRoot(context, statement);
    case "instance":
      return instances.addInstance(context, statement);
    case "no-instance-at":
      return instances.removeInstanceAt(context, statement);
    case "no-device-at":
      return instances.removeInstancesAt(context, statement);
    case "no-instance":
      return instances.removeInstances(context, statement);
    case "config":
      return addKernel(context, statement);
    case "no-config":
      if (!model.kernels.delete(statement.name))
        complain(context, `configuration \`${statement.name}' is not defined`);
      return;
    case "ident":
      if (statement.ident === undefined) delete model.ident;
      else model.ident = statement.ident;
      return;
    case "device-major":
      return declareMajor(context, statement);
    case "top":
    case "ioconf":
    case "prefix":
    case "buildprefix":
      return;
  }
}
