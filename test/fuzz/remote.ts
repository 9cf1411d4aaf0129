// What a machine that is attached to may say: a gdb stub's replies, QEMU's QMP stream and monitor texts; and the link to a debug file.

import { debugLink } from "../../emulator/elf/debug-link.ts";
import type { ElfFile } from "../../emulator/elf/elf.ts";
import { inMemory } from "../../emulator/elf/source.ts";
import type { Connection } from "../../emulator/gdb/client/connection.ts";
import { RemoteTarget } from "../../emulator/gdb/client/remote-target.ts";
import { ioApicOf, lapicOf } from "../../emulator/qemu/monitor-texts.ts";
import { Conversation } from "../../emulator/qemu/qmp-conversation.ts";
import { MAX_MESSAGE } from "../../emulator/qemu/qmp-messages.ts";
import type { Random } from "../random.ts";
import { damageBytes, damageText } from "./damage.ts";
import { type Part, refuse } from "./part.ts";

const QMP = [
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}\r\n',
  '{"return": {}}\r\n', '{"return": {}, "id": 1}\r\n', '{"return": [{"cpu-index": 0, "qom-path": "/machine/unattached/device[0]"}], "id": 2}\r\n',
  '{"return": "dumping local APIC state for CPU 0 \\r\\n", "id": 3}\r\n', '{"error": {"class": "GenericError", "desc": "no"}, "id": 4}\r\n',
  '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}\r\n',
  '{"event": "RESET", "data": null}\r\n', '{"id": 5, "return": {"x": [[[{"a": "\\"}{"}]]]}}\r\n', "QEMU 7.2.22 monitor - type 'help'\r\n(qemu) ", '{"QMP": []}', "[]",
]; // biome-ignore format: a table

const TEXTS = [
  "dumping local APIC state for CPU 0\n\nLVT0\t 0x00010000 masked Fixed (vec 0)\nLVTT\t 0x000200c0 periodic\nTimer\t DCR=0xb (divide by 1) initial_count = 6139265 current_count = 4726271\nSPIV\t 0x000001ef\nICR\t 0x00000000\nICR2\t 0x01000000\nESR\t 0x00000000\nISR\t 192 33\nIRR\t (none)\n\nAPR 0x00 TPR 0x20 DFR 0x0f LDR 0x02 PPR 0x20\n",
  "ioapic0: ver=0x20 id=0x02 sel=0x18 (redir[4])\n  pin 3  0x0000000000010000 dest=0 vec=0 masked\n  pin 4  0x0000000000000081 dest=0 vec=129\n",
]; // biome-ignore format: a table

/** A QMP server's bytes, in chunks; and the texts that commands bring. */
export function qmpPart(): Part {
  return {
    name: "QMP streams",
    run(pick) {
      let told = 0;
      let refused = false;
      const count = () => void told++;
      const conversation = new Conversation(
        {
          ready: count,
          refused(why) {
            refused = refuse(why);
          },
          event: count,
          replied: count,
        },
        count,
      );
      let bytes = pick(3) === 0 ? "" : QMP[0]! + QMP[1]!;
      for (let n = 1 + pick(5); n > 0; n--) bytes += damageText(QMP, '{}[]":,\\', pick);
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + pick(200);
        conversation.receive(bytes.slice(at, at + size));
        at += size;
      }
      if (told > bytes.length || bytes.length > MAX_MESSAGE) throw new Error("more was told than was said");
      const text = damageText(TEXTS, "0123456789abcdefx =()\n", pick);
      for (const device of [lapicOf(text), ioApicOf(text)])
        for (const { value } of device?.registers ?? [])
          if (!/^0x[0-9a-f]+$/.test(value)) throw new Error(`a register's value is ${value}`);
      return refused;
    },
  };
}

