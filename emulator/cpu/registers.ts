// The names of amd64's registers as gdb spells them: the vocabulary of cpu/, symbols/ and debugger/.

/** The names of amd64's integer state, as gdb spells them. */
export const REGISTER_NAMES = [
  "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
  "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
  "rip", "eflags", "cs", "ss", "ds", "es", "fs", "gs",
  "fs_base", "gs_base", "k_gs_base", "cr0", "cr2", "cr3", "cr4", "cr8", "efer",
] as const; // biome-ignore format: a table

export type RegisterName = (typeof REGISTER_NAMES)[number];
