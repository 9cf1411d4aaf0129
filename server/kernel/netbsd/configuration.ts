// NetBSD: a configuration file in, a KernelConfiguration out. Puts together what interpret.ts has found.

import type {
  KernelAttribute,
  KernelConfiguration,
  KernelDevice,
  KernelFile,
  KernelOption,
  Macro,
  ReadFile,
  UnselectedName,
} from "../api.ts";
import { type Origin, placeOf, statementText } from "../origin.ts";
import { baseOf, joinPath } from "../paths.ts";
import { selectedFiles } from "./files.ts";
import { makeHeaders } from "./headers.ts";
import { interpret } from "./interpret.ts";
import type { Instance, MakeOption, Model, SetOption, SourceFile } from "./model.ts";
import { declarationOf, ofInstance, Reasons } from "./reasons.ts";
import { conditionText, evaluate } from "./statements.ts";

/** `sys` is the folder of the kernel sources: "sys/", or "" when the tree is sys/ itself. Never throws. */
export function configureNetbsd(sys: string, path: string, read: ReadFile): KernelConfiguration {
  const { model, inputs, prefixes } = interpret(sys, path, read);
  const reasons = new Reasons(model);
  const { machine = "", arch, subarches = [] } = model.machine ?? {};
  const includes = (name: string) => joinPath(sys, "arch", name, "include");
  const architectures = [machine, ...(arch === undefined ? [] : [arch]), ...subarches];
  return {
    system: "netbsd",
    name: baseOf(path),
    path,
    machine,
    ...(model.ident === undefined ? {} : { ident: model.ident }),
    sys,
    files: [...selectedFiles(model).map((file) => fileOf(sys, file, reasons)), ...generatedFiles(model)],
    excluded: [...model.files.values()]
      .filter((file) => !file.selected)
      .map((file) => fileOf(sys, file, reasons)),
    options: optionsOf(model, reasons),
    devices: devicesOf(model),
    attributes: attributesOf(model, reasons),
    unselected: unselectedNames(model, reasons),
    headers: makeHeaders(model),
    defines: definesOf(model),
    // conf/Makefile.kern.inc, INCLUDES; the build directory with the headers above comes first and is no folder of the tree.
    includePath: [
      ...prefixes.map((prefix) => joinPath(sys, prefix)),
      ...["../common/include", "arch", ""].map((folder) => joinPath(sys, folder)),
    ],
    links:
      machine === ""
        ? []
        : [
            { name: "machine", target: includes(machine) },
            ...architectures.map((name) => ({ name, target: includes(name) })),
          ],
    inputs,
    diagnostics: model.diagnostics,
  };
}

function fileOf(sys: string, file: SourceFile, reasons: Reasons): KernelFile {
  const { condition, needs } = file.statement;
  const text = [
    ...(condition === undefined ? [] : [conditionText(condition)]),
    ...needs.map((need) => `needs-${need}`),
  ];
  return {
    file: joinPath(sys, file.prefix ?? "", file.path),
    kind: file.path.endsWith(".o") ? "object" : "source",
    condition: text.join(" "),
    ...(file.compileWith === undefined ? {} : { compileWith: file.compileWith.command }),
    reason: reasons.ofFile(file),
  };
}

/** The sources that config(1) writes itself (files.c, fixfiles). */
function generatedFiles(model: Model): KernelFile[] {
  if (model.machine === undefined) return [];
  const rule = { text: "config(1)", note: "writes it for every kernel" };
  const make = (file: string, reason: KernelFile["reason"]): KernelFile => ({
    file,
    kind: "generated",
    condition: "",
    reason,
  });
  const swaps = [...model.kernels.values()].map(({ name, origin }) =>
    make(`swap${name}.c`, [
      { place: placeOf(origin), text: statementText(origin), note: "config(1) writes it for this kernel" },
    ]),
  );
  return [make("devsw.c", [rule]), make("ioconf.c", [rule]), ...swaps];
}

