// Bytes of a WebAssembly module: instructions into a growing body, bodies into a module (WebAssembly Core Specification, chapter 5).
// Must not know: what is translated.

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

/** Opcodes without immediates, and those whose immediates a method of Code writes. */
export const OP = {
  else: 0x05,
  end: 0x0b,
  return: 0x0f,
  select: 0x1b,
  i32Eqz: 0x45,
  i32Ne: 0x47,
  i32And: 0x71,
  i32Add: 0x6a,
  i32ShrU: 0x76,
  i32Popcnt: 0x69,
  i32Xor: 0x73,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GtS: 0x55,
  i64LeS: 0x57,
  i64LeU: 0x58,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i64Rotl: 0x89,
  i64Rotr: 0x8a,
  wrap: 0xa7,
  extendU: 0xad,
  i64Extend8S: 0xc2,
  i64Extend16S: 0xc3,
  i64Extend32S: 0xc4,
} as const;

/** Memory instructions: opcode, then alignment and offset. */
export const MEM = {
  i32Load: 0x28,
  i32Load8U: 0x2d,
  i64Load: 0x29,
  i64Load8S: 0x30,
  i64Load8U: 0x31,
  i64Load16S: 0x32,
  i64Load16U: 0x33,
  i64Load32S: 0x34,
  i64Load32U: 0x35,
  i32Store: 0x36,
  i64Store: 0x37,
  i64Store8: 0x3c,
  i64Store16: 0x3d,
  i64Store32: 0x3e,
} as const;

const VOID = 0x40;

/** The body of one function. Methods append one instruction each. */
export class Code {
  #bytes = new Uint8Array(1024);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  byte(value: number): this {
    if (this.#length === this.#bytes.length) {
      const longer = new Uint8Array(this.#length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[this.#length++] = value;
    return this;
  }
  op(...opcodes: number[]): this {
    for (const opcode of opcodes) this.byte(opcode);
    return this;
  }
  append(bytes: Uint8Array): this {
    for (const byte of bytes) this.byte(byte);
    return this;
  }
  /** Unsigned LEB128. */
  u32(value: number): this {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
    return this;
  }
  i32Const(value: number): this {
    this.byte(0x41);
    let rest = value | 0;
    for (;;) {
      const byte = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && !(byte & 0x40)) || (rest === -1 && byte & 0x40)) {
        this.byte(byte);
        return this;
      }
      this.byte(byte | 0x80);
    }
  }
  i64Const(value: bigint): this {
    this.byte(0x42);
    let rest = BigInt.asIntN(64, value);
    for (;;) {
      const byte = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && !(byte & 0x40)) || (rest === -1n && byte & 0x40)) {
        this.byte(byte);
        return this;
      }
      this.byte(byte | 0x80);
    }
  }
  get(local: number): this {
    return this.op(0x20).u32(local);
  }
  set(local: number): this {
    return this.op(0x21).u32(local);
  }
  tee(local: number): this {
    return this.op(0x22).u32(local);
  }
  call(func: number): this {
    return this.op(0x10).u32(func);
  }
  /** A load or store; the address is on the stack. */
  memory(opcode: number, offset: number): this {
    return this.op(opcode, 0).u32(offset);
  }
  /** Loads from a fixed address. */
  load(opcode: number, address: number): this {
    return this.i32Const(0).memory(opcode, address);
  }
  /** A vector instruction; `immediates` follow as they are. */
  vector(opcode: number, ...immediates: number[]): this {
    return this.op(0xfd)
      .u32(opcode)
      .op(...immediates);
  }
  /** `v128.load` and `v128.store`. */
  vectorMemory(opcode: number, offset: number): this {
    return this.vector(opcode, 0).u32(offset);
  }
  if(): this {
    return this.op(0x04, VOID);
  }
  ifTyped(type: number): this {
    return this.op(0x04, type);
  }
  loop(): this {
    return this.op(0x03, VOID);
  }
  branch(depth: number): this {
    return this.op(0x0c).u32(depth);
  }
}

export interface FunctionType {
  parameters: readonly number[];
  results: readonly number[];
}

/** One function of a module: its type's index, locals beyond the parameters as runs of one type, and its body without the final `end`. */
export interface FunctionBody {
  type: number;
  locals: readonly (readonly [count: number, type: number])[];
  code: Code;
}

export interface ModuleParts {
  types: readonly FunctionType[];
  /** Imported functions: names in the import module "core". */
  imports: readonly { name: string; type: number }[];
  functions: readonly FunctionBody[];
  /** Least size of env.memory, in pages of 64 KiB. */
  memoryPages: number;
  /** The functions go into env.table from this index on. */
  tableIndex: number;
}

const FUNCREF = 0x70;
const text = (code: Code, name: string) => code.u32(name.length).append(new TextEncoder().encode(name));

function section(module: Code, id: number, fill: (content: Code) => void): void {
  const content = new Code();
  fill(content);
  module.byte(id).u32(content.bytes.length).append(content.bytes);
}

function importSection(code: Code, { imports, memoryPages, tableIndex, functions }: ModuleParts): void {
  code.u32(imports.length + 2);
  text(text(code, "env"), "memory").op(0x02, 0x01).u32(memoryPages).u32(65536);
  text(text(code, "env"), "table")
    .op(0x01, FUNCREF, 0x00)
    .u32(tableIndex + functions.length);
  for (const { name, type } of imports) text(text(code, "core"), name).byte(0x00).u32(type);
}

function functionBytes(module: Code, { locals, code }: FunctionBody): void {
  const head = new Code().u32(locals.length);
  for (const [count, type] of locals) head.u32(count).byte(type);
  module
    .u32(head.bytes.length + code.bytes.length + 1)
    .append(head.bytes)
    .append(code.bytes)
    .byte(OP.end);
}

/** A module that imports env.memory, env.table and core.*, and puts its functions into the table. */
export function moduleBytes(parts: ModuleParts): Uint8Array {
  const { types, functions } = parts;
  const module = new Code().op(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  section(module, 1, (code) => {
    code.u32(types.length);
    for (const { parameters, results } of types) {
      code
        .byte(0x60)
        .u32(parameters.length)
        .op(...parameters)
        .u32(results.length)
        .op(...results);
    }
  });
  section(module, 2, (code) => importSection(code, parts));
  section(module, 3, (code) => {
    code.u32(functions.length);
    for (const { type } of functions) code.u32(type);
  });
  section(module, 9, (code) => {
    code.op(1, 0).i32Const(parts.tableIndex).byte(OP.end).u32(functions.length);
    for (let i = 0; i < functions.length; i++) code.u32(parts.imports.length + i);
  });
  section(module, 10, (code) => {
    code.u32(functions.length);
    for (const body of functions) functionBytes(code, body);
  });
  return module.bytes;
}
