// Where everything lives in the core's linear memory: one file for TypeScript and AssemblyScript (plain constants only).
// Must not know: what any of it means to an instruction.

// ---- architectural state: [STATE, STATE_END), saved, hashed --------------------------------------------------------
export const STATE = 0x100;
/** 16 general registers of 8 bytes in encoding order (RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8...). */
export const REGS = 0x100;
export const RIP = 0x180;
/** Always 0: the base or index of an address that has none. */
export const ZERO = 0x188;
/** Linear address that an address prefix record computed for the instruction behind it. Scratch. */
export const EA = 0x190;
/** Lazy arithmetic flags (flags.ts in core): result and operands, sign-extended, and the kind of operation (u32). */
export const FLAG_RES = 0x198;
export const FLAG_A = 0x1a0;
export const FLAG_B = 0x1a8;
export const FLAG_OP = 0x1b0;
/** RFLAGS (u32); the six arithmetic bits are valid only while FLAG_OP is 0. */
export const EFLAGS = 0x1b4;
/** 1 while the instruction after STI, MOV SS or POP SS has not retired (SDM 3A 6.8.1, 6.8.3). */
export const SHADOW = 0x1b8;
/** NMI requested / in service until IRET (SDM 3A 6.7.1). */
export const NMI_PENDING = 0x1bc;
export const NMI_BLOCKED = 0x1c0;
/** Level of the INTR pin. */
export const INTR_LINE = 0x1c4;
/** Current privilege level. */
export const CPL = 0x1c8;
/** 1 after HLT until an interrupt is delivered. */
export const HALTED = 0x1cc;
/** Retired instructions, u64; while a block runs: at its start. */
export const COUNT = 0x1d0;
/** 8 segment registers of SEG_SIZE bytes: ES CS SS DS FS GS LDTR TR. */
export const SEGS = 0x200;
export const SEG_SIZE = 32;
export const SEG_BASE = 0;
export const SEG_LIMIT = 8;
/** Descriptor bits 8-15 and 20-23 of the second dword, shifted right by 8. */
export const SEG_ATTR = 12;
export const SEG_SELECTOR = 16;
export const GDTR_BASE = 0x300;
export const GDTR_LIMIT = 0x308;
export const IDTR_BASE = 0x310;
export const IDTR_LIMIT = 0x318;
export const CR0 = 0x320;
export const CR2 = 0x328;
export const CR3 = 0x330;
export const CR4 = 0x338;
export const EFER = 0x340;
export const STAR = 0x348;
export const LSTAR = 0x350;
export const CSTAR = 0x358;
export const SFMASK = 0x360;
export const KERNEL_GS_BASE = 0x368;
export const SYSENTER_CS = 0x370;
export const SYSENTER_ESP = 0x378;
export const SYSENTER_EIP = 0x380;
export const TSC_AUX = 0x388;
/** Extended control register 0: state components that XSAVE manages. */
export const XCR0 = 0x390;
/** DR6 bits of data breakpoints that the current instruction, or one before a MOV SS shadow, hit (u32). */
export const DEBUG_PENDING = 0x398;
/** 1 while the shadow of MOV SS or POP SS holds: it holds debug traps back too, STI's does not (SDM 3A 6.8.3). */
export const SHADOW_SS = 0x39c;
/** DR0-DR7. */
export const DR = 0x3a0;
/** State of the random number generator (u64). */
export const RANDOM = 0x3e0;
/** XMM0-XMM15, 16 bytes each. */
export const XMM = 0x400;
export const MXCSR = 0x500;
/** x87: control, status (TOP inside), abridged tags (FXSAVE: bit n set when Rn is in use), last opcode, instruction and data pointers. */
export const FCW = 0x504;
export const FSW = 0x506;
export const FTW = 0x508;
export const FOP = 0x50a;
export const FIP = 0x510;
export const FDP = 0x518;
export const FCS = 0x50c;
export const FDS = 0x50e;
/** Physical x87 registers R0-R7, 16 bytes each: u64 significand, u16 sign and exponent. MMi is the significand of Ri. */
export const FPR = 0x520;
export const STATE_END = 0x600;

