// What the debugger asks of a kernel's symbols and debug info. The contract between symbols/ and debugger/.
// Addresses are linear, unsigned bigint. Paths are as the compiler recorded them, made absolute with DW_AT_comp_dir.

import type { RegisterName } from "../cpu/registers.ts";
import type { MemoryReader } from "./memory.ts";

export interface SymbolFile {
  /** ELF entry, and what a user should know: missing debug info, DWARF version, build-id. */
  readonly info: {
    entry: bigint;
    hasDebugInfo: boolean;
    dwarfVersions: number[];
    buildId?: string;
    /** The separate file that the debug information is of. */
    debugFile?: string;
    warnings: string[];
  };

  /** ELF symbol that covers the address (nearest below, within its size where it has one). */
  symbolAt(address: bigint): { symbol: ElfSymbol; offset: number } | undefined;
  symbolNamed(name: string): ElfSymbol | undefined;
  /** Names that start with the prefix, for completion; sorted, at most `limit`. */
  symbolsWithPrefix(prefix: string, limit: number): ElfSymbol[];

  /** Where a breakpoint by function goes: after the prologue of each out-of-line body, and at each inlined copy. */
  functionSites(name: string): BreakpointSite[];
  /** Where a breakpoint by line goes. `file` matches recorded paths by their longest common tail; the line moves down to the next with code. */
  lineSites(file: string, line: number): BreakpointSite[];
  /** Where a step into the function that begins at the address ends: behind its prologue. */
  stepEntry?(address: bigint): bigint;
  /** Every source file with line rows, absolute. */
  sourceFiles(): string[];

  /** Line-table row that covers the address. */
  lineAt(address: bigint): SourceLine | undefined;
  /** Address ranges [low, high) of the rows around `address` that belong to one source line: what a step over a line runs through. */
  lineRanges(address: bigint): AddressRange[];

  /** The functions at the address, innermost inlined first, the out-of-line function last; empty without debug info. */
  functionsAt(address: bigint): FunctionInstance[];

  /** One unwinding step by .eh_frame (fallback: frame pointer). Undefined at the outermost frame. */
  unwind(frame: FrameState, memory: MemoryReader): FrameState | undefined;
  /**
   * The frames that tail calls left out (gdb's TAILCALL_FRAME): between the call that returns to `returnAddress` and the function that begins at
   * `callee`, by DW_TAG_call_site entries with DW_AT_call_tail_call. The address behind each tail-calling jump, innermost first;
   * empty when the call went straight to the callee, its target is unknown, or the chain is ambiguous.
   */
  tailCalls?(returnAddress: bigint, callee: bigint): bigint[];
  /** The canonical frame address of a frame (what tells two activations of one function apart), where it can be told. */
  cfa?(frame: FrameState, memory: MemoryReader): bigint | undefined;

  /** What gdb's `info frame` takes for the caller of the outermost frame, which it does not go on to. */
  beyond?(frame: FrameState, memory: MemoryReader): FrameState | undefined;

  /** Where gdb says that a frame's arguments and locals are: its frame pointer, or where that would be. */
  frameBase?(frame: FrameState): bigint | undefined;

  /** Looks a type up by name: "struct timecounter", "uint64_t", "enum foo"; first in the unit of the code at `near`. */
  typeNamed(name: string, near?: bigint): Type | undefined;
  /** A function's type by its name: `void (struct timecounter *)`. */
  functionType?(name: string): Type | undefined;
  /** An enumerator by name, of whatever enum holds it (file-scope enums first). */
  enumeratorNamed?(name: string): { type: Type; value: bigint } | undefined;
  /** A global or static variable by name; first in the unit of the code at `near`, so that a unit's own statics win. */
  globalNamed(name: string, near?: bigint): Variable | undefined;
  /** Everything at file scope of a kind whose name is wanted; reads all units. */
  definitions?(kind: DefinitionKind, wanted: (name: string) => boolean): Definition[];
  /** The unit of the code at an address, as its compiler describes it. */
  unitAt?(address: bigint): UnitDescription | undefined;
  /** Value location of a variable in a frame. Pieces and computed values come as bytes. */
  locate(variable: Variable, frame: FrameState, memory: MemoryReader): Location;
  /** The value that a parameter was given at its function's entry, by the caller's call site; undefined where that is not known. */
  locateAtEntry?(variable: Variable, frame: FrameState, memory: MemoryReader): Location | undefined;
}

export interface ElfSymbol { name: string; address: bigint; size: number; kind: "function" | "object" | "other"; binding: "local" | "global" | "weak" } // biome-ignore format: short
export interface SourceLine {
  file: string;
  line: number;
  column: number;
  /** Where the row begins: equal to the address that was asked for when that address begins a line. */
  low: bigint;
  /** The row begins a statement (is_stmt, DWARF 5 section 6.2.2): where steps end. */
  isStatement: boolean;
}
export interface AddressRange { low: bigint; high: bigint } // biome-ignore format: short

