// Turns a list of device accesses into a 32-bit PVH kernel that makes them, and sends what it read over COM1. The same file
// runs on our machine and on QEMU.

import { pvhElf } from "../boot/pvh-elf.ts";

const RESULTS = 0x200000;

/**
 * One access a line: `out PORT BYTE`, `in PORT`, `write ADDRESS DWORD`, `read ADDRESS` (all hexadecimal), `delay INSTRUCTIONS`
 * (decimal, even), `follow OFFSET OFFSET ...` (a dword behind pointers: the first offset is from hvm_start_info). "#" begins a comment.
 */
export class DeviceProgram {
  readonly #code: number[] = [0xbf, ...dword(RESULTS), 0xfc]; // mov edi, RESULTS; cld
  /** What the n-th result is of, and its size. */
  readonly #reads: { what: string; size: number }[] = [];

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const words = line.replace(/#.*/, "").trim().split(/\s+/);
      if (words[0]) this.#emit(words[0], words.slice(1));
    }
  }

  /** The kernel: runs the accesses, prints the results, then resets by a triple fault. */
  elf(): Uint8Array {
    return pvhElf({ code: [...this.#code, ...this.#print()] });
  }

  /** Reads the printed results: "in 40 = 9c". */
  results(printed: Uint8Array): string[] {
    let at = 0;
    return this.#reads.map(({ what, size }) => {
      let value = 0;
      for (let i = size - 1; i >= 0; i--) value = value * 256 + (printed[at + i] ?? 0);
      at += size;
      return `${what} = ${value.toString(16)}`;
    });
  }

  get resultBytes(): number {
    return this.#reads.reduce((sum, read) => sum + read.size, 0);
  }

  #emit(operation: string, operands: string[]): void {
    const [first = "", second = ""] = operands;
    const a = Number.parseInt(first, 16);
    const b = Number.parseInt(second, 16);
    switch (operation) {
      case "out":
        this.#code.push(0x66, 0xba, a & 255, a >> 8, 0xb0, b, 0xee); // mov dx, a; mov al, b; out dx, al
        break;
      case "in":
        this.#code.push(0x66, 0xba, a & 255, a >> 8, 0xec, 0xaa); // mov dx, a; in al, dx; stosb
        this.#reads.push({ what: `in ${first}`, size: 1 });
        break;
      case "write":
        this.#code.push(0xc7, 0x05, ...dword(a), ...dword(b)); // mov dword [a], b
        break;
      case "read":
        this.#code.push(0xa1, ...dword(a), 0xab); // mov eax, [a]; stosd
        this.#reads.push({ what: `read ${first}`, size: 4 });
        break;
      case "delay":
        this.#code.push(0xb9, ...dword(Number(first) / 2), 0x49, 0x75, 0xfd); // mov ecx, n/2; 1: dec ecx; jnz 1b
        break;
      case "follow": {
        const offsets = operands.map((text) => Number.parseInt(text, 16));
        this.#code.push(0x89, 0xde); // mov esi, ebx
        for (const offset of offsets.slice(0, -1)) this.#code.push(0x8b, 0xb6, ...dword(offset)); // mov esi, [esi + offset]
        this.#code.push(0x8b, 0x86, ...dword(offsets.at(-1)!), 0xab); // mov eax, [esi + offset]; stosd
        this.#reads.push({ what: `follow ${operands.join(" ")}`, size: 4 });
        break;
      }
      default:
        throw new Error(`device program: unknown operation ${operation}`);
    }
  }

  #print(): number[] {
    return [
      ...[0xbe, ...dword(RESULTS), 0xb9, ...dword(this.resultBytes)], // mov esi, RESULTS; mov ecx, size
      ...[0x66, 0xba, 0xfd, 0x03, 0xec, 0xa8, 0x20, 0x74, 0xfb], // 1: mov dx, 0x3fd; 2: in al, dx; test al, 0x20; jz 2b
      ...[0x66, 0xba, 0xf8, 0x03, 0xac, 0xee, 0x49, 0x75, 0xee], // mov dx, 0x3f8; lodsb; out dx, al; dec ecx; jnz 1b
      ...[0x31, 0xc0, 0xa3, ...dword(RESULTS), 0xa3, ...dword(RESULTS + 4)], // zero an IDT descriptor
      ...[0x0f, 0x01, 0x1d, ...dword(RESULTS), 0xcc], // lidt; int3
    ];
  }
}

function dword(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
}
