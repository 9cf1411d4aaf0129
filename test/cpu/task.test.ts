// Hardware task switches (SDM 3A 8.2 to 8.4, table 8-1): what is saved, loaded, marked and linked, and which fault belongs to which task.

import { describe, expect, it } from "vitest";
import { DR } from "../../emulator/cpu/layout.ts";
import { bytes, CODE, GDT, HANDLERS, type Setup, TSS, write64 } from "./fixture.ts";
import {
  legacyMode,
  legacyText,
  OTHER_TSS,
  place,
  TASK_CODE,
  type Task,
  word,
  writeTask,
} from "./legacy-fixture.ts";

const JUMP = "ea 00 00 00 00 30 00";
const CALL = "9a 00 00 00 00 30 00";

/** TR, NT, back link of the other task, and the types of both TSS descriptors (b: busy, 9: not). */
function links(setup: Setup): string {
  const { cpu } = setup;
  const type = (selector: number) => (word(setup, GDT + selector + 4) >>> 8) & 15;
  const nested = (cpu.getRegister("eflags") & 0x4000n) !== 0n ? " NT" : "";
  const link = (word(setup, OTHER_TSS) & 0xffff).toString(16);
  return `tr ${cpu.getSegment("tr").selector.toString(16)}${nested} link ${link} types ${type(0x28).toString(16)} ${type(0x30).toString(16)}`;
}

function run(
  code: string,
  level: 0 | 3 = 0,
  task: Partial<Task> = {},
  prepare?: (setup: Setup) => void,
): Setup & { text: string } {
  const setup = legacyMode(code, level);
  writeTask(setup, OTHER_TSS, { eip: TASK_CODE, ...task });
  prepare?.(setup);
  const exit = setup.cpu.run(1000);
  return { ...setup, text: legacyText(setup, exit) };
}

function debugRegister({ cpu }: Setup, n: number): bigint {
  return new DataView(cpu.memory.buffer).getBigUint64(DR + 8 * n, true);
}

describe("the ways into a task, and out of it (table 8-1: busy bits, NT, link)", () => {
  it.each([
    ["JMP leaves this task for good", JUMP, 0, "8:task", "tr 30 link 0 types 9 b"],
    ["CALL nests", CALL, 0, "8:task", "tr 30 NT link 28 types b b"],
    [
      "a task gate nests too, from level 3",
      "9a 00 00 00 00 4b 00",
      3,
      "8:task",
      "tr 30 NT link 28 types b b",
    ],
    ["INT through a task gate", "cd 83", 3, "8:task", "tr 30 NT link 28 types b b"],
  ] as const)("%s", (_name, code, level, where, expected) => {
    const after = run(code, level);
    expect([after.text, links(after)]).toEqual([where, expected]);
  });

  it("IRET with NT goes back by the link, behind the CALL, and clears NT in the task it leaves", () => {
    const after = run(CALL, 0, {}, ({ cpu }) => cpu.writeRam(TASK_CODE, bytes("cf")));
    expect([after.text, links(after)]).toEqual(["8:code+7", "tr 28 link 28 types b 9"]);
    expect([place(word(after, OTHER_TSS + 0x20)), word(after, OTHER_TSS + 0x24) & 0x4000]).toEqual([
      "task+1",
      0,
    ]);
  });

  it("saves EIP behind the instruction, flags, registers and selectors; loads the other's; sets CR0.TS", () => {
    const after = run(`b8 78 56 34 12 ${JUMP}`, 0, {
      esp: 0x2e0000,
      segments: [0x10, 8, 0x10, 0x20, 0x23, 0],
    });
    expect(place(word(after, TSS + 0x20))).toBe("code+c");
    expect([0x28, 0x38, 0x48, 0x4c, 0x50].map((at) => word(after, TSS + at).toString(16))).toEqual([
      "12345678",
      "300000",
      "10",
      "8",
      "10",
    ]);
    expect(
      ["rax", "rcx", "rsp", "ds", "fs", "gs"].map((name) =>
        after.cpu.getRegister(name as "rax").toString(16),
      ),
    ).toEqual(["a", "c", "2e0000", "20", "23", "0"]);
    expect(after.cpu.getRegister("cr0") & 8n).toBe(8n);
  });

  it("an error code goes onto the new task's stack", () => {
    // mov ds, ax with a selector that is no data, and #GP through a task gate
    const after = run("66 b8 38 00 8e d8", 0, {}, ({ cpu }) =>
      write64(cpu, 0x7000 + 13 * 8, (0x30n << 16n) | 0x850000000000n),
    );
    expect([after.text, links(after)]).toEqual(["8:task", "tr 30 NT link 28 types b b"]);
    expect(word(after, Number(after.cpu.getRegister("rsp")))).toBe(0x38);
    expect([place(word(after, TSS + 0x20)), word(after, TSS + 0x24)]).toEqual(["code+4", 0x10002]); // RF of a fault
  });

  it("the T flag of the TSS: a debug trap before the first instruction, with DR6.BT (SDM 3B 17.3.1.5)", () => {
    const after = run(JUMP, 0, { trap: true });
    expect([after.text, debugRegister(after, 6) & 0xe000n]).toEqual(["#1 at task", 0x8000n]);
  });

  it("local breakpoints end with their task (SDM 3B 17.2.4)", () => {
    const after = run(JUMP, 0, {}, ({ cpu }) =>
      new DataView(cpu.memory.buffer).setBigUint64(DR + 56, 0x555n, true),
    );
    expect(debugRegister(after, 7)).toBe(0x400n);
  });

  it("a 16-bit TSS: words, and FS and GS become null", () => {
    const after = run(JUMP, 0, {}, (setup) => {
      write64(setup.cpu, GDT + 0x30, 0x0000810000000067n | (BigInt(OTHER_TSS) << 16n));
      setup.cpu.writeRam(TASK_CODE & 0xffff, bytes("f4"));
      const image = Uint16Array.from([
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        TASK_CODE & 0xffff,
        2,
        1,
        2,
        3,
        4,
        0xf000,
        6,
        7,
        8,
        0x10,
        8,
        0x10,
        0x10,
        0,
      ]);
      setup.cpu.writeRam(OTHER_TSS, new Uint8Array(image.buffer));
    });
    expect(["rax", "rsp", "fs"].map((name) => after.cpu.getRegister(name as "rax").toString(16))).toEqual([
      "1",
      "f000",
      "0",
    ]);
  });
});

