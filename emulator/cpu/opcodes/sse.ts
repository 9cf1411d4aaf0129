// SSE, SSE2 and MMX instructions, FXSAVE and FXRSTOR: one row an encoding (SDM 2 appendix A). See table.ts for the syntax. V and W are XMM
// operands, P and Q MMX ones (ModRM.reg and ModRM.rm).

/** Packed-integer operations with an XMM form (66) and an MMX form at the same opcode. */
const BOTH: [opcode: string, name: string][] = [
  ["60", "punpcklbw"], ["61", "punpcklwd"], ["62", "punpckldq"], ["63", "packsswb"], ["64", "pcmpgtb"], ["65", "pcmpgtw"], ["66", "pcmpgtd"],
  ["67", "packuswb"], ["68", "punpckhbw"], ["69", "punpckhwd"], ["6a", "punpckhdq"], ["6b", "packssdw"], ["74", "pcmpeqb"], ["75", "pcmpeqw"],
  ["76", "pcmpeqd"], ["d1", "psrlw"], ["d2", "psrld"], ["d3", "psrlq"], ["d4", "paddq"], ["d5", "pmullw"], ["d8", "psubusb"],
  ["d9", "psubusw"], ["da", "pminub"], ["db", "pand"], ["dc", "paddusb"], ["dd", "paddusw"], ["de", "pmaxub"], ["df", "pandn"],
  ["e0", "pavgb"], ["e1", "psraw"], ["e2", "psrad"], ["e3", "pavgw"], ["e4", "pmulhuw"], ["e5", "pmulhw"], ["e8", "psubsb"],
  ["e9", "psubsw"], ["ea", "pminsw"], ["eb", "por"], ["ec", "paddsb"], ["ed", "paddsw"], ["ee", "pmaxsw"], ["ef", "pxor"], ["f1", "psllw"],
  ["f2", "pslld"], ["f3", "psllq"], ["f4", "pmuludq"], ["f5", "pmaddwd"], ["f6", "psadbw"], ["f8", "psubb"], ["f9", "psubw"],
  ["fa", "psubd"], ["fb", "psubq"], ["fc", "paddb"], ["fd", "paddw"], ["fe", "paddd"],
]; // biome-ignore format: a table

/** Shifts by an immediate: opcode, digit, name. */
const SHIFTS: [opcode: string, digit: number, name: string][] = [
  ["71", 2, "psrlw"], ["71", 4, "psraw"], ["71", 6, "psllw"], ["72", 2, "psrld"], ["72", 4, "psrad"], ["72", 6, "pslld"], ["73", 2, "psrlq"],
  ["73", 6, "psllq"],
]; // biome-ignore format: a table

/** Arithmetic in four forms: ps, pd (66), ss (F3), sd (F2). */
const ARITHMETIC: [opcode: string, name: string][] = [
  ["51", "sqrt"], ["58", "add"], ["59", "mul"], ["5c", "sub"], ["5d", "min"], ["5e", "div"], ["5f", "max"],
]; // biome-ignore format: a table

const lines = <T>(rows: readonly T[], row: (each: T) => string): string => rows.map(row).join("\n");

