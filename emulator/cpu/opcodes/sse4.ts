// SSE3, SSSE3, SSE4.1 and SSE4.2 instructions: one row an encoding (SDM 2 appendix A). See table.ts for the syntax.

/** SSSE3 operations with an XMM form (66) and an MMX form at the same opcode of map 0F 38. */
const BOTH: [opcode: string, name: string][] = [
  ["00", "pshufb"], ["01", "phaddw"], ["02", "phaddd"], ["03", "phaddsw"], ["04", "pmaddubsw"], ["05", "phsubw"], ["06", "phsubd"],
  ["07", "phsubsw"], ["08", "psignb"], ["09", "psignw"], ["0a", "psignd"], ["0b", "pmulhrsw"], ["1c", "pabsb"], ["1d", "pabsw"], ["1e", "pabsd"],
]; // biome-ignore format: a table

/** SSE4 operations of map 0F 38 with prefix 66. */
const WIDE: [opcode: string, name: string][] = [
  ["10", "pblendvb"], ["14", "blendvps"], ["15", "blendvpd"], ["17", "ptest"], ["20", "pmovsxbw"], ["21", "pmovsxbd"], ["22", "pmovsxbq"],
  ["23", "pmovsxwd"], ["24", "pmovsxwq"], ["25", "pmovsxdq"], ["28", "pmuldq"], ["29", "pcmpeqq"], ["2b", "packusdw"], ["30", "pmovzxbw"],
  ["31", "pmovzxbd"], ["32", "pmovzxbq"], ["33", "pmovzxwd"], ["34", "pmovzxwq"], ["35", "pmovzxdq"], ["37", "pcmpgtq"], ["38", "pminsb"],
  ["39", "pminsd"], ["3a", "pminuw"], ["3b", "pminud"], ["3c", "pmaxsb"], ["3d", "pmaxsd"], ["3e", "pmaxuw"], ["3f", "pmaxud"], ["40", "pmulld"],
  ["41", "phminposuw"],
]; // biome-ignore format: a table

const lines = <T>(rows: readonly T[], row: (each: T) => string): string => rows.map(row).join("\n");

export const SSE4_ROWS = `
[sse4]
${lines(BOTH, ([opcode, name]) => `66 0f 38 ${opcode} | ${name} Vx,Wx | cpu=ssse3\nNP 0f 38 ${opcode} | ${name} Pq,Qq | cpu=ssse3`)}
${lines(WIDE, ([opcode, name]) => `66 0f 38 ${opcode} | ${name} Vx,Wx | cpu=${name === "pcmpgtq" ? "sse42" : "sse41"}`)}
F2 0f 12 | movddup Vx,Wx | cpu=sse3
F3 0f 12 | movsldup Vx,Wx | cpu=sse3
F3 0f 16 | movshdup Vx,Wx | cpu=sse3
66 0f 3a 0f | palignr Vx,Wx,Ub | cpu=ssse3
NP 0f 3a 0f | palignr Pq,Qq,Ub | cpu=ssse3
66 0f 3a 0c | blendps Vx,Wx,Ub | cpu=sse41
66 0f 3a 0d | blendpd Vx,Wx,Ub | cpu=sse41
66 0f 3a 0e | pblendw Vx,Wx,Ub | cpu=sse41
66 0f 3a 14 | pextrb Ew,Vx,Ub | cpu=sse41
66 0f 3a 15 | pextrword Ew,Vx,Ub | cpu=sse41 name=pextrw
66 0f 3a 16 | pextrd Ey,Vx,Ub | cpu=sse41
66 0f 3a 17 | extractps Ew,Vx,Ub | cpu=sse41
66 0f 3a 20 | pinsrb Vx,Ew,Ub | cpu=sse41
66 0f 3a 21 | insertps Vx,Wx,Ub | cpu=sse41
66 0f 3a 22 | pinsrd Vx,Ey,Ub | cpu=sse41
66 0f 3a 42 | mpsadbw Vx,Wx,Ub | cpu=sse41
66 0f 3a 60 | pcmpestrm Vx,Wx,Ub | cpu=sse42 size=y
66 0f 3a 61 | pcmpestri Vx,Wx,Ub | cpu=sse42 size=y
66 0f 3a 62 | pcmpistrm Vx,Wx,Ub | cpu=sse42
66 0f 3a 63 | pcmpistri Vx,Wx,Ub | cpu=sse42
F2 0f 38 f0 | crc32 Gd,Eb | cpu=sse42
F2 0f 38 f1 | crc32 Gd,Ev | cpu=sse42

[sse4-float]
F2 0f d0 | addsubps Vx,Wx | cpu=sse3
66 0f d0 | addsubpd Vx,Wx | cpu=sse3
F2 0f 7c | haddps Vx,Wx | cpu=sse3
66 0f 7c | haddpd Vx,Wx | cpu=sse3
F2 0f 7d | hsubps Vx,Wx | cpu=sse3
66 0f 7d | hsubpd Vx,Wx | cpu=sse3
66 0f 3a 08 | roundps Vx,Wx,Ub | cpu=sse41
66 0f 3a 09 | roundpd Vx,Wx,Ub | cpu=sse41
66 0f 3a 0a | roundss Vx,Wx,Ub | cpu=sse41
66 0f 3a 0b | roundsd Vx,Wx,Ub | cpu=sse41
66 0f 3a 40 | dpps Vx,Wx,Ub | cpu=sse41
66 0f 3a 41 | dppd Vx,Wx,Ub | cpu=sse41

[sse-move]
F2 0f f0 mod=m | movups Vx,M | cpu=sse3 name=lddqu
66 0f 38 2a mod=m | movaps Vx,M | cpu=sse41 name=movntdqa
`;
