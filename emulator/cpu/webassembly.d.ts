// The part of the WebAssembly JavaScript API that emulator/cpu uses and that neither lib.es2022 nor @types/node declares.

declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Table {
    readonly length: number;
    grow(by: number): number;
    set(index: number, entry: unknown): void;
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