export interface BreakpointSite {
  address: bigint;
  function: string;
  /** Where execution stops, from the line table. */
  file: string;
  line: number;
  inlined: boolean;
}

export type DefinitionKind = "function" | "variable" | "type";

export interface Definition {
  name: string;
  file: string;
  /** Absent for what the language itself defines. */
  line?: number;
  /** Not seen by other units (DW_AT_external). */
  static: boolean;
  type(): Type;
}

export interface UnitDescription {
  /** As the compiler was told it. */
  name: string;
  folder: string;
  producer: string;
  dwarfVersion: number;
}

export interface FunctionInstance {
  name: string;
  inlined: boolean;
  /** For an inlined function: where in its caller the call stands. */
  callFile?: string;
  callLine?: number;
  ranges: AddressRange[];
  /** Where the function is declared. */
  declFile?: string;
  declLine?: number;
  /** The function's own type. */
  type?(): Type;
  /** Formal parameters in order. */
  parameters(): Variable[];
  /** What gdb's `info locals` lists: the variables of the blocks that cover the address, innermost block first; enumerators and labels too. */
  locals(address: bigint): Variable[];
}

export interface Variable {
  name: string;
  type: Type;
  declFile?: string;
  declLine?: number;
  /** Optimized away in this copy of its function. */
  valueless?: true;
  /** A goto label, which `info locals` lists and expressions do not see. */
  label?: true;
  /** Opaque to everyone but locate(). */
  readonly die: unknown;
}

/** A machine state to unwind from. `get` gives undefined for a register that is not known in this frame. */
export interface FrameState {
  pc: bigint;
  /** Canonical frame address, where known. */
  cfa?: bigint;
  get(register: RegisterName): bigint | undefined;
  /** Where a register is kept; undefined for one that is only computed (rsp) or lost. Absent for the machine's own state: each in itself. */
  place?(register: RegisterName): RegisterPlace | undefined;
  /** An x87 or SSE register's bytes by gdb's name (st0, xmm0), where the target tells them; calls keep none, so callers have the callee's. */
  vector?(name: string): Uint8Array | undefined;
  /** True for a frame whose pc is a return address: look up pc - 1. */
  isCaller: boolean;
  /** True where the frame that this one was unwound from is marked "S" in its CIE: an interrupt's entry, gdb's `<signal handler called>`. */
  belowSignal?: boolean;
  /** True where call frame information led here, not a guess from the callee's first instructions. */
  byFrameInfo?: boolean;
  /** For a function that left by a jump: the frame below it on the stack, which unwinding could not tell from its own. */
  tailCaller?: FrameState;
}

/** Where a frame's register is kept: saved in memory, or still in a register of the machine. */
export type RegisterPlace =
  | { kind: "memory"; address: bigint }
  | { kind: "register"; register: RegisterName };

export type Location =
  | { kind: "memory"; address: bigint }
  | { kind: "register"; register: RegisterName }
  /**
   * A computed or implicit value: little-endian bytes of the variable, not addressable. `missing` lists the bytes of a value in pieces that are
   * optimized out (zero in `bytes`): gdb prints those members as <optimized out>.
   */
  | { kind: "value"; bytes: Uint8Array; missing?: { offset: number; size: number }[] }
  | { kind: "optimized-out" }
  | { kind: "unavailable"; why: string };

export type Type =
  | {
      kind: "base";
      name: string;
      size: number;
      encoding: "signed" | "unsigned" | "float" | "boolean" | "signed-char" | "unsigned-char" | "complex";
    }
  | { kind: "pointer"; size: number; target(): Type }
  | { kind: "struct" | "union"; name: string; size: number; declaration: boolean; members(): Member[] }
  /** `vector`: a value of an SSE register (GNU C's vector_size), which is no address of its first element. */
  | { kind: "array"; element: Type; counts: (number | undefined)[]; size: number; vector?: true }
  | {
      kind: "enum";
      name: string;
      size: number;
      underlying: Type;
      values(): { name: string; value: bigint }[];
    }
  | { kind: "typedef"; name: string; target(): Type }
  | { kind: "qualified"; qualifier: "const" | "volatile" | "restrict" | "atomic"; target(): Type }
  | { kind: "function"; returns(): Type; parameters(): Type[]; prototyped: boolean; variadic: boolean }
  | { kind: "void" };

export interface Member {
  name: string; // "" for an anonymous struct or union
  type: Type;
  /** Bytes from the start of the struct. */
  offset: number;
  /** Bit-field: bit offset from the start of the struct (little-endian numbering) and width in bits. */
  bits?: { offset: number; size: number };
}