function optionsOf(model: Model, reasons: Reasons): KernelOption[] {
  const option = (kind: "option" | "file-system", { name, value, cause }: SetOption): KernelOption => {
    const declared = model.declaredOptions.get(name);
    return {
      name,
      kind,
      ...(value === undefined || kind === "file-system" ? {} : { value }),
      ...(declared === undefined ? {} : { declared: placeOf(declared.origin) }),
      ...(declared?.header === undefined ? {} : { header: declared.header }),
      reason: reasons.ofCause(cause, name),
    };
  };
  return [
    ...[...model.options.values()].map((one) => option("option", one)),
    ...[...model.fileSystems.values()].map((one) => option("file-system", one)),
    ...makeOptionsOf(model),
  ];
}

function makeOptionsOf(model: Model): KernelOption[] {
  const conditional = model.conditionalMakeOptions.filter(
    ({ condition }) =>
      condition === undefined || evaluate(condition, (name) => model.selected.has(name.toLowerCase())),
  );
  return [...model.makeOptions.values(), ...model.appendedMakeOptions, ...conditional].map(
    ({ name, value, origin, append, condition }: MakeOption): KernelOption => ({
      name,
      kind: "makeoption",
      value: append ? `+=${value}` : value,
      ...(condition === undefined ? {} : { declared: placeOf(origin) }),
      reason: [
        {
          place: placeOf(origin),
          text: statementText(origin),
          note: condition === undefined ? `sets ${name}` : "its condition holds",
        },
      ],
    }),
  );
}

function devicesOf(model: Model): KernelDevice[] {
  const device = (one: Instance, kind: "instance" | "pseudo-device"): KernelDevice => ({
    name: one.name,
    driver: one.device.name,
    kind,
    ...(kind === "instance" ? { at: one.at ?? "root" } : {}),
    ...(one.attachment === undefined ? {} : { attachment: one.attachment.name }),
    ...(one.locators.length === 0 ? {} : { locators: one.locators }),
    active: one.state === "active",
    ...(one.device.origin === undefined ? {} : { declared: placeOf(one.device.origin) }),
    reason: ofInstance(one),
  });
  return [
    ...model.instances.map((one) => device(one, "instance")),
    ...model.pseudoDevices.map((one) => device(one, "pseudo-device")),
  ];
}

function attributesOf(model: Model, reasons: Reasons): KernelAttribute[] {
  return [...model.selected.keys()].sort().map((name) => {
    const declared = declarationOf(model, name);
    return {
      name,
      ...(declared === undefined ? {} : { declared: placeOf(declared) }),
      reason: reasons.selected(name),
    };
  });
}

function unselectedNames(model: Model, reasons: Reasons): UnselectedName[] {
  const names = new Map<string, UnselectedName>();
  const add = (what: UnselectedName["what"], name: string, origin: Origin | undefined) => {
    const declared = origin === undefined ? {} : { declared: placeOf(origin) };
    const reason = what === "option" ? reasons.optionNotSet(name) : reasons.notSelected(name);
    if (!names.has(`${what} ${name}`)) names.set(`${what} ${name}`, { what, name, ...declared, reason });
  };
  for (const { name, origin } of model.declaredOptions.values()) {
    if (!model.options.has(name) && !model.fileSystems.has(name)) add("option", name, origin);
  }
  for (const { name, origin, instances } of model.devices.values())
    if (instances.size === 0) add("device", name, origin);
  for (const { name, origin } of model.attributes.values()) {
    const isDevice = model.devices.has(name) || model.attachments.has(name);
    if (!isDevice && !model.selected.has(name)) add("attribute", name, origin);
  }
  return [...names.values()];
}

/** IDENT of the makefile: options that no header carries; and what conf/Makefile.kern.inc gives to every file. */
function definesOf(model: Model): Macro[] {
  const undeclared = [...model.options.values()].filter(({ name }) => !model.declaredOptions.has(name));
  return [
    { name: "_KERNEL", value: "1" },
    { name: "_KERNEL_OPT", value: "1" },
    ...undeclared.map(({ name, value }) => ({ name, value: value ?? "1" })),
  ];
}
