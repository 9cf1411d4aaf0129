// amd64's registers as gdb numbers them: one table makes the target description, the `g` packet and the numbers of `p`.
// Order and names: gdb manual, G.5 "i386 Features"; the system registers as QEMU names them.

export interface StubRegister {
  name: string;
  /** Bytes in the `g` packet. */
  size: number;
  /** Type in the target description. */
  type: string;
  /** Register group, where gdb's guess from the type would be wrong. */
  group?: string;
}

export interface Feature {
  name: string;
  registers: StubRegister[];
}

const general = (name: string, type = "int64"): StubRegister => ({ name, size: 8, type });
const word = (name: string, type = "int32"): StubRegister => ({ name, size: 4, type });

const CORE: Feature = {
  name: "org.gnu.gdb.i386.core",
  registers: [
    ...["rax", "rbx", "rcx", "rdx", "rsi", "rdi"].map((name) => general(name)),
    general("rbp", "data_ptr"),
    general("rsp", "data_ptr"),
    ...["r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"].map((name) => general(name)),
    general("rip", "code_ptr"),
    word("eflags", "i386_eflags"),
    ...["cs", "ss", "ds", "es", "fs", "gs"].map((name) => word(name)),
    ...Array.from({ length: 8 }, (_, i) => ({ name: `st${i}`, size: 10, type: "i387_ext" })),
    ...["fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"].map((name) => ({
      ...word(name, "int"),
      group: "float",
    })),
  ],
};

const SSE: Feature = {
  name: "org.gnu.gdb.i386.sse",
  registers: [
    ...Array.from({ length: 16 }, (_, i) => ({ name: `xmm${i}`, size: 16, type: "vec128" })),
    { ...word("mxcsr", "i386_mxcsr"), group: "vector" },
  ],
};

const SEGMENTS: Feature = {
  name: "org.gnu.gdb.i386.segments",
  registers: [general("fs_base", "int"), general("gs_base", "int")],
};

const SYSTEM: Feature = {
  name: "org.clockpath.amd64.system",
  registers: [
    general("k_gs_base", "int"),
    general("cr0", "amd64_cr0"),
    general("cr2"),
    general("cr3"),
    general("cr4", "amd64_cr4"),
    general("cr8"),
    general("efer", "amd64_efer"),
  ].map((register) => ({ ...register, group: "system" })),
};

export const FEATURES: readonly Feature[] = [CORE, SSE, SEGMENTS, SYSTEM];

/** Every register in the order of the `g` packet; the index is gdb's number. */
export const REGISTERS: readonly StubRegister[] = FEATURES.flatMap(({ registers }) => registers);
