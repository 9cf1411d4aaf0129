// The opcode table, what is made from it, and the layout of the core's memory agree.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as L from "../../emulator/cpu/layout.ts";
import { formsOf } from "../../emulator/cpu/opcodes/encode.ts";
import { generate } from "../../emulator/cpu/opcodes/generate.ts";
import { HOT } from "../../emulator/cpu/opcodes/hot.ts";
import { OPCODES } from "../../emulator/cpu/opcodes/index.ts";
import { parseRows } from "../../emulator/cpu/opcodes/table.ts";
import { longMode } from "./fixture.ts";

describe("the opcode table", () => {
  it.each(Object.keys(generate()))("core/generated/%s is current", (name) => {
    const file = path.join(import.meta.dirname, "../../emulator/cpu/core/generated", name);
    expect(readFileSync(file, "utf8") === generate()[name], "run node scripts/opcodes.mjs").toBe(true);
  });

  it("has no two rows for one encoding", () => {
    const seen = new Map<string, string>();
    for (const { row, mod } of formsOf(OPCODES)) {
      const key = [row.map, row.opcode, row.prefix, row.mode, mod, row.digit, row.rm, row.w].join();
      const text = `${row.mnemonic} ${row.operands.join()}`;
      expect(seen.get(key) ?? text, key).toBe(text);
      seen.set(key, text);
    }
  });

  it("names only hot operations that exist, each once", () => {
    expect(new Set(HOT).size).toBe(HOT.length);
    const names = new Set(formsOf(OPCODES).flatMap((f) => f.operations.map((o) => o?.id)));
    expect(HOT.filter((id) => !names.has(id))).toEqual([]);
  });

  it("reads its own syntax", () => {
    const rows = parseRows("[alu]\n66 0f 38 82+ mod=m /3 | invpcid Gq,M | lock u=oz stem=x name=y");
    expect(rows.length).toBe(8);
    expect(rows[1]).toMatchObject({
      map: 2,
      opcode: 0x83,
      prefix: "66",
      mod: "m",
      digit: 3,
      stem: "x",
      mnemonic: "y",
    });
    expect(rows[0]).toMatchObject({ file: "alu", undefinedFlags: "oz", operands: ["Gq", "M"] });
    expect(() => parseRows("[alu]\nzz | add")).toThrow('cannot read "zz "');
  });
});

describe("the layout", () => {
  const regions: [string, number, number][] = [
    ["state", L.STATE, L.STATE_END],
    ["control", L.STATE_END, L.SCRATCH],
    ["scratch", L.SCRATCH, L.SCRATCH + 256],
    ["breakpoints", L.BREAKPOINT_TABLE, L.BREAKPOINT_TABLE + L.BREAKPOINT_MAX * 8],
    ["static data", L.STATIC_BASE, L.STATIC_END],
    ["operations", L.OP_TABLE, L.OP_TABLE_END],
    ["fetch buffer", L.FETCH_BUFFER, L.FETCH_BUFFER + 32],
    ["loose block", L.LOOSE_BLOCK, L.LOOSE_BLOCK + L.BLOCK_HEADER + L.RECORD_SIZE],
    ["processors", L.CPU_SLOTS, L.CPU_SLOTS + L.MAX_PROCESSORS * L.CPU_SLOT],
    ["page flags", L.PAGE_FLAGS, L.PAGE_FLAGS + 2 ** 20],
    ["page blocks", L.PAGE_BLOCKS, L.PAGE_BLOCKS + 4 * 2 ** 20],
    ["block hash", L.BLOCK_HASH, L.BLOCK_HASH + 4 * L.BLOCK_HASH_SIZE],
    ["jump cache", L.JUMP_CACHE, L.JUMP_CACHE + 8 * L.JUMP_SIZE],
    ["arena", L.ARENA, L.ARENA_END],
    ["TLBs", L.TLBS, L.TLBS + L.MAX_PROCESSORS * L.TLB_BYTES],
    ["TLB without tags", L.TLB_NONE, L.TLB_NONE + L.TLB_HALF],
    ["page hashes", L.PAGE_HASH, L.PAGE_HASH + 8 * 2 ** 20],
    ["RAM", L.RAM_BASE, 2 ** 32],
  ];

  it("has a TLB half for each privilege, and words behind a processor's kept state", () => {
    expect([L.TLB_HALF, L.TLB_BYTES]).toEqual([L.TLB_SIZE * L.TLB_ENTRY, 2 * L.TLB_HALF]);
    expect(L.STATE_END - L.STATE).toBeLessThanOrEqual(L.S_LINK_TAG);
  });

  it("has no overlapping regions", () => {
    const sorted = [...regions].sort((a, b) => a[1] - b[1]);
    for (let i = 1; i < sorted.length; i++) {
      expect(sorted[i]![1], `${sorted[i - 1]![0]} and ${sorted[i]![0]}`).toBeGreaterThanOrEqual(
        sorted[i - 1]![2],
      );
    }
  });

  it("is the one the wasm code uses: each register is moved by its own instruction and read here", () => {
    // mov reg,imm32 for all sixteen, 0x1000 + n
    let code = "";
    for (let n = 0; n < 16; n++) {
      code += `${n < 8 ? "48" : "49"} c7 ${(0xc0 + (n & 7)).toString(16)} ${n.toString(16).padStart(2, "0")} 10 00 00 `;
    }
    const { cpu } = longMode(`${code}f4`);
    cpu.run(17);
    const view = new DataView(cpu.memory.buffer);
    for (let n = 0; n < 16; n++) expect(view.getUint32(L.REGS + 8 * n, true)).toBe(0x1000 + n);
    expect(view.getBigUint64(L.COUNT, true)).toBe(17n);
    expect(view.getUint32(L.SEGS + L.SEG_SIZE + L.SEG_SELECTOR, true)).toBe(8);
  });
});
