// The integer and system instructions: one row an encoding (SDM 2 appendix A). See table.ts for the syntax.

const CONDITIONS = "o no b nb z nz be nbe s ns p np l nl le nle".split(" ");
const hex = (n: number): string => n.toString(16).padStart(2, "0");

/** The eight operations that share six encodings each (opcodes 00-3D) and the immediate group 80-83. */
function arithmetic(): string {
  return "add or adc sbb and sub xor cmp"
    .split(" ")
    .map((name, i) => {
      const lock = name === "cmp" ? "" : "lock";
      const undefinedFlags = ["or", "and", "xor"].includes(name) ? "u=a" : "";
      const at = (k: number): string => hex(i * 8 + k);
      return `
${at(0)} | ${name} Eb,Gb | ${lock} ${undefinedFlags}
${at(1)} | ${name} Ev,Gv | ${lock} ${undefinedFlags}
${at(2)} | ${name} Gb,Eb | ${undefinedFlags}
${at(3)} | ${name} Gv,Ev | ${undefinedFlags}
${at(4)} | ${name} Ab,Ib | ${undefinedFlags}
${at(5)} | ${name} Av,Iz | ${undefinedFlags}
80 /${i} | ${name} Eb,Ib | ${lock} ${undefinedFlags}
81 /${i} | ${name} Ev,Iz | ${lock} ${undefinedFlags}
82 /${i} | ${name} Eb,Ib | ${lock} no64 ${undefinedFlags}
83 /${i} | ${name} Ev,Ib | ${lock} ${undefinedFlags}`;
    })
    .join("\n");
}

function shifts(): string {
  return "rol ror rcl rcr shl shr shl sar"
    .split(" ")
    .map((name, i) => {
      const u = i < 4 ? "u=o" : "u=oa";
      return `
c0 /${i} | ${name} Eb,Ub | ${u}
c1 /${i} | ${name} Ev,Ub | ${u}
d0 /${i} | ${name} Eb,1 | stem=${name}1 ${i < 4 ? "" : "u=a"}
d1 /${i} | ${name} Ev,1 | stem=${name}1 ${i < 4 ? "" : "u=a"}
d2 /${i} | ${name} Eb,CL | stem=${name}cl ${u}
d3 /${i} | ${name} Ev,CL | stem=${name}cl ${u}`;
    })
    .join("\n");
}

const conditional = (row: (cc: string, i: number) => string): string => CONDITIONS.map(row).join("\n");

const bitTests = "bt bts btr btc"
  .split(" ")
  .map(
    (name, i) => `
0f ${hex(0xa3 + i * 8)} | ${name} Ev,Gv | ${i ? "lock" : ""} u=osap
0f ba /${i + 4} | ${name} Ev,Ub | ${i ? "lock" : ""} u=osap`,
  )
  .join("\n");

