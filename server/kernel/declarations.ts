// Where the names of a configuration are declared, and which names there are to choose from: what an editor asks about a word of a
// configuration file. Works on a KernelConfiguration only.
import type { KernelConfiguration, Place } from "./api.ts";
import type { NameRole } from "./names.ts";
import { why } from "./why.ts";

/** The lines that declare a name; for a device that no line declares (FreeBSD's) the files that ask for it. */
export function declarationsOf(configuration: KernelConfiguration, name: string, role: NameRole): Place[] {
  const wanted = role === "condition" ? name.toLowerCase() : name;
  const is = (other: string) => (role === "condition" ? other.toLowerCase() : other) === wanted;
  const { options, devices, attributes, unselected } = configuration;
  const places = [
    ...options.filter(({ name }) => is(name)).map(({ declared }) => declared),
    ...devices.filter(({ name, driver }) => is(name) || is(driver)).map(({ declared }) => declared),
    ...attributes.filter(({ name }) => is(name)).map(({ declared }) => declared),
    ...unselected.filter((one) => is(one.name)).map(({ declared }) => declared),
  ].filter((place) => place !== undefined);
  return distinct(places.length > 0 ? places : conditionsWith(configuration, name));
}

/** Every line of files* whose condition asks for the name. */
function conditionsWith({ files, excluded }: KernelConfiguration, name: string): Place[] {
  const word = name.toLowerCase();
  return [...files, ...excluded]
    .filter(({ condition }) =>
      condition
        .toLowerCase()
        .split(/[^\w-]+/)
        .includes(word),
    )
    .map(({ reason }) => reason[0]?.place)
    .filter((place) => place !== undefined);
}

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [`${place.file}:${place.line}`, place])).values()];
}

/** A name that can be written, and what is to be said beside it. */
export interface Choice {
  name: string;
  detail: string;
  selected: boolean;
  declared?: Place;
}

/** All names that fit a role, in order; what is selected already among them. */
export function choicesOf(configuration: KernelConfiguration, role: NameRole): Choice[] {
  const { options, devices, attributes, unselected, files, excluded, system } = configuration;
  const found = new Map<string, Choice>();
  const add = (name: string, detail: string, selected: boolean, declared?: Place) => {
    if (!found.has(name)) found.set(name, { name, detail, selected, ...(declared ? { declared } : {}) });
  };
  if (role === "option" || role === "file-system" || role === "condition") {
    for (const { name, kind, header, declared } of options)
      if (kind === "option" || kind === "file-system") add(name, header ?? kind, true, declared);
    for (const { what, name, declared } of unselected)
      if (what === "option") add(name, "option", false, declared);
  }
  if (role === "device" || role === "condition" || role === "attribute") {
    for (const { driver, kind, declared } of devices) add(driver, kind, true, declared);
    for (const { what, name, declared } of unselected)
      if (what === "device") add(name, "device", false, declared);
  }
  if (role === "attribute" || role === "condition") {
    for (const { name, declared } of attributes) add(name, "attribute", true, declared);
    for (const { what, name, declared } of unselected)
      if (what === "attribute") add(name, "attribute", false, declared);
  }
  // FreeBSD declares no devices: they are the names that conditions ask for.
  if (system === "freebsd" && (role === "device" || role === "condition"))
    for (const { condition } of [...files, ...excluded])
      for (const name of condition.match(/[a-z_][\w-]*/g) ?? [])
        if (name !== "optional" && name !== "standard") add(name, "device", false);
  const choices = [...found.values()];
  // Conditions are written in lower case.
  return role === "condition" ? choices.map((one) => ({ ...one, name: one.name.toLowerCase() })) : choices;
}

/** Is anything of this name known at all? */
export const isKnown = (configuration: KernelConfiguration, name: string): boolean =>
  why(configuration, name).length > 0;
