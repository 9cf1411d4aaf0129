// Integer instructions: bytes in, changed registers, flags and exit out. Values follow the operation sections of SDM volume 2.

import { describe, expect, it } from "vitest";
import { runText } from "./fixture.ts";

describe("arithmetic", () => {
  it("add wraps to zero with carry; a 32-bit result clears the upper half", () => {
    // mov eax,-1; add eax,1
    expect(runText("b8 ff ff ff ff 83 c0 01")).toMatchInlineSnapshot(`
      "flags=CPAZ
      halt"
    `);
  });
  it("sub overflows from the most negative number", () => {
    // mov rax,0x8000000000000000; sub rax,1
    expect(runText("48 b8 00 00 00 00 00 00 00 80 48 83 e8 01")).toMatchInlineSnapshot(`
      "rax=7fffffffffffffff flags=PAO
      halt"
    `);
  });
  it("inc of a high byte overflows and keeps CF", () => {
    // mov ah,0x7f; inc ah; mov bl,ah
    expect(runText("b4 7f fe c4 88 e3")).toMatchInlineSnapshot(`
      "rax=8000 rbx=80 flags=ASO
      halt"
    `);
  });
  it("inc keeps the carry that adc then takes", () => {
    // stc; mov eax,5; inc eax; adc eax,0
    expect(runText("f9 b8 05 00 00 00 ff c0 83 d0 00")).toMatchInlineSnapshot(`
      "rax=7 flags=-
      halt"
    `);
  });
  it("idiv truncates towards zero", () => {
    // mov rax,-7; cqo; mov rcx,2; idiv rcx
    expect(runText("48 c7 c0 f9 ff ff ff 48 99 48 c7 c1 02 00 00 00 48 f7 f9")).toMatchInlineSnapshot(`
      "rax=fffffffffffffffd rcx=2 rdx=ffffffffffffffff flags=-
      halt"
    `);
  });
  it("div divides 128 bits", () => {
    // mov rdx,1; mov rax,0; mov rcx,3; div rcx
    expect(
      runText("48 c7 c2 01 00 00 00 48 c7 c0 00 00 00 00 48 c7 c1 03 00 00 00 48 f7 f1"),
    ).toMatchInlineSnapshot(`
      "rax=5555555555555555 rcx=3 rdx=1 flags=-
      halt"
    `);
  });
  it("div by zero raises #DE at the instruction", () => {
    // xor ecx,ecx; div ecx
    expect(runText("31 c9 f7 f1")).toMatchInlineSnapshot(`
      "rsp=2fffd8 flags=PZ
      #0 at +2"
    `);
  });
});

describe("shifts and bits", () => {
  it("masks the count to five bits", () => {
    // mov ecx,33; mov eax,1; shl eax,cl
    expect(runText("b9 21 00 00 00 b8 01 00 00 00 d3 e0")).toMatchInlineSnapshot(`
      "rax=2 rcx=21 flags=-
      halt"
    `);
  });
  it("rcl rotates through carry", () => {
    // mov eax,0x80000001; rcl eax,1
    expect(runText("b8 01 00 00 80 d1 d0")).toMatchInlineSnapshot(`
      "rax=2 flags=CO
      halt"
    `);
  });
  it("bts with a register reaches memory beyond its operand, with an immediate it does not", () => {
    // mov rax,0x200000; mov dword [rax],0; bts qword [rax],130; mov rcx,130; mov qword [0x200010],0; bts [rax],rcx; mov rbx,[0x200010]
    expect(
      runText(
        "48 c7 c0 00 00 20 00 c7 00 00 00 00 00 48 0f ba 28 82 48 c7 c1 82 00 00 00 48 c7 04 25 10 00 20 00 00 00 00 00 48 0f ab 08 48 8b 1c 25 10 00 20 00",
      ),
    ).toMatchInlineSnapshot(`
      "rax=200000 rbx=4 rcx=82 flags=-
      halt"
    `);
  });
  it("counts and scans", () => {
    // mov eax,0; bsf ecx,eax; popcnt edx,eax; mov eax,0x10; tzcnt ebx,eax; lzcnt esi,eax
    expect(
      runText("b8 00 00 00 00 0f bc c8 f3 0f b8 d0 b8 10 00 00 00 f3 0f bc d8 f3 0f bd f0"),
    ).toMatchInlineSnapshot(`
      "rax=10 rbx=4 rsi=1b flags=-
      halt"
    `);
  });
});