const REPLIES = [
  "", "OK", "E01", "E79", "E.no", "T05thread:01;", "T05thread:p01.02;swbreak:;", "T02thread:01;", "T05watch:ffffffff80200000;thread:1;", "S05", "W00", "X09", "m01,02", "mp01.01",
  "l", "PacketSize=1000;vContSupported+;qXfer:features:read+;multiprocess+", "PacketSize=0", "PacketSize=ffffffff;QStartNoAckMode+", "vCont;c;C;s;S", "00112233445566778899aabbccddeeff",
  "xxxxxxxxxxxxxxxx", "0".repeat(1072), 'l<target><architecture>i386:x86-64</architecture><xi:include href="a.xml"/></target>',
  'l<feature name="a"><reg name="rip" bitsize="64"/><reg name="rsp" bitsize="64" regnum="7"/><reg name="cr0" bitsize="64"/></feature>',
  "O48656c6c6f", "ENABLE=1,NOIRQ=2,NOTIMER=4", "435055233020", "dumping local APIC state for CPU 0", "0*~",
]; // biome-ignore format: a table

/** What a sound stub says, by the packet's beginning. */
const SOUND: readonly (readonly [packet: RegExp, reply: string])[] = [
  [/^qSupported/, REPLIES[15]!],
  [/^qXfer/, REPLIES[23]!],
  [/^vCont\?/, "vCont;c;C;s;S"],
  [/^(?:\?|vCont)/, "T05thread:01;"],
  [/^qfThreadInfo/, "m01,02"],
  [/^qsThreadInfo/, "l"],
  [/^qThreadExtraInfo/, "435055233020"],
  [/^g/, "00".repeat(24)],
  [/^m/, "cc".repeat(64)],
  [/^[ZzHMPGDQ]/, "OK"],
  [/^/, ""],
];

/** A stub that answers whatever it likes; mostly what it should. */
function hostile(pick: Random): Connection {
  let left = 400;
  const reply = (packet: string): string => {
    if (left-- > 0 && pick(12) > 0) return SOUND.find(([known]) => known.test(packet))![1];
    if (left > 0) return damageText(REPLIES, "0123456789abcdef,;:", pick);
    // A stub that never tires is cut off, as a connection is.
    connection.lost ??= "the connection has ended";
    throw new Error(connection.lost);
  };
  const connection = {
    lost: undefined as string | undefined,
    onOutput: () => {},
    exchange: reply,
    resume: async (packet: string) => (left > 0 ? reply(packet) : ""),
    interrupt: () => {},
    end(why: string) {
      connection.lost ??= why;
    },
    close: () => {},
  };
  return connection as unknown as Connection;
}

/** One thing after the other that a debugger does with a machine. */
async function drive(target: RemoteTarget, pick: Random): Promise<void> {
  target.setBreakpoints([0xffffffff80200000n, 0x1000n]);
  for (let n = pick(6); n > 0; n--) {
    target.threads.list();
    target.readMemory(0xffffffff80200000n, 64);
    await target.resume({
      kind: pick(2) === 0 ? "step" : "continue",
      held: new Set(pick(3) === 0 ? [2] : []),
    });
    target.takeNotices();
    target.readRegister("rip");
    target.writeRegister("rax", 5n);
    target.clocks?.read();
  }
}

export function stubPart(): Part {
  return {
    name: "stub replies",
    async run(pick) {
      let target: RemoteTarget | undefined;
      try {
        target = new RemoteTarget(hostile(pick), "stub");
        await drive(target, pick);
        return false;
      } catch (error) {
        return refuse(error instanceof Error ? error.message : String(error));
      } finally {
        target?.dispose();
      }
    },
  };
}

const LINK = Uint8Array.from([...Buffer.from("kernel.debug\0\0\0\0"), 0x78, 0x56, 0x34, 0x12]);

/** The section .gnu_debuglink, and how much of it there is. */
export function debugLinkPart(): Part {
  return {
    name: ".gnu_debuglink",
    run(pick) {
      const bytes = damageBytes(LINK, 0, LINK.length, pick).subarray(0, pick(LINK.length + 1));
      const section = { index: 1, name: ".gnu_debuglink", type: 1, flags: 0, address: 0n, size: BigInt(bytes.length), offset: 0, fileSize: bytes.length, link: 0, info: 0, align: 4, entrySize: 0 }; // biome-ignore format: one line
      const elf: ElfFile = { source: inMemory(bytes), osAbi: 0, type: "executable", entry: 0n, segments: [], sections: [section] }; // biome-ignore format: one line
      const link = debugLink(elf);
      if (link && (/[/\\\0]/.test(link.name) || link.name === "" || link.crc >>> 0 !== link.crc))
        throw new Error(`a link to ${JSON.stringify(link)}`);
      return link === undefined;
    },
  };
}