describe("faults before the switch belong to the old task", () => {
  it.each([
    ["a busy task", "ea 00 00 00 00 28 00", 0, "#13(28) at code"],
    ["a TSS that is too short", "ea 00 00 00 00 90 00", 0, "#10(90) at code"],
    ["a TSS selector of an inner level", "9a 00 00 00 00 30 00", 3, "#13(30) at code"],
    ["the RPL of the selector counts", "9a 00 00 00 00 33 00", 0, "#13(30) at code"],
  ] as const)("%s", (_name, code, level, expected) => {
    expect(run(code, level).text).toBe(expected);
  });

  it("IRET with NT and a link to a task that is not busy: #TS", () => {
    const after = run("9c 58 0d 00 40 00 00 50 9d cf", 0, {}, ({ cpu }) => cpu.writeRam(TSS, bytes("30 00")));
    expect(after.text).toBe("#10(30) at code+9");
  });
});

describe("faults after it belong to the new task: CS:EIP is its own (SDM 3A 8.3)", () => {
  it.each([
    ["CS is data", { segments: [0x10, 0x10, 0x10, 0x10, 0, 0] }, 10, 0x10],
    ["SS of another level", { segments: [0x10, 8, 0x23, 0x10, 0, 0] }, 10, 0x20],
    ["a null SS", { segments: [0x10, 8, 0, 0x10, 0, 0] }, 10, 0],
    ["DS not present", { segments: [0x10, 8, 0x10, 0x88, 0, 0] }, 11, 0x88],
    ["ES is execute-only code", { segments: [0x78, 8, 0x10, 0x10, 0, 0] }, 10, 0x78],
    ["LDTR is no LDT", { ldt: 0x10 }, 10, 0x10],
  ])("%s", (_name, task, vector, error) => {
    // The fault's handler is a task gate back to a third task, so that no broken segment is needed to deliver it.
    const after = run(JUMP, 0, task, ({ cpu }) => {
      write64(cpu, GDT + 0x90, 0x0000890000000067n | (0xb000n << 16n));
      write64(cpu, 0x7000 + vector * 8, (0x90n << 16n) | 0x850000000000n);
      writeTask({ cpu } as Setup, 0xb000, { eip: HANDLERS + 16 * vector, esp: 0x2d0000 });
    });
    expect(after.text).toBe(`#${vector}(${error.toString(16)}) at 0`);
    expect(place(word(after, OTHER_TSS + 0x20))).toBe("task");
    expect(place(CODE)).toBe("code");
  });

  it("the new task's LDT is there for its segments", () => {
    expect(run(JUMP, 0, { ldt: 0x80, segments: [0x0c, 8, 0x10, 0x10, 0, 0] }).text).toBe("8:task");
  });
});