describe("moves and conditions", () => {
  it("cmov clears the upper half even when it does not move", () => {
    // mov ebx,5; cmp ebx,6; mov eax,-1; cmovae eax,ebx; setb cl; cmovb edx,ebx
    expect(
      runText("bb 05 00 00 00 83 fb 06 b8 ff ff ff ff 0f 43 c3 0f 92 c1 0f 42 d3"),
    ).toMatchInlineSnapshot(`
      "rax=ffffffff rbx=5 rcx=1 rdx=5 flags=CPAS
      halt"
    `);
  });
  it("bswap, movzx of a high byte, movsx", () => {
    // mov eax,0x12345678; bswap eax; movzx ebx,ah; movsx rcx,al
    expect(runText("b8 78 56 34 12 0f c8 0f b6 dc 48 0f be c8")).toMatchInlineSnapshot(`
      "rax=78563412 rbx=34 rcx=12 flags=-
      halt"
    `);
  });
  it("push, pop, xchg of words, xadd", () => {
    // mov rax,0x123456789abcdef0; push rax; pop rbx; xchg ax,bx; xadd rax,rbx
    expect(runText("48 b8 f0 de bc 9a 78 56 34 12 50 5b 66 93 48 0f c1 d8")).toMatchInlineSnapshot(`
      "rax=2468acf13579bde0 rbx=123456789abcdef0 flags=-
      halt"
    `);
  });
  it("pushf, enter and leave keep the stack", () => {
    // mov rsp,0x300000; push 0x1234; pushfq; pop rax; pop rbx; enter 16,0; leave
    expect(runText("48 c7 c4 00 00 30 00 68 34 12 00 00 9c 58 5b c8 10 00 00 c9")).toMatchInlineSnapshot(`
      "rax=2 rbx=1234 flags=-
      halt"
    `);
  });
  it("loop counts down", () => {
    // mov ecx,3; xor eax,eax; 1: inc eax; loop 1b
    expect(runText("b9 03 00 00 00 31 c0 ff c0 e2 fc")).toMatchInlineSnapshot(`
      "rax=3 flags=P
      halt"
    `);
  });
  it("cmpxchg loads the accumulator when it differs, stores when equal", () => {
    // mov eax,0; mov ebx,7; mov dword [0x200000],0; lock cmpxchg [0x200000],ebx; mov ecx,[0x200000]; lock cmpxchg [0x200000],ebx
    expect(
      runText(
        "b8 00 00 00 00 bb 07 00 00 00 c7 04 25 00 00 20 00 00 00 00 00 f0 0f b1 1c 25 00 00 20 00 8b 0c 25 00 00 20 00 f0 0f b1 1c 25 00 00 20 00",
      ),
    ).toMatchInlineSnapshot(`
      "rax=7 rbx=7 rcx=7 flags=CPAS
      halt"
    `);
  });
});

describe("strings", () => {
  it("rep stosq fills", () => {
    // mov rdi,0x200000; mov rax,0x1122334455667788; mov ecx,3; rep stosq; mov rbx,[0x200010]
    expect(
      runText(
        "48 c7 c7 00 00 20 00 48 b8 88 77 66 55 44 33 22 11 b9 03 00 00 00 f3 48 ab 48 8b 1c 25 10 00 20 00",
      ),
    ).toMatchInlineSnapshot(`
      "rax=1122334455667788 rbx=1122334455667788 rdi=200018 flags=-
      halt"
    `);
  });
  it("rep movsb over itself repeats the first byte (it moves byte by byte)", () => {
    // mov rsi,0x200000; mov rdi,0x200001; mov byte [rsi],0x41; mov ecx,9; rep movsb; mov rax,[0x200002]
    expect(
      runText(
        "48 c7 c6 00 00 20 00 48 c7 c7 01 00 20 00 c6 06 41 b9 09 00 00 00 f3 a4 48 8b 04 25 02 00 20 00",
      ),
    ).toMatchInlineSnapshot(`
      "rax=4141414141414141 rsi=200009 rdi=20000a flags=-
      halt"
    `);
  });
});

describe("input and output", () => {
  it("ports see width and value", () => {
    // mov ax,0x1234; mov dx,0x3f8; out dx,al; out 0x80,ax; in al,dx
    expect(runText("66 b8 34 12 66 ba f8 03 ee 66 e7 80 ec")).toMatchInlineSnapshot(`
      "rax=12ff rdx=3f8 flags=-
      halt
      out 1 3f8: 34
      out 2 80: 1234
      in 1 3f8"
    `);
  });
  it("devices in memory see 4-byte accesses", () => {
    // mov rax,0xfee00000; mov dword [rax+0xb0],0; mov ebx,[rax+0x20]
    expect(
      runText("48 b8 00 00 e0 fe 00 00 00 00 c7 80 b0 00 00 00 00 00 00 00 8b 58 20"),
    ).toMatchInlineSnapshot(`
      "rax=fee00000 rbx=a5a5a5a5 flags=-
      halt
      write 4 at fee000b0: 0
      read 4 at fee00020"
    `);
  });
});
