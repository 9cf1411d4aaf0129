// Instructions of later processors, each behind its CPUID bit: BMI1 and BMI2 (VEX-encoded), ADX, AES-NI, PCLMULQDQ. See table.ts for the syntax.

export const EXTENSION_ROWS = `
[bmi]
VEX NP 0f 38 f2 | andn Gy,By,Ey | cpu=bmi1 u=ap
VEX NP 0f 38 f3 /1 | blsr By,Ey | cpu=bmi1 u=ap
VEX NP 0f 38 f3 /2 | blsmsk By,Ey | cpu=bmi1 u=ap
VEX NP 0f 38 f3 /3 | blsi By,Ey | cpu=bmi1 u=ap
VEX NP 0f 38 f7 | bextr Gy,Ey,By | cpu=bmi1 u=sap
VEX NP 0f 38 f5 | bzhi Gy,Ey,By | cpu=bmi2 u=ap
VEX F3 0f 38 f5 | pext Gy,By,Ey | cpu=bmi2
VEX F2 0f 38 f5 | pdep Gy,By,Ey | cpu=bmi2
VEX F2 0f 38 f6 | mulx Gy,By,Ey | cpu=bmi2
VEX 66 0f 38 f7 | shlx Gy,Ey,By | cpu=bmi2
VEX F3 0f 38 f7 | sarx Gy,Ey,By | cpu=bmi2
VEX F2 0f 38 f7 | shrx Gy,Ey,By | cpu=bmi2
VEX F2 0f 3a f0 | rorx Gy,Ey,Ub | cpu=bmi2
66 0f 38 f6 | adcx Gy,Ey | cpu=adx
F3 0f 38 f6 | adox Gy,Ey | cpu=adx

[aes]
66 0f 38 db | aesimc Vx,Wx | cpu=aes
66 0f 38 dc | aesenc Vx,Wx | cpu=aes
66 0f 38 dd | aesenclast Vx,Wx | cpu=aes
66 0f 38 de | aesdec Vx,Wx | cpu=aes
66 0f 38 df | aesdeclast Vx,Wx | cpu=aes
66 0f 3a df | aeskeygenassist Vx,Wx,Ub | cpu=aes
66 0f 3a 44 | pclmulqdq Vx,Wx,Ub | cpu=pclmul
`;
