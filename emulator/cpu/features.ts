// What of the processor is offered: one bit for each feature that CPUID can hide and that changes what an instruction does.
// One file for TypeScript and AssemblyScript (plain constants only). Bits of the core's FEATURES word.

export const FEATURE_RDTSCP = 1 << 0;
export const FEATURE_POPCNT = 1 << 1;
export const FEATURE_LZCNT = 1 << 2;
export const FEATURE_MOVBE = 1 << 3;
export const FEATURE_FSGSBASE = 1 << 4;
export const FEATURE_SMEP = 1 << 5;
export const FEATURE_SMAP = 1 << 6;
export const FEATURE_UMIP = 1 << 7;
export const FEATURE_PCID = 1 << 8;
export const FEATURE_INVPCID = 1 << 9;
export const FEATURE_XSAVE = 1 << 10;
export const FEATURE_PAGE1GB = 1 << 11;
export const FEATURE_BMI1 = 1 << 12;
/** SYSENTER and SYSEXIT in IA-32e mode: on Intel's processors, not on AMD's. */
export const FEATURE_SEP64 = 1 << 13;
export const FEATURE_SSE3 = 1 << 14;
export const FEATURE_SSSE3 = 1 << 15;
export const FEATURE_SSE41 = 1 << 16;
export const FEATURE_SSE42 = 1 << 17;
export const FEATURE_RDRAND = 1 << 18;
export const FEATURE_RDSEED = 1 << 19;
export const FEATURE_RDPID = 1 << 20;
export const FEATURE_BMI2 = 1 << 21;
export const FEATURE_ADX = 1 << 22;
export const FEATURE_AES = 1 << 23;
export const FEATURE_PCLMUL = 1 << 24;
export const FEATURE_XSAVEOPT = 1 << 25;
export const FEATURE_CLFLUSHOPT = 1 << 26;
export const FEATURE_CLWB = 1 << 27;
/** VMCALL and VMMCALL reach a hypervisor with KVM's interface. */
export const FEATURE_HYPERCALL = 1 << 28;
