// Watched ranges and caught vectors: exact to the instruction, and without a trace in the guest.

import { describe, expect, it } from "vitest";
import type { Cpu, CpuWatch } from "../../emulator/cpu/cpu.ts";
import { CODE, DATA, HANDLERS, longMode, type Setup, STACK, write64 } from "./fixture.ts";

const linear = (first: number, length: number, access = 3): CpuWatch => ({
  space: "linear",
  first: BigInt(first),
  last: BigInt(first + length - 1),
  access,
});
const physical = (first: number, length: number, access = 3): CpuWatch => ({
  ...linear(first, length, access),
  space: "physical",
});

const little = (bytes: Uint8Array | undefined): string =>
  bytes ? `0x${Buffer.from(bytes).reverse().toString("hex")}` : "-";

/** Runs to HLT; a line for each stop: instructions, what was accessed by which instruction, old bytes. */
function stops({ cpu }: Setup): string[] {
  const lines: string[] = [];
  for (let n = 0; n < 1000; n++) {
    const exit = cpu.run(100_000);
    for (const hit of cpu.takeWatchHits()) {
      const kind = ["", "read", "write", "read+write"][hit.access];
      const size = hit.last - hit.first + 1n;
      lines.push(
        `${cpu.instructions}: ${kind} ${hit.first.toString(16)}/${size} at +${hit.instruction - BigInt(CODE)} old ${little(hit.old)}`,
      );
    }
    if (exit.kind === "halt") return lines;
  }
  throw new Error("no end");
}

/** The same program with the watch and without: same states in the end. */
function watched(code: string, watches: CpuWatch[], prepare: (cpu: Cpu) => void = () => {}): string[] {
  const plain = longMode(code);
  const other = longMode(code);
  for (const { cpu } of [plain, other]) {
    cpu.setRegister("rdi", BigInt(DATA));
    cpu.setRegister("rsi", BigInt(DATA));
    cpu.setRegister("rax", 0x1122334455667788n);
    prepare(cpu);
  }
  other.cpu.setWatches(watches);
  const lines = stops(other);
  plain.cpu.run(100_000);
  expect(other.cpu.instructions).toBe(plain.cpu.instructions);
  expect(other.cpu.stateHash()).toBe(plain.cpu.stateHash());
  return lines;
}