export const INTEGER_ROWS = `
[alu]
${arithmetic()}
84 | test Eb,Gb | u=a
85 | test Ev,Gv | u=a
a8 | test Ab,Ib | u=a
a9 | test Av,Iz | u=a
f6 /0 | test Eb,Ib | u=a
f6 /1 | test Eb,Ib | u=a
f7 /0 | test Ev,Iz | u=a
f7 /1 | test Ev,Iz | u=a
f6 /2 | not Eb | lock
f7 /2 | not Ev | lock
f6 /3 | neg Eb | lock
f7 /3 | neg Ev | lock
fe /0 | inc Eb | lock
fe /1 | dec Eb | lock
ff /0 | inc Ev | lock
ff /1 | dec Ev | lock
40+ | inc Zv | no64
48+ | dec Zv | no64

[shift]
${shifts()}
0f a4 | shld Ev,Gv,Ub | u=oa
0f a5 | shld Ev,Gv,CL | stem=shldcl u=oa
0f ac | shrd Ev,Gv,Ub | u=oa
0f ad | shrd Ev,Gv,CL | stem=shrdcl u=oa

[muldiv]
f6 /4 | mul Eb | u=szap
f7 /4 | mul Ev | u=szap
f6 /5 | imul Eb | stem=imul1 u=szap
f7 /5 | imul Ev | stem=imul1 u=szap
f6 /6 | div Eb | u=oszapc
f7 /6 | div Ev | u=oszapc
f6 /7 | idiv Eb | u=oszapc
f7 /7 | idiv Ev | u=oszapc
0f af | imul Gv,Ev | u=szap
69 | imul Gv,Ev,Iz | u=szap
6b | imul Gv,Ev,Ib | u=szap
d4 | aam Ub | no64 u=oac
d5 | aad Ub | no64 u=oac

[bits]
${bitTests}
0f bc | bsf Gv,Ev | u=oscap
0f bd | bsr Gv,Ev | u=oscap
F3 0f bc | tzcnt Gv,Ev | cpu=bmi1 plain u=osap
F3 0f bd | lzcnt Gv,Ev | cpu=lzcnt plain u=osap
F3 0f b8 | popcnt Gv,Ev | cpu=popcnt
0f c8+ | bswap Zv |
0f 38 f0 | movbe Gv,Mv | cpu=movbe
0f 38 f1 | movbe Mv,Gv | cpu=movbe

[move]
88 | mov Eb,Gb |
89 | mov Ev,Gv |
8a | mov Gb,Eb |
8b | mov Gv,Ev |
a0 | mov Ab,Ob |
a1 | mov Av,Ov |
a2 | mov Ob,Ab |
a3 | mov Ov,Av |
b0+ | mov Zb,Ib |
b8+ | mov Zv,Iv |
c6 /0 | mov Eb,Ib |
c7 /0 | mov Ev,Iz |
0f b6 | movzxb Gv,Eb |
0f b7 | movzxw Gv,Ew |
0f be | movsxb Gv,Eb |
0f bf | movsxw Gv,Ew |
63 | movsxd Gv,Ev | 64
8d | lea Gv,M | noseg
86 | xchg Eb,Gb | lock
87 | xchg Ev,Gv | lock
90 | xchg Zv,Av | stem=xchgnop name=nop
91 | xchg Zv,Av |
92 | xchg Zv,Av |
93 | xchg Zv,Av |
94 | xchg Zv,Av |
95 | xchg Zv,Av |
96 | xchg Zv,Av |
97 | xchg Zv,Av |
${conditional((cc, i) => `0f ${hex(0x40 + i)} | cmov${cc} Gv,Ev |`)}
${conditional((cc, i) => `0f ${hex(0x90 + i)} | set${cc} Eb |`)}
98 | cbw | size=v
99 | cwd | size=v
d7 | xlat | xlat
9e | sahf |
9f | lahf |

[system]
F3 90 | pause |
0f 1f | nop Ew | name=nop
0f 18 | nop Ew | name=prefetch
0f 19 | nop Ew |
0f 1a | nop Ew |
0f 1b | nop Ew |
0f 1c | nop Ew |
0f 1d | nop Ew |
0f 1e | nop Ew |
0f 0d | nop M | name=prefetchw
0f 0b | ud | name=ud2 end
0f b9 | ud Ew | name=ud1 end
0f ff | ud Ew | name=ud0 end
0f 01 mod=3 rm=0 /1 | ud | name=monitor end
0f 01 mod=3 rm=1 /1 | ud | name=mwait end
0f 01 mod=3 rm=1 /0 | hypercall | name=vmcall cpu=hypercall
0f 01 mod=3 rm=1 /3 | hypercall | name=vmmcall cpu=hypercall
0f 01 mod=3 rm=2 /0 | ud | name=vmlaunch end
0f 01 mod=3 rm=3 /0 | ud | name=vmresume end
0f 01 mod=3 rm=4 /0 | ud | name=vmxoff end
0f 01 mod=3 rm=0 /2 | xgetbv | cpu=xsave
0f 01 mod=3 rm=1 /2 | xsetbv | cpu=xsave end
0f 01 mod=3 /3 | ud | name=svm end
0f 01 mod=3 /0 | ud | name=vmx end
0f 01 mod=3 /1 | ud | name=encls end
0f 01 mod=3 /2 | ud | name=vmfunc end
0f 01 mod=3 /5 | ud | name=pkru end
0f 01 mod=m /5 | ud | name=rstorssp end
0f 01 mod=3 /7 | ud | name=rdpru end
0f 78 | ud | name=vmread end
0f 79 | ud | name=vmwrite end
0f c7 mod=m /6 | ud | name=vmptrld end
0f c7 mod=m /7 | ud | name=vmptrst end
0f 38 80 | ud | name=invept end
0f 38 81 | ud | name=invvpid end
06 | ud | 64 end
07 | ud | 64 end
0e | ud | 64 end
16 | ud | 64 end
17 | ud | 64 end
1e | ud | 64 end
1f | ud | 64 end
27 | ud | 64 end
2f | ud | 64 end
37 | ud | 64 end
3f | ud | 64 end
60 | ud | 64 end
61 | ud | 64 end
82 | ud | 64 end
9a | ud | 64 end
ce | ud | 64 end
d4 | ud | 64 end
d5 | ud | 64 end
d6 | ud | 64 end
ea | ud | 64 end
f4 | hlt | end
fa | cli |
fb | sti | end
f5 | cmc |
f8 | clc |
f9 | stc |
fc | cld |
fd | std |
0f 01 mod=3 rm=2 /1 | clac | cpu=smap
0f 01 mod=3 rm=3 /1 | stac | cpu=smap
0f 06 | clts |
0f 08 | wbinvd | name=invd
0f 09 | wbinvd |
NP 0f ae mod=m /7 | clflush M |
66 0f ae mod=m /7 | clflush M | name=clflushopt cpu=clflushopt
66 0f ae mod=m /6 | clflush M | name=clwb cpu=clwb
NP 0f ae mod=3 /5 | nop | name=lfence
NP 0f ae mod=3 /6 | nop | name=mfence
NP 0f ae mod=3 /7 | nop | name=sfence
F3 0f ae mod=3 /0 | rdfsbase Ey | cpu=fsgsbase
F3 0f ae mod=3 /1 | rdgsbase Ey | cpu=fsgsbase
F3 0f ae mod=3 /2 | wrfsbase Ey | cpu=fsgsbase
F3 0f ae mod=3 /3 | wrgsbase Ey | cpu=fsgsbase
0f 20 | mov Rd,Cd | stem=movcr_read end
0f 22 | mov Cd,Rd | stem=movcr_write end
0f 21 | mov Rd,Dd | stem=movdr_read end
0f 23 | mov Dd,Rd | stem=movdr_write end
0f 30 | wrmsr | end
0f 32 | rdmsr |
0f 31 | rdtsc |
0f 33 | rdpmc | end
0f 01 mod=3 rm=1 /7 | rdtscp | cpu=rdtscp
0f a2 | cpuid |
0f 01 mod=m /7 | invlpg M | end
66 0f 38 82 | invpcid Gq,M | cpu=invpcid end
0f 01 mod=3 rm=0 /7 | swapgs |
0f 01 mod=3 /4 | smsw Ev |
0f 01 mod=m /4 | smsw Mv |
0f 01 mod=3 /6 | lmsw Ew | end
0f 01 mod=m /6 | lmsw M | end

[bcd]
27 | daa | no64 u=o
2f | das | no64 u=o
37 | aaa | no64 u=oszp
3f | aas | no64 u=oszp
d6 | salc | no64
62 mod=m | bound Gv,M | no64

[random]
0f c7 mod=3 /6 | rdrand Ev | cpu=rdrand
0f c7 mod=3 /7 | rdseed Ev | cpu=rdseed
F3 0f c7 mod=3 /7 | rdpid Ed | cpu=rdpid

[xsave]
NP 0f ae mod=m /4 w=0 | xsave M | cpu=xsave
NP 0f ae mod=m /4 w=1 | xsave64 M | cpu=xsave
NP 0f ae mod=m /6 w=0 | xsaveopt M | cpu=xsaveopt
NP 0f ae mod=m /6 w=1 | xsaveopt64 M | cpu=xsaveopt
NP 0f ae mod=m /5 w=0 | xrstor M | cpu=xsave
NP 0f ae mod=m /5 w=1 | xrstor64 M | cpu=xsave

[stack]
50+ | push Zv | d64
58+ | pop Zv | d64
68 | push Iz | d64
6a | push Ib | d64
ff /6 | push Ev | d64
8f /0 | pop Ev | d64
c8 | enter Iw2 | d64
c9 | leave | size=v d64
60 | pusha | size=v no64
61 | popa | size=v no64
9c | pushf | size=v d64
9d | popf | size=v d64 end

[control]
e8 | call Jz | f64 end next size=v
e9 | jmp Jz | f64 end size=v
eb | jmp Jb | f64 end size=v
ff /2 | call Ev | f64 end next
ff /4 | jmp Ev | f64 end
c3 | ret | size=v f64 end
c2 | ret Iw | size=v f64 end
${conditional((cc, i) => `${hex(0x70 + i)} | j${cc} Jb | f64 end`)}
${conditional((cc, i) => `0f ${hex(0x80 + i)} | j${cc} Jz | f64 end`)}
e0 | loopne Jb | f64 end
e1 | loope Jb | f64 end
e2 | loop Jb | f64 end
e3 | jcxz Jb | f64 end

[far]
9a | callf Ap | no64 end size=v
ea | jmpf Ap | no64 end size=v
ff mod=m /3 | callf Mv | end
ff mod=m /5 | jmpf Mv | end
cb | retf | size=v end
ca | retf Iw | size=v end
cf | iret | size=v end
0f 05 | syscall | end
0f 07 | sysret | size=y end
0f 34 | sysenter | end
0f 35 | sysexit | size=y end

[exception]
cc | int3 | end
cd | int Ub | end
ce | into | no64 end
f1 | int1 | end

[string]
a4 | movs | size=b string end
a5 | movs | size=v string end
a6 | cmps | size=b string end
a7 | cmps | size=v string end
aa | stos | size=b string end
ab | stos | size=v string end
ac | lods | size=b string end
ad | lods | size=v string end
ae | scas | size=b string end
af | scas | size=v string end
6c | ins | size=b string end
6d | ins | size=v string end
6e | outs | size=b string end
6f | outs | size=v string end

[io]
e4 | in Ub | stem=in8 end
e5 | in Ub | stem=inv size=v end
e6 | out Ub | stem=out8 end
e7 | out Ub | stem=outv size=v end
ec | in8dx | name=in end
ed | invdx | name=in size=v end
ee | out8dx | name=out end
ef | outvdx | name=out size=v end

[atomic]
0f c0 | xadd Eb,Gb | lock
0f c1 | xadd Ev,Gv | lock
0f b0 | cmpxchg Eb,Gb | lock
0f b1 | cmpxchg Ev,Gv | lock
0f c7 mod=m /1 w=0 | cmpxchg8b M | lock
0f c7 mod=m /1 w=1 | cmpxchg16b M | lock

[segment]
8e | mov Sw,Ew | stem=movsr end
8c | mov Ev,Sw | stem=movrs
06 | pushes | no64 size=v d64
0e | pushcs | no64 size=v d64
16 | pushss | no64 size=v d64
1e | pushds | no64 size=v d64
0f a0 | pushfs | size=v d64
0f a8 | pushgs | size=v d64
07 | popes | no64 size=v d64
17 | popss | no64 size=v d64 end
1f | popds | no64 size=v d64
0f a1 | popfs | size=v d64
0f a9 | popgs | size=v d64
c4 mod=m | les Gv,M | no64
c5 mod=m | lds Gv,M | no64
0f b2 mod=m | lss Gv,M | end
0f b4 mod=m | lfs Gv,M |
0f b5 mod=m | lgs Gv,M |
0f 00 /0 | sldt Ev |
0f 00 /1 | str Ev |
0f 00 /2 | lldt Ew |
0f 00 /3 | ltr Ew |
0f 00 /4 | verr Ew |
0f 00 /5 | verw Ew |
0f 01 mod=m /0 | sgdt M |
0f 01 mod=m /1 | sidt M |
0f 01 mod=m /2 | lgdt M | size=v
0f 01 mod=m /3 | lidt M | size=v
0f 02 | lar Gv,Ew |
0f 03 | lsl Gv,Ew |
63 | arpl Ew,Gw | no64
`;
