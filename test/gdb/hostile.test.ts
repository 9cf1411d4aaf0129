// Hostile byte streams: memory stays bounded. Damaged packets are in test/fuzz.

import { describe, expect, test } from "vitest";
import { FrameReader, frameOf } from "../../emulator/gdb/framing.ts";

describe("hostile input", () => {
  test("a packet without end is thrown away, not kept", () => {
    const reader = new FrameReader();
    [...reader.read("$")];
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2000; i++) [...reader.read("x".repeat(65536))];
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024);
    expect([...reader.read("#00")]).toEqual([{ kind: "too-long" }]);
    expect([...reader.read(frameOf("g"))]).toEqual([{ kind: "packet", data: "g", good: true }]);
  });

  test("escapes and run lengths are undone", () => {
    const [frame] = new FrameReader().read(frameOf('a#$}*0* "b'));
    expect(frame).toEqual({ kind: "packet", data: 'a#$}*0* "b', good: true });
    const [packed] = new FrameReader().read("$0* #7a");
    expect(packed).toEqual({ kind: "packet", data: "0000", good: true });
  });
});