// ---- control: not architectural ------------------------------------------------------------------------------------
/** Record being executed, end of the records to execute, block, first record of the block. */
export const CUR = 0x600;
export const END = 0x604;
export const BLOCK = 0x608;
/** run() returns when COUNT reaches this (u64). */
export const LIMIT = 0x610;
/** Why the block loop must look up: bits of ATTN_*. */
export const ATTN = 0x618;
/** Code mode of the current CS and privilege: bits MODE_*. */
export const MODE = 0x61c;
/** TLB of the current privilege. */
export const TLB = 0x620;
/** Generation << 3 | MODE: block links and jump cache entries made under another value are stale. */
export const LINK_TAG = 0x624;
/** Fault being raised: vector, error code, has-error-code; vector being delivered or -1. */
export const FAULT_VECTOR = 0x628;
export const FAULT_ERROR = 0x62c;
export const FAULT_HAS_ERROR = 0x630;
export const DELIVERING = 0x634;
/** What recover() has to do: 0 nothing, 1 deliver the fault, 2 leave the machine at this instruction (EXIT tells why). */
export const RECOVER = 0x638;
/** EXIT_*. */
export const EXIT = 0x63c;
/** Instruction count + 1 at which a breakpoint was last reported (u64). */
export const REPORTED = 0x640;
/** RAM size in bytes (f64 would lose nothing; u32, at most 4 GiB - 1). */
export const RAM_SIZE = 0x648;
/** Arena allocation pointer. */
export const ARENA_NEXT = 0x64c;
/** RIP at which delivery of the current fault started (for messages). */
export const FAULT_RIP = 0x650;
/** Vectors that led to a triple fault: first, second, third in bytes 0-2. */
export const FAULT_CHAIN = 0x658;
/** 4 KiB regions of large pages in the TLB, as a filter (u32). */
export const TLB_LARGE = 0x65c;
export const BREAKPOINTS = 0x660;
/** Work that run() may still do (f64), in units of a few ns; see core/work.ts. */
export const WORK_LEFT = 0x668;
/** COUNT when an event was last delivered (u64), and how many were delivered since it last moved (u32). */
export const FUTILE_COUNT = 0x670;
export const FUTILE = 0x678;
/** Arguments and results of host calls: 8 slots of 8 bytes. */
export const HOST = 0x680;
/** Read-modify-write of what is not plain RAM: address, size, 16 bytes of data. */
export const RMW_ADDRESS = 0x6c0;
export const RMW_SIZE = 0x6c8;
export const RMW_DATA = 0x6d0;
/** What the processor offers: FEATURE_* of features.ts. */
export const FEATURES = 0x67c;
/** 1 while the instruction at hand runs with RF set: instruction breakpoints do not fire (SDM 3B 17.3.1.1). */
export const RESUME = 0x6e0;
/** TLB of the selected processor: the supervisor's half, the user's half behind it. */
export const TLB_OWN = 0x6e4;
/** The generation given out last, of LINK_TAG's kind: one count for all processors, so that no two ever share a tag. */
export const GENERATION = 0x6e8;
/** How many processors there are, and which one is selected. */
export const PROCESSORS = 0x6ec;
export const SELECTED = 0x6ed;
/** Bytes of the instruction for an "unsupported" exit. */
export const OPCODE_BYTES = 0x6f0;
/** Free for handlers (vector temporaries and the like), 256 bytes. */
export const SCRATCH = 0x700;
/** Breakpoint table: up to BREAKPOINT_MAX addresses of 8 bytes, sorted. */
export const BREAKPOINT_TABLE = 0x800;
export const BREAKPOINT_MAX = 2048;

// ---- bits ----------------------------------------------------------------------------------------------------------
export const ATTN_EXIT = 1;
export const ATTN_SHADOW = 2;
export const ATTN_TRAP = 4;
export const ATTN_INTR = 8;
export const ATTN_NMI = 16;
export const ATTN_HALT = 32;
export const ATTN_DEBUG = 64;
/** MODE: bits 0-1 code size (0 16-bit, 1 32-bit, 2 64-bit), bit 2 user (CPL 3). */
export const MODE_16 = 0;
export const MODE_32 = 1;
export const MODE_64 = 2;
export const MODE_USER = 4;
export const EXIT_LIMIT = 1;
export const EXIT_HALT = 2;
export const EXIT_BREAKPOINT = 3;
export const EXIT_SHUTDOWN = 4;
export const EXIT_UNSUPPORTED = 5;
/** So many exceptions and interrupts in a row that no instruction retired between them. */
export const EXIT_FUTILE = 6;
/** PAUSE retired, and there are several processors. */
export const EXIT_PAUSE = 7;
export const FUTILE_MAX = 100_000;

// ---- decoded records, RECORD_SIZE bytes ----------------------------------------------------------------------------
export const RECORD_SIZE = 32;
/** u16 operation number; u8 length of the instruction; u8 shift of the index register. */
export const R_OP = 0;
export const R_LEN = 2;
export const R_SCALE = 3;
/** u16 addresses in the state: destination, source, base, index. */
export const R_DST = 4;
export const R_SRC = 6;
export const R_BASE = 8;
export const R_INDEX = 10;
/** u32: operation number behind an address prefix or a breakpoint (low half), segment and address size (high half). */
export const R_EXT = 12;
/** i64 displacement or branch target; i64 immediate or address of the next instruction. */
export const R_DISP = 16;
export const R_IMM = 24;

// ---- blocks: header, then records ----------------------------------------------------------------------------------
export const B_LINEAR = 0;
export const B_NEXT = 8;
export const B_PHYSICAL = 16;
export const B_MODE = 20;
export const B_COUNT = 24;
export const B_BYTES = 28;
export const B_HASH_NEXT = 32;
export const B_PAGE_NEXT = 36;
export const B_LINK0 = 40;
export const B_LINK0_TAG = 44;
export const B_LINK1 = 48;
export const B_LINK1_TAG = 52;
/** Operation that a breakpoint hook stands before. */
export const B_HOOKED = 56;
/** Above 0: function-table index of the block's translation. Below: so many executions until it is hot (i32; see core/run.ts). */
export const B_CODE = 60;
export const BLOCK_HEADER = 64;
export const BLOCK_MAX = 64;

