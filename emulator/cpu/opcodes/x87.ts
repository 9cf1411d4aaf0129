// x87 instructions (D8-DF): one row an encoding (SDM 2 table A-7 and on). See table.ts for the syntax. Memory operands are named by suffixes of
// the mnemonic: s, l, t reals of 32, 64, 80 bits, w, d, q integers of 16, 32, 64. Q stands for ST(i), i = ModRM.rm.

/** The eight operations of D8 and of its kin with other memory operands. */
const ARITHMETIC = ["add", "mul", "com", "comp", "sub", "subr", "div", "divr"];
const memory = (opcode: string, prefix: string, suffix: string): string =>
  ARITHMETIC.map((name, i) => `${opcode} mod=m /${i} | ${prefix}${name}${suffix} M |`).join("\n");

/** Each processor has approximations of its own (SDM 1 8.3.10). */
const TRANSCENDENTAL = /^(fsin|fcos|fsincos|fptan|fpatan|f2xm1|fyl2x|fyl2xp1)$/;

/** Operations without an operand, by opcode and ModRM byte. */
const FIXED: [opcode: string, modrm: number, name: string][] = [
  ["d9", 0xd0, "fnop"], ["d9", 0xe0, "fchs"], ["d9", 0xe1, "fabs"], ["d9", 0xe4, "ftst"], ["d9", 0xe5, "fxam"], ["d9", 0xe8, "fld1"],
  ["d9", 0xe9, "fldl2t"], ["d9", 0xea, "fldl2e"], ["d9", 0xeb, "fldpi"], ["d9", 0xec, "fldlg2"], ["d9", 0xed, "fldln2"], ["d9", 0xee, "fldz"],
  ["d9", 0xf0, "f2xm1"], ["d9", 0xf1, "fyl2x"], ["d9", 0xf2, "fptan"], ["d9", 0xf3, "fpatan"], ["d9", 0xf4, "fxtract"], ["d9", 0xf5, "fprem1"], ["d9", 0xf6, "fdecstp"], ["d9", 0xf7, "fincstp"], ["d9", 0xf8, "fprem"], ["d9", 0xf9, "fyl2xp1"],
  ["d9", 0xfa, "fsqrt"], ["d9", 0xfb, "fsincos"], ["d9", 0xfc, "frndint"], ["d9", 0xfd, "fscale"], ["d9", 0xfe, "fsin"], ["d9", 0xff, "fcos"], ["da", 0xe9, "fucompp"], ["de", 0xd9, "fcompp"],
]; // biome-ignore format: a table
const fixed = FIXED.map(
  ([opcode, modrm, name]) =>
    `${opcode} mod=3 rm=${modrm & 7} /${(modrm >> 3) & 7} | ${name} | ${TRANSCENDENTAL.test(name) ? "ulp" : ""}`,
).join("\n");

export const X87_ROWS = `
[x87]
9b | fwait |
${memory("d8", "f", "s")}
${memory("dc", "f", "l")}
${memory("da", "fi", "d")}
${memory("de", "fi", "w")}
${fixed}
d8 mod=3 /0 | fadd Qq |
d8 mod=3 /1 | fmul Qq |
d8 mod=3 /2 | fcom Qq |
d8 mod=3 /3 | fcomp Qq |
d8 mod=3 /4 | fsub Qq |
d8 mod=3 /5 | fsubr Qq |
d8 mod=3 /6 | fdiv Qq |
d8 mod=3 /7 | fdivr Qq |
dc mod=3 /0 | faddto Qq |
dc mod=3 /1 | fmulto Qq |
dc mod=3 /2 | fcom Qq |
dc mod=3 /3 | fcomp Qq |
dc mod=3 /4 | fsubrto Qq |
dc mod=3 /5 | fsubto Qq |
dc mod=3 /6 | fdivrto Qq |
dc mod=3 /7 | fdivto Qq |
de mod=3 /0 | faddp Qq |
de mod=3 /1 | fmulp Qq |
de mod=3 /2 | fcomp Qq |
de mod=3 /4 | fsubrp Qq |
de mod=3 /5 | fsubp Qq |
de mod=3 /6 | fdivrp Qq |
de mod=3 /7 | fdivp Qq |
da mod=3 /0 | fcmovb Qq |
da mod=3 /1 | fcmove Qq |
da mod=3 /2 | fcmovbe Qq |
da mod=3 /3 | fcmovu Qq |
db mod=3 /0 | fcmovnb Qq |
db mod=3 /1 | fcmovne Qq |
db mod=3 /2 | fcmovnbe Qq |
db mod=3 /3 | fcmovnu Qq |
d9 mod=3 /0 | fld Qq |
d9 mod=3 /1 | fxch Qq |
d9 mod=3 /3 | fstpnce Qq |
db mod=3 /5 | fucomi Qq |
db mod=3 /6 | fcomi Qq |
df mod=3 /5 | fucomip Qq |
df mod=3 /6 | fcomip Qq |
dd mod=3 /0 | ffree Qq |
dd mod=3 /1 | fxch Qq |
dd mod=3 /2 | fst Qq |
dd mod=3 /3 | fstp Qq |
dd mod=3 /4 | fucom Qq |
dd mod=3 /5 | fucomp Qq |
df mod=3 /0 | ffreep Qq |
df mod=3 /1 | fxch Qq |
df mod=3 /2 | fstp Qq |
df mod=3 /3 | fstp Qq |
d9 mod=m /0 | flds M |
d9 mod=m /2 | fsts M |
d9 mod=m /3 | fstps M |
dd mod=m /0 | fldl M |
dd mod=m /2 | fstl M |
dd mod=m /3 | fstpl M |
db mod=m /5 | fldt M |
db mod=m /7 | fstpt M |
df mod=m /0 | fildw M |
db mod=m /0 | fildd M |
df mod=m /5 | fildq M |
df mod=m /2 | fistw M |
db mod=m /2 | fistd M |
df mod=m /3 | fistpw M |
db mod=m /3 | fistpd M |
df mod=m /7 | fistpq M |
df mod=m /1 | fisttpw M |
db mod=m /1 | fisttpd M |
dd mod=m /1 | fisttpq M |
df mod=m /4 | fbld M |
df mod=m /6 | fbstp M |
d9 mod=m /5 | fldcw M |
d9 mod=m /7 | fnstcw M |
dd mod=m /7 | fnstsw M |
df mod=3 rm=0 /4 | fnstsw |
db mod=3 rm=2 /4 | fnclex |
db mod=3 rm=3 /4 | fninit |
db mod=3 rm=0 /4 | fneni |
db mod=3 rm=1 /4 | fneni | name=fndisi
db mod=3 rm=4 /4 | fneni | name=fnsetpm

[fxsave]
d9 mod=m /6 | fnstenv M |
66 d9 mod=m /6 | fnstenvw M |
d9 mod=m /4 | fldenv M |
66 d9 mod=m /4 | fldenvw M |
dd mod=m /6 | fnsave M |
66 dd mod=m /6 | fnsavew M |
dd mod=m /4 | frstor M |
66 dd mod=m /4 | frstorw M |
`;
