// The target description that gdb reads when it connects (gdb manual, appendix G), written from the register table.

import { FEATURES, type Feature, type StubRegister } from "../registers.ts";

type Bits = readonly (readonly [name: string, bit: number])[];

// SDM 1, 3.4.3 and 10.2.3; SDM 3A, 2.5; SDM 4, IA32_EFER.
const EFLAGS: Bits = [
  ["CF", 0], ["", 1], ["PF", 2], ["AF", 4], ["ZF", 6], ["SF", 7], ["TF", 8], ["IF", 9], ["DF", 10], ["OF", 11],
  ["NT", 14], ["RF", 16], ["VM", 17], ["AC", 18], ["VIF", 19], ["VIP", 20], ["ID", 21],
]; // biome-ignore format: a table
const MXCSR: Bits = [
  ["IE", 0], ["DE", 1], ["ZE", 2], ["OE", 3], ["UE", 4], ["PE", 5], ["DAZ", 6],
  ["IM", 7], ["DM", 8], ["ZM", 9], ["OM", 10], ["UM", 11], ["PM", 12], ["FZ", 15],
]; // biome-ignore format: a table
const CR0: Bits = [
  ["PE", 0], ["MP", 1], ["EM", 2], ["TS", 3], ["ET", 4], ["NE", 5], ["WP", 16], ["AM", 18], ["NW", 29], ["CD", 30], ["PG", 31],
]; // biome-ignore format: a table
const CR4: Bits = [
  ["VME", 0], ["PVI", 1], ["TSD", 2], ["DE", 3], ["PSE", 4], ["PAE", 5], ["MCE", 6], ["PGE", 7], ["PCE", 8], ["OSFXSR", 9],
  ["OSXMMEXCPT", 10], ["UMIP", 11], ["LA57", 12], ["VMXE", 13], ["FSGSBASE", 16], ["PCIDE", 17], ["OSXSAVE", 18], ["SMEP", 20],
  ["SMAP", 21], ["PKE", 22],
]; // biome-ignore format: a table
const EFER: Bits = [
  ["SCE", 0], ["LME", 8], ["LMA", 10], ["NXE", 11], ["SVME", 12], ["LMSLE", 13], ["FFXSR", 14], ["TCE", 15],
]; // biome-ignore format: a table

const flags = (id: string, size: number, bits: Bits): string =>
  [
    `<flags id="${id}" size="${size}">`,
    ...bits.map(([name, bit]) => `<field name="${name}" start="${bit}" end="${bit}"/>`),
    "</flags>",
  ].join("");

const LANES = [
  ["v4_float", "v4f", "ieee_single", 4],
  ["v2_double", "v2d", "ieee_double", 2],
  ["v16_int8", "v16i8", "int8", 16],
  ["v8_int16", "v8i16", "int16", 8],
  ["v4_int32", "v4i32", "int32", 4],
  ["v2_int64", "v2i64", "int64", 2],
] as const;

const VECTORS = [
  ...LANES.map(([, id, type, count]) => `<vector id="${id}" type="${type}" count="${count}"/>`),
  '<union id="vec128">',
  ...LANES.map(([field, id]) => `<field name="${field}" type="${id}"/>`),
  '<field name="uint128" type="uint128"/></union>',
].join("");

/** Types are those of the feature that uses them: gdb looks them up there. */
const TYPES: Record<string, string> = {
  "org.gnu.gdb.i386.core": flags("i386_eflags", 4, EFLAGS),
  "org.gnu.gdb.i386.sse": VECTORS + flags("i386_mxcsr", 4, MXCSR),
  "org.clockpath.amd64.system": [
    flags("amd64_cr0", 8, CR0),
    flags("amd64_cr4", 8, CR4),
    flags("amd64_efer", 8, EFER),
  ].join(""),
};

const registerXml = ({ name, size, type, group }: StubRegister): string =>
  `<reg name="${name}" bitsize="${size * 8}" type="${type}"${group ? ` group="${group}"` : ""}/>`;

const featureXml = ({ name, registers }: Feature): string =>
  [`<feature name="${name}">`, TYPES[name] ?? "", ...registers.map(registerXml), "</feature>"].join("\n");

export const TARGET_XML = [
  '<?xml version="1.0"?>',
  '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
  '<target version="1.0">',
  "<architecture>i386:x86-64</architecture>",
  ...FEATURES.map(featureXml),
  "</target>",
  "",
].join("\n");