describe("a watched range", () => {
  it("is seen at the instruction, and its neighbours are not", () => {
    // nop; mov [rdi],eax; mov [rdi+4],eax; mov ebx,[rdi+3]; mov bl,[rdi+8]; hlt
    const code = "90 89 07 89 47 04 8b 5f 03 8a 5f 08 f4";
    expect(watched(code, [linear(DATA + 4, 4)])).toEqual([
      "3: write 200004/4 at +3 old 0x00000000",
      "4: read 200003/4 at +6 old -",
    ]);
    expect(watched(code, [linear(DATA + 4, 4, 1)])).toEqual(["4: read 200003/4 at +6 old -"]);
    expect(watched(code, [linear(DATA + 4, 1, 2)])).toEqual(["3: write 200004/4 at +3 old 0x00"]);
    expect(watched(code, [physical(DATA + 8, 1)])).toEqual(["5: read 200008/1 at +9 old -"]);
  });

  it("is seen by read-modify-write, 16-byte accesses and pushes", () => {
    // add [rdi],eax; lock cmpxchg [rdi],ecx; hlt
    expect(watched("01 07 f0 0f b1 0f f4", [linear(DATA, 4)])).toEqual([
      "1: read+write 200000/4 at +0 old 0x00000000",
      "2: read+write 200000/4 at +2 old 0x55667788",
    ]);
    // movups [rdi+8],xmm0; movups xmm1,[rdi+8]; hlt
    expect(watched("0f 11 47 08 0f 10 4f 08 f4", [linear(DATA + 20, 2)])).toEqual([
      "1: write 200010/8 at +0 old 0x0000",
      "2: read 200010/8 at +4 old -",
    ]);
    // push rax; pop rbx; hlt
    expect(watched("50 5b f4", [linear(STACK - 8, 8)])).toEqual([
      "1: write 2ffff8/8 at +0 old 0x0000000000000000",
      "2: read 2ffff8/8 at +1 old -",
    ]);
  });

  it("is seen by accesses over a page's end, on either side", () => {
    // mov [rdi+0xffc],rax; mov rbx,[rdi+0xffc]; hlt
    const code = "48 89 87 fc 0f 00 00 48 8b 9f fc 0f 00 00 f4";
    expect(watched(code, [linear(DATA + 0xfff, 1), linear(DATA + 0x1000, 1, 2)])).toEqual([
      "1: write 200ffc/4 at +0 old 0x00",
      "1: write 201000/4 at +0 old 0x00",
      "2: read 200ffc/4 at +7 old -",
    ]);
  });

  it("stops a repeated string instruction once, when it is through", () => {
    // mov ecx,512; rep stosq; hlt
    expect(watched("b9 00 02 00 00 f3 48 ab f4", [linear(DATA + 800, 16, 2)])).toEqual([
      "2: write 200320/16 at +5 old 0x00000000000000000000000000000000",
    ]);
    // mov ecx,64; add rdi,0x100; rep movsq; hlt
    expect(watched("b9 40 00 00 00 48 81 c7 00 01 00 00 f3 48 a5 f4", [linear(DATA + 0x40, 8)])).toEqual([
      "3: read 200040/8 at +12 old -",
    ]);
  });

  it("is seen when the processor pushes an interrupt's frame there, and when code in the page is written", () => {
    // int 0x80 (its handler is HLT)
    expect(watched("cd 80 f4", [linear(STACK - 40, 8)])).toEqual([
      `1: write ${(STACK - 40).toString(16)}/8 at +0 old 0x0000000000000000`,
    ]);
    // mov byte [rip+1],0x90; hlt... the byte behind the instruction is code of the same page
    expect(watched("c6 05 01 00 00 00 90 90 cc f4", [linear(CODE + 8, 1)])).toEqual([
      "1: write 100008/1 at +0 old 0xcc",
    ]);
  });

  it("by physical address is seen through any mapping of the page", () => {
    const alias = (cpu: Cpu) => write64(cpu, 0x1000 + 0x1000, 0x1000n + 0x2000n + 7n);
    expect(watched("89 07 f4", [physical(DATA, 4)], alias)).toEqual([
      "1: write 200000/4 at +0 old 0x00000000",
    ]);
  });

  it("at a high linear address stays at its physical one", () => {
    // The same page tables map the last gigabyte to the first: rdi = 0xffffffffc0200000.
    const high = (cpu: Cpu) => {
      write64(cpu, 0x1000 + 511 * 8, 0x2000n + 7n);
      write64(cpu, 0x2000 + 511 * 8, 0x3000n + 7n);
      cpu.setRegister("rdi", 0xffffffffc0200000n);
    };
    const watch: CpuWatch = {
      space: "linear",
      first: 0xffffffffc0200000n,
      last: 0xffffffffc0200003n,
      access: 2,
    };
    // mov [rdi],eax; mov [rdi+8],eax; mov [rdi],ebx; hlt
    expect(watched("89 07 89 47 08 89 1f f4", [watch], high)).toEqual([
      "1: write ffffffffc0200000/4 at +0 old 0x00000000",
      "3: write ffffffffc0200000/4 at +5 old 0x55667788",
    ]);
  });

  it("may come and go without a change of the guest", () => {
    // 1: inc dword [rdi]; dec ecx; jnz 1b; hlt
    const run = (toggle: boolean) => {
      const { cpu } = longMode("ff 07 ff c9 75 fa f4");
      cpu.setRegister("rdi", BigInt(DATA));
      cpu.setRegister("rcx", 1000n);
      for (let n = 100; cpu.run(n).kind === "limit"; n += 100) {
        if (toggle) cpu.setWatches((n / 100) % 2 ? [linear(DATA, 4)] : []);
        while (cpu.instructions < n) {
          cpu.run(n);
          cpu.takeWatchHits();
        }
      }
      return [cpu.instructions, cpu.stateHash()];
    };
    expect(run(true)).toEqual(run(false));
  });

  it("of an MSR that the core holds is seen after RDMSR and WRMSR", () => {
    // mov ecx,0xc0000082; rdmsr; wrmsr; hlt
    const msr: CpuWatch = { space: "msr", first: 0xc0000082n, last: 0xc0000082n, access: 3 };
    expect(watched("b9 82 00 00 c0 0f 32 0f 30 f4", [msr])).toEqual([
      "2: read c0000082/1 at +5 old -",
      "3: write c0000082/1 at +7 old -",
    ]);
  });

  it("cannot be longer than a page, nor can there be more than 64", () => {
    const { cpu } = longMode("f4");
    expect(() => cpu.setWatches([linear(DATA + 4090, 10)])).toThrow("one page");
    expect(() => cpu.setWatches(Array.from({ length: 65 }, () => linear(DATA, 1)))).toThrow("at most 64");
  });
});

describe("a caught vector", () => {
  it("stops a fault before its delivery, once, and goes on as without", () => {
    const run = (vectors: number[]) => {
      // nop; mov eax,[0xffffffff90000000] (not mapped: #PF, its handler is HLT)
      const { cpu } = longMode("90 8b 04 25 00 00 00 90 f4");
      cpu.setCatch(vectors);
      const first = cpu.run(1000);
      const caught = cpu.takeCaught();
      const at = cpu.getRegister("rip");
      const last = caught ? cpu.run(1000) : first;
      expect(cpu.takeCaught()).toBeUndefined();
      return { caught, at, last: last.kind, end: [cpu.instructions, cpu.stateHash()] };
    };
    const without = run([]);
    const with14 = run([14]);
    expect(with14.caught).toEqual({
      vector: 14,
      delivered: false,
      errorCode: 0,
      instruction: BigInt(CODE + 1),
    });
    expect(with14.at).toBe(BigInt(CODE + 1));
    expect(with14.end).toEqual(without.end);
    expect(run([13]).caught).toBeUndefined();
  });

  it("stops an interrupt at its handler's first instruction", () => {
    const { cpu, host } = longMode("fb 90 90 90 f4");
    cpu.setCatch([0x60]);
    cpu.run(2);
    host.vectors = [0x60];
    cpu.setInterruptLine(true);
    expect(cpu.run(1000).kind).toBe("limit");
    expect(cpu.takeCaught()).toEqual({
      vector: 0x60,
      delivered: true,
      errorCode: undefined,
      instruction: BigInt(CODE + 2),
    });
    expect(cpu.getRegister("rip")).toBe(BigInt(HANDLERS + 16 * 0x60));
  });
});
