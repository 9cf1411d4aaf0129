// The headers that config(1) writes: opt_*.h, the counts and flags of needs-count and needs-flag (com.h), locators.h, ioconf.h
// (usr.bin/config/mkheaders.c). Byte for byte, except that locators.h is sorted by attribute here and by hash there.

import type { KernelHeader, Macro } from "../api.ts";
import { type Instance, type Model, type OptionDeclaration, WILD } from "./model.ts";

/** What stands for an option that is not set, and for a value that would look the same (mkheaders.c). */
const UNDEFINED = 0x6e074def;
const DEFINED = 0xdef16eed;
const OBSOLETE = 0xdeadbeef;

export function makeHeaders(model: Model): KernelHeader[] {
  const headers = new Map<string, KernelHeader>();
  const add = (header: KernelHeader) => headers.set(header.name, header);
  for (const file of model.files.values()) {
    if (file.counts !== undefined && file.hiddenBy === undefined) add(countHeader(file.counts));
  }
  for (const [name, options] of model.headers) add(optionHeader(model, name, options));
  add(locatorsHeader(model));
  add(ioconfHeader(model));
  return [...headers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function countHeader(counts: readonly { name: string; value: number }[]): KernelHeader {
  const macros = counts.map(({ name, value }) => ({ name: `N${name.toUpperCase()}`, value: String(value) }));
  const text = macros.map(
    ({ name, value }) => `#define\t${name}\t${value}\n${linkTimeCheck(name, Number(value))}`,
  );
  return { name: `${counts[0]!.name}.h`, macros, text: text.join("") };
}

/** A symbol with the option's value, so that objects of different configurations do not link (mkheaders.c, fprint_global). */
function linkTimeCheck(name: string, value: number): string {
  const symbol = `_KERNEL_OPT_${name}`;
  const equals = `.equiv ${symbol},0x${value.toString(16)}`;
  return (
    `#ifdef _LOCORE\n .ifndef ${symbol}\n .global ${symbol}\n ${equals}\n .endif\n` +
    `#else\n__asm(" .ifndef ${symbol}\\n .global ${symbol}\\n ${equals}\\n .endif");\n#endif\n`
  );
}

function optionHeader(model: Model, name: string, options: readonly OptionDeclaration[]): KernelHeader {
  const macros: Macro[] = [];
  let text = "";
  for (const option of options) {
    const set = model.options.get(option.name) ?? model.fileSystems.get(option.name);
    if (option.obsolete) {
      text += `/* option \`${option.name}' is obsolete */\n${linkTimeCheck(option.name, OBSOLETE)}`;
      macros.push({ name: option.name, value: undefined });
    } else if (set === undefined && option.defaultValue === undefined) {
      text += `/* option \`${option.name}' not defined */\n${linkTimeCheck(option.name, UNDEFINED)}`;
      macros.push({ name: option.name, value: undefined });
    } else {
      const value = set === undefined ? option.defaultValue : set.value;
      const shown = value === undefined ? "1" : unescaped(value);
      text += `#define\t${option.name}\t${shown}\n${linkTimeCheck(option.name, value === undefined ? 1 : hashOf(value))}`;
      macros.push({ name: option.name, value: shown });
    }
  }
  return { name, macros, text };
}

/** A value that starts with \" loses one level of backslashes (mkheaders.c, fprintstr). */
function unescaped(value: string): string {
  return value.startsWith('\\"') ? value.replace(/\\([\s\S])/g, "$1") : value;
}

/** 32 bits for a value: the number that it is, or a CRC of its text (mkheaders.c, global_hash). */
function hashOf(value: string): number {
  const number = cNumber(value);
  const hash = number ?? BigInt(posixCrc(value));
  const isUndefined = hash === BigInt(UNDEFINED);
  return isUndefined ? DEFINED : Number(BigInt.asUintN(32, hash));
}

/** strtoul(3) of base 0 on 64 bits; undefined when something is left over. */
function cNumber(text: string): bigint | undefined {
  if (text === "") return 0n;
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits] = match as unknown as [string, string, string];
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const largest = (1n << 64n) - 1n;
  if (size > largest) return largest;
  return sign === "-" ? BigInt.asUintN(64, -size) : size;
}

/** The CRC of cksum(1), polynomial 0x04c11db7, without the length and the final complement. */
function posixCrc(text: string): number {
  let crc = 0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/** Numbers for the locators of each interface attribute: ISACF_PORT 0, ISACF_PORT_DEFAULT -1, ISACF_NLOCS 7. */
function locatorsHeader(model: Model): KernelHeader {
  const macros: Macro[] = [];
  for (const { name, locators = [] } of [...model.attributes.values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (locators.length === 0 || /[ \t]/.test(name)) continue;
    const prefix = `${name.toUpperCase()}CF_`;
    for (const [index, locator] of locators.entries()) {
      if (/[ \t]/.test(locator.name)) continue;
      const macro = `${prefix}${locator.name.toUpperCase().replaceAll("#", "_")}`;
      macros.push({ name: macro, value: String(index) });
      if (locator.defaultValue !== undefined)
        macros.push({ name: `${macro}_DEFAULT`, value: locator.defaultValue });
    }
    macros.push({ name: `${prefix}NLOCS`, value: String(locators.length) });
  }
  return {
    name: "locators.h",
    macros,
    text: macros.map(({ name, value }) => `#define ${name} ${value}\n`).join(""),
  };
}

function ioconfHeader(model: Model): KernelHeader {
  const attaches = model.pseudoDevices.map(({ device }) => `void ${device.name}attach(int);\n`);
  const drivers = [...model.devices.values()].filter((device) =>
    device.pseudo > 0
      ? device.instances.size > 0 && device.pseudo > 1
      : device.attachments.some((attachment) => attachment.instances.some(isInKernel)),
  );
  const structs = drivers.map(({ name }) => `extern struct cfdriver ${name}_cd;\n`);
  const text = `\n/* pseudo-devices */\n${attaches.join("")}\n/* driver structs */\n${structs.join("")}`;
  return { name: "ioconf.h", macros: [], text };
}

const isInKernel = ({ state, isPseudoRoot, unit }: Instance) =>
  state === "active" && !isPseudoRoot && unit !== WILD;
