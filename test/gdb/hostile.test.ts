// Hostile packets and byte streams: each gets a reply of the protocol or none, memory stays bounded, nothing throws, and the
// machine is still served. CLOCKPATH_FUZZ_CASES=100000 CLOCKPATH_FUZZ_SEED=7 for more.

import { describe, expect, test } from "vitest";
import { FrameReader, frameOf, PACKET_SIZE } from "../../emulator/gdb/framing.ts";
import { reply } from "../../emulator/gdb/stub/packets.ts";
import { StubState } from "../../emulator/gdb/stub/state.ts";
import { openSession } from "../../emulator/launch.ts";

const CASES = Number(process.env.CLOCKPATH_FUZZ_CASES ?? 4000);
const SEED = Number(process.env.CLOCKPATH_FUZZ_SEED ?? 1);

/** xorshift32: equal seeds, equal cases. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435761 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const WORDS = [
  "?", "!", "g", "G", "p10", "p", "P0=", "P10=00", "m0,4", "m", "mffffffff80200000,1000", "M0,4:00", "M0,2:", "X0,1:a", "X", "Z0,", "Z0,80200000,1", "Z1,1,1",
  "Z2,1000,8", "Z3,0,ffffffff", "Z4,10,4", "z0,80200000,1", "z2,1000,8", "c", "s", "c1000", "C05", "S05;1000", "vCont", "vCont?", "vCont;c", "vCont;s:1",
  "vCont;r0,ffffffffffffffff:1", "vCont;t", "vRun;", "R00", "H", "Hg0", "Hc-1", "T1", "T9", "qC", "qSupported", "qSupported:swbreak+;", "qXfer:features:read:target.xml:0,fff",
  "qXfer:features:read:target.xml:fffffff,fff", "qXfer:features:read:../../etc/passwd:0,fff", "qXfer:features:write:x:0", "qXfer:memory-map:read::0,10", "qRcmd,",
  "qRcmd,696e666f20636c6f636b73", "qRcmd,zz", "qRcmd,5f5f70726f746f5f5f", "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,1", "qAttached", "D", "vKill;1", "vMustReplyEmpty",
  "QStartNoAckMode", "__proto__", "constructor", "qtoString", "vCont;__proto__", "qXfer:__proto__:read::0,1",
]; // biome-ignore format: a table

/** A known packet with bytes changed, doubled, cut, or in front of others. */
function mutant(next: (below: number) => number): string {
  let text = WORDS[next(WORDS.length)]!;
  for (let changes = next(4); changes > 0; changes--) {
    const at = next(text.length + 1);
    switch (next(6)) {
      case 0:
        text = text.slice(0, at);
        break;
      case 1:
        text = text.slice(0, at) + String.fromCharCode(next(256)) + text.slice(at + 1);
        break;
      case 2:
        text = text.slice(0, at) + String.fromCharCode(next(256)) + text.slice(at);
        break;
      case 3:
        text += WORDS[next(WORDS.length)];
        break;
      case 4:
        text = text.slice(0, at) + "0123456789abcdef,;:=-"[next(21)]!.repeat(next(40)) + text.slice(at);
        break;
      default:
        text = text.slice(0, at) + text.slice(at, at + next(8)).repeat(next(5)) + text.slice(at);
    }
  }
  return text;
}

const REPLY =
  /^(?:|OK|l|1|E[0-9a-f]{2}|E\.[ -~]*|T[0-9a-f]{2}[\s\S]*|QC1|m1|[0-9a-fx]*|[ml][\s\S]*|PacketSize=[\s\S]*|vCont;[\s\S]*)$/;

describe("hostile input", () => {
  test(`${CASES} packets, seed ${SEED}: a reply of the protocol, of bounded length`, async () => {
    const next = random(SEED);
    const session = openSession({});
    let sent = 0;
    const state = new StubState(session.target, (packet) => {
      sent += packet.length;
    });
    for (let i = 0; i < CASES; i++) {
      const packet = mutant(next);
      // Runs must end: a few thousand instructions each.
      session.target.limits = { maxInstructions: session.target.counters.instructions() + 2000 };
      sent = 0;
      const answer = await reply(state, packet);
      if (answer === undefined) expect(packet, packet).toMatch(/^[kR]/);
      else expect(answer, JSON.stringify(packet)).toMatch(REPLY);
      expect((answer ?? "").length).toBeLessThanOrEqual(PACKET_SIZE);
      expect(sent).toBeLessThan(64 * 1024);
      expect(state.software.size + state.hardware.size + state.watches.length).toBeLessThan(3000);
    }
    expect(await reply(state, "qC")).toBe("QC1");
  });

  test(`${CASES} byte streams, seed ${SEED}: frames stay bounded, and a good packet afterwards is read`, () => {
    const next = random(SEED);
    const reader = new FrameReader();
    for (let i = 0; i < CASES; i++) {
      let bytes = "";
      for (let n = next(60); n > 0; n--)
        bytes += next(3) === 0 ? "$#+-\x03}*"[next(7)] : String.fromCharCode(next(256));
      for (const frame of reader.read(bytes))
        if (frame.kind === "packet") expect(frame.data.length).toBeLessThanOrEqual(PACKET_SIZE + 256);
      // Two digits end whatever checksum was under way.
      const frames = [...reader.read(`#00#00${frameOf("qC")}`)];
      expect(frames.at(-1)).toEqual({ kind: "packet", data: "qC", good: true });
    }
  });

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
