// "Is it in, and why?": looks a name up among files, options, devices and attributes of a configuration.

import type { KernelConfiguration, KernelFile, WhyAnswer } from "./api.ts";
import { baseOf } from "./paths.ts";

/**
 * All that a name can mean, what is in first: a file by path, base name or base name without suffix ("pvclock"); an option, device,
 * driver or attribute in any case of letters. Empty when nothing of this name is declared or selected.
 */
export function why(configuration: KernelConfiguration, name: string): WhyAnswer[] {
  const wanted = name.toLowerCase();
  const is = (other: string) => other.toLowerCase() === wanted;
  const { files, excluded, options, devices, attributes, unselected } = configuration;
  const answers: WhyAnswer[] = [
    ...files.filter((file) => isFile(file, name)).map((file) => fileAnswer(file, true)),
    ...options
      .filter((option) => is(option.name))
      .map(({ name, reason }) => answer("option", name, true, reason)),
    ...devices
      .filter((device) => is(device.name) || is(device.driver))
      .map(({ name, active, reason }) => answer("device", name, active, reason)),
    ...attributes
      .filter((attribute) => is(attribute.name))
      .map(({ name, reason }) => answer("attribute", name, true, reason)),
    ...excluded.filter((file) => isFile(file, name)).map((file) => fileAnswer(file, false)),
    ...unselected
      .filter((one) => is(one.name))
      .map(({ what, name, reason }) => answer(what, name, false, reason)),
  ];
  return answers.filter((one) => one.selected).concat(answers.filter((one) => !one.selected));
}

const answer = (
  what: WhyAnswer["what"],
  name: string,
  selected: boolean,
  reason: WhyAnswer["reason"],
): WhyAnswer => ({
  what,
  name,
  selected,
  reason,
});

const fileAnswer = ({ file, reason }: KernelFile, selected: boolean) =>
  answer("file", file, selected, reason);

function isFile({ file }: KernelFile, name: string): boolean {
  const base = baseOf(file);
  return file === name || base === name || base.replace(/\.[^.]*$/, "") === name || file.endsWith(`/${name}`);
}

/** An answer as text: "pvclock.c is in: ..." and a line for each reason. */
export function whyText({ what, name, selected, reason }: WhyAnswer): string {
  const lines = reason.map(({ place, text, note }) =>
    place === undefined ? `  ${text}: ${note}` : `  ${place.file}:${place.line}: ${text}  (${note})`,
  );
  return [`${what} ${name} is ${selected ? "in" : "out"}:`, ...lines].join("\n");
}