// ---- regions -------------------------------------------------------------------------------------------------------
/** Static data of the module starts here (asconfig memoryBase) and must end below STATIC_END. */
export const STATIC_BASE = 0x10000;
export const STATIC_END = 0x90000;
/** TLBs, one a processor: half for each privilege. Entries of TLB_ENTRY bytes: read, write, execute tag (u64), addend (u32), flags (u32). */
export const TLBS = 0x1e00000;
/** A half that never has a tag: while it is selected every access takes the slow path (core/limits.ts). */
export const TLB_NONE = 0x1e80000;
/** Entries per privilege. */
export const TLB_SIZE = 1024;
export const TLB_ENTRY = 32;
export const TLB_HALF = 0x8000;
export const TLB_BYTES = 0x10000;
/** Per 4 KiB page of RAM one byte: PAGE_CODE, PAGE_DIRTY, PAGE_USED. */
export const PAGE_FLAGS = 0x100000;
export const PAGE_CODE = 1;
export const PAGE_DIRTY = 2;
export const PAGE_USED = 4;
/** Per page of RAM the list of its blocks (u32). */
export const PAGE_BLOCKS = 0x200000;
export const BLOCK_HASH = 0x600000;
export const BLOCK_HASH_SIZE = 0x10000;
/** Jump cache: JUMP_SIZE entries of 8 bytes: block, link tag. */
export const JUMP_CACHE = 0x680000;
export const JUMP_SIZE = 0x4000;
export const ARENA = 0x800000;
export const ARENA_END = 0x1e00000;
/** Per page of RAM its hash (u64). */
export const PAGE_HASH = 0x2000000;
/** Guest physical address 0. */
export const RAM_BASE = 0x3000000;
/** Function-table index of every operation (u32), by operation number. */
export const OP_TABLE = 0x90000;
export const OP_TABLE_END = 0x98000;
/** Up to 32 bytes of an instruction that lies in two pages. */
export const FETCH_BUFFER = 0x98000;
/** The block that is never kept: an instruction that lies in two pages. */
export const LOOSE_BLOCK = 0x98100;
/** Translation: B_CODE of a fresh block, minus the executions that make it hot (i32; 0: nothing is translated). */
export const HOT_AFTER = 0x98200;
/** Counts up when all blocks are forgotten: their addresses mean others then (u32). */
export const ARENA_EPOCH = 0x98204;
/** What the processors that are not selected keep, CPU_SLOT bytes each: [STATE, STATE_END), then the words named here (u32). */
export const CPU_SLOTS = 0x99000;
export const CPU_SLOT = 0x800;
export const MAX_PROCESSORS = 8;
export const S_LINK_TAG = 0x700;
export const S_TLB_LARGE = 0x704;
/** 1: the breakpoint, or the caught fault, at RIP has been reported. */
export const S_REPORTED = 0x708;
export const S_CAUGHT = 0x70c;
/** 1: code or watched ranges have changed since; links, or the TLB's tags, are stale. */
export const S_STALE_LINKS = 0x710;
export const S_STALE_TAGS = 0x714;

// ---- what debuggers watch and catch: not architectural, neither saved nor hashed (core/watch.ts) ---------------------
/** Entries in use (u32); 1 when an entry has been touched since the host looked (u32). */
export const WATCH_COUNT = 0xa0000;
export const WATCH_HIT = 0xa0004;
/** 1 when a vector is to be caught; 1 when the next fault is, whatever its vector. */
export const CATCHING = 0xa0008;
export const CATCH_ONCE = 0xa000c;
/** What was caught: vector + 1, bit 16 delivered, bit 17 with error code; 0: nothing. Instruction count + 1 and RIP then (u64). */
export const CAUGHT = 0xa0010;
export const CAUGHT_COUNT = 0xa0018;
export const CAUGHT_RIP = 0xa0020;
/** A bit for each of 256 vectors. */
export const CATCH = 0xa0040;
export const WATCH_TABLE = 0xa1000;
export const WATCH_ENTRY = 64;
export const WATCH_MAX = 64;
/** First and last byte (u64) of a range within one page, or the number of an MSR. */
export const W_LOW = 0;
export const W_HIGH = 8;
/** 0 linear, 1 physical, 2 MSR (u32); accesses that count, and that were made: 1 read, 2 write (u32). */
export const W_SPACE = 16;
export const W_ACCESS = 20;
export const W_TOUCHED = 24;
/** 1 when WATCH_OLD has the range's bytes from before the first write (u32). */
export const W_HELD = 28;
/** First and last byte accessed, RIP of the first access (u64). */
export const W_FIRST = 32;
export const W_LAST = 40;
export const W_RIP = 48;
export const WATCH_OLD = 0xb0000;
export const WATCH_OLD_SIZE = 4096;
