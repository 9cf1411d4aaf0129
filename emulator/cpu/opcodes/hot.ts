// Operations whose body stands in the interpreter's switch: small and often executed. All others are called.

const two = (stems: string, suffixes: string): string[] =>
  stems.split(" ").flatMap((s) => suffixes.split(" ").map((x) => `${s}_${x}`));
const CONDITIONS = "o no b nb z nz be nbe s ns p np l nl le nle".split(" ");

export const HOT: string[] = [
  ...two("mov", "rr32 rr64 rm32 rm64 mr32 mr64 ri32 ri64 mi32 mi64 rm8 mr8 mi8 rr8 ri8 mr16 mi16"),
  ...two("movzxb", "rr32 rm32"),
  ...two("movzxw", "rr32 rm32"),
  ...two("movsxb", "rr32 rm32"),
  ...two("movsxd", "rr64 rm64"),
  ...two("lea", "rm32 rm64"),
  ...two("add", "rr32 rr64 ri32 ri64 rm32 rm64 mr64 mi32 mi64"),
  ...two("sub", "rr32 rr64 ri32 ri64 rm32 rm64 mr64"),
  ...two("and", "rr32 rr64 ri32 ri64 rm32 rm64 ri8"),
  ...two("or", "rr32 rr64 ri32 ri64 rm32 rm64 rr8 mr32 mr64"),
  ...two("xor", "rr32 rr64 ri32 rr8"),
  ...two("cmp", "rr32 rr64 ri32 ri64 rm32 rm64 mr32 mr64 mi32 mi64 mi8 ri8 rr8 rm8 mr8 mi16 ri16"),
  ...two("test", "rr32 rr64 rr8 ri32 ri8 mi8 mi32"),
  ...two("inc", "r32 r64"),
  ...two("dec", "r32 r64"),
  ...two("shl", "ri32 ri64"),
  ...two("shr", "ri32 ri64"),
  ...two("sar", "ri32 ri64"),
  ...two("imul", "rr64 rri64"),
  ...two("push", "r64 i64"),
  "pop_r64",
  "call64",
  "call_r64",
  "call_m64",
  "ret64",
  "jmp64",
  "jmp_r64",
  ...CONDITIONS.filter((c) => !["o", "no", "p", "np"].includes(c)).map((c) => `j${c}`),
  ...["z", "nz", "b", "nb"].flatMap((c) => [`cmov${c}_rr64`, `cmov${c}_rr32`]),
  ...["z", "nz"].map((c) => `set${c}_r8`),
  "nop",
];