export const SSE_ROWS = `
[sse-integer]
${lines(BOTH, ([opcode, name]) => `66 0f ${opcode} | ${name} Vx,Wx |`)}
${lines(SHIFTS, ([opcode, digit, name]) => `66 0f ${opcode} mod=3 /${digit} | ${name} Wx,Ub |`)}
66 0f 73 mod=3 /3 | psrldq Wx,Ub |
66 0f 73 mod=3 /7 | pslldq Wx,Ub |
66 0f 6c | punpcklqdq Vx,Wx |
66 0f 6d | punpckhqdq Vx,Wx |
66 0f 70 | pshufd Vx,Wx,Ub |
F2 0f 70 | pshuflw Vx,Wx,Ub |
F3 0f 70 | pshufhw Vx,Wx,Ub |
NP 0f c6 | shufps Vx,Wx,Ub |
66 0f c6 | shufpd Vx,Wx,Ub |
NP 0f 14 | punpckldq Vx,Wx | name=unpcklps
NP 0f 15 | punpckhdq Vx,Wx | name=unpckhps
66 0f 14 | punpcklqdq Vx,Wx | name=unpcklpd
66 0f 15 | punpckhqdq Vx,Wx | name=unpckhpd
NP 0f 54 | pand Vx,Wx | name=andps
66 0f 54 | pand Vx,Wx | name=andpd
NP 0f 55 | pandn Vx,Wx | name=andnps
66 0f 55 | pandn Vx,Wx | name=andnpd
NP 0f 56 | por Vx,Wx | name=orps
66 0f 56 | por Vx,Wx | name=orpd
NP 0f 57 | pxor Vx,Wx | name=xorps
66 0f 57 | pxor Vx,Wx | name=xorpd

[sse-mmx]
${lines(BOTH, ([opcode, name]) => `NP 0f ${opcode} | ${name} Pq,Qq |`)}
${lines(SHIFTS, ([opcode, digit, name]) => `NP 0f ${opcode} mod=3 /${digit} | ${name} Qq,Ub |`)}
NP 0f 70 | pshufw Pq,Qq,Ub |
NP 0f 6e | movd Pq,Ey |
NP 0f 7e | movd Ey,Pq |
NP 0f 6f | movq Pq,Qq |
NP 0f 7f | movq Qq,Pq |
NP 0f e7 mod=m | movq M,Pq | name=movntq
NP 0f d7 mod=3 | pmovmskb Gd,Qq |
NP 0f c4 | pinsrw Pq,Ew,Ub |
NP 0f c5 mod=3 | pextrw Gd,Qq,Ub |
NP 0f f7 mod=3 | maskmovq Pq,Qq | rdi
NP 0f 77 | emms |
F3 0f d6 mod=3 | movq2dq Vx,Qq |
F2 0f d6 mod=3 | movdq2q Pq,Wx |

[sse-move]
NP 0f 28 | movaps Vx,Wx |
NP 0f 29 | movaps Wx,Vx |
66 0f 28 | movaps Vx,Wx | name=movapd
66 0f 29 | movaps Wx,Vx | name=movapd
66 0f 6f | movaps Vx,Wx | name=movdqa
66 0f 7f | movaps Wx,Vx | name=movdqa
NP 0f 2b mod=m | movaps M,Vx | name=movntps
66 0f 2b mod=m | movaps M,Vx | name=movntpd
66 0f e7 mod=m | movaps M,Vx | name=movntdq
NP 0f 10 | movups Vx,Wx |
NP 0f 11 | movups Wx,Vx |
66 0f 10 | movups Vx,Wx | name=movupd
66 0f 11 | movups Wx,Vx | name=movupd
F3 0f 6f | movups Vx,Wx | name=movdqu
F3 0f 7f | movups Wx,Vx | name=movdqu
F3 0f 10 | movss Vx,Wx |
F3 0f 11 | movss Wx,Vx |
F2 0f 10 | movsd Vx,Wx |
F2 0f 11 | movsd Wx,Vx |
F3 0f 7e | movq Vx,Wx |
66 0f d6 | movq Wx,Vx |
NP 0f 12 mod=m | movlps Vx,M |
NP 0f 12 mod=3 | movhlps Vx,Wx |
NP 0f 13 mod=m | movlps M,Vx |
66 0f 12 mod=m | movlps Vx,M | name=movlpd
66 0f 13 mod=m | movlps M,Vx | name=movlpd
NP 0f 16 mod=m | movhps Vx,M |
NP 0f 16 mod=3 | movlhps Vx,Wx |
NP 0f 17 mod=m | movhps M,Vx |
66 0f 16 mod=m | movhps Vx,M | name=movhpd
66 0f 17 mod=m | movhps M,Vx | name=movhpd
66 0f 6e | movd Vx,Ey |
66 0f 7e | movd Ey,Vx |
NP 0f c3 mod=m | movnti My,Gy |
NP 0f 50 mod=3 | movmskps Gd,Wx |
66 0f 50 mod=3 | movmskpd Gd,Wx |
66 0f d7 mod=3 | pmovmskb Gd,Wx |
66 0f c4 | pinsrw Vx,Ew,Ub |
66 0f c5 mod=3 | pextrw Gd,Wx,Ub |
66 0f f7 mod=3 | maskmovdqu Vx,Wx | rdi

[sse-float]
${lines(ARITHMETIC, ([opcode, name]) =>
  [
    ["NP", "ps"],
    ["66", "pd"],
    ["F3", "ss"],
    ["F2", "sd"],
  ]
    .map(([prefix, suffix]) => `${prefix} 0f ${opcode} | ${name}${suffix} Vx,Wx |`)
    .join("\n"),
)}
NP 0f 52 | rsqrtps Vx,Wx |
F3 0f 52 | rsqrtss Vx,Wx |
NP 0f 53 | rcpps Vx,Wx |
F3 0f 53 | rcpss Vx,Wx |
NP 0f c2 | cmpps Vx,Wx,Ub |
66 0f c2 | cmppd Vx,Wx,Ub |
F3 0f c2 | cmpss Vx,Wx,Ub |
F2 0f c2 | cmpsd Vx,Wx,Ub |
NP 0f 2e | ucomiss Vx,Wx |
66 0f 2e | ucomisd Vx,Wx |
NP 0f 2f | comiss Vx,Wx |
66 0f 2f | comisd Vx,Wx |
NP 0f 2a | cvtpi2ps Vx,Qq |
66 0f 2a | cvtpi2pd Vx,Qq |
F3 0f 2a | cvtsi2ss Vx,Ey |
F2 0f 2a | cvtsi2sd Vx,Ey |
NP 0f 2c | cvttps2pi Pq,Wx |
66 0f 2c | cvttpd2pi Pq,Wx |
F3 0f 2c | cvttss2si Gy,Wx |
F2 0f 2c | cvttsd2si Gy,Wx |
NP 0f 2d | cvtps2pi Pq,Wx |
66 0f 2d | cvtpd2pi Pq,Wx |
F3 0f 2d | cvtss2si Gy,Wx |
F2 0f 2d | cvtsd2si Gy,Wx |
NP 0f 5a | cvtps2pd Vx,Wx |
66 0f 5a | cvtpd2ps Vx,Wx |
F3 0f 5a | cvtss2sd Vx,Wx |
F2 0f 5a | cvtsd2ss Vx,Wx |
NP 0f 5b | cvtdq2ps Vx,Wx |
66 0f 5b | cvtps2dq Vx,Wx |
F3 0f 5b | cvttps2dq Vx,Wx |
F2 0f e6 | cvtpd2dq Vx,Wx |
66 0f e6 | cvttpd2dq Vx,Wx |
F3 0f e6 | cvtdq2pd Vx,Wx |

[fxsave]
NP 0f ae mod=m /0 w=0 | fxsave M |
NP 0f ae mod=m /0 w=1 | fxsave64 M |
NP 0f ae mod=m /1 w=0 | fxrstor M |
NP 0f ae mod=m /1 w=1 | fxrstor64 M |
NP 0f ae mod=m /2 | ldmxcsr M |
NP 0f ae mod=m /3 | stmxcsr M |
`;
