// The gdb stub: packets of every kind, damaged, over a running machine; and byte streams for the frame reader.

import { FrameReader, frameOf, PACKET_SIZE } from "../../emulator/gdb/framing.ts";
import { reply } from "../../emulator/gdb/stub/packets.ts";
import { StubState } from "../../emulator/gdb/stub/state.ts";
import { openSession, type Session } from "../../emulator/launch.ts";
import { damageText } from "./damage.ts";
import { type Part, refuse } from "./part.ts";

const WORDS = [
  "?", "!", "g", "G", "p10", "p", "P0=", "P10=00", "m0,4", "m", "mffffffff80200000,1000", "M0,4:00", "M0,2:", "X0,1:a", "X", "Z0,", "Z0,80200000,1", "Z1,1,1",
  "Z2,1000,8", "Z3,0,ffffffff", "Z4,10,4", "z0,80200000,1", "z2,1000,8", "c", "s", "c1000", "C05", "S05;1000", "vCont", "vCont?", "vCont;c", "vCont;s:1",
  "vCont;r0,ffffffffffffffff:1", "vCont;t", "vRun;", "R00", "H", "Hg0", "Hc-1", "T1", "T9", "qC", "qSupported", "qSupported:swbreak+;", "qXfer:features:read:target.xml:0,fff",
  "qXfer:features:read:target.xml:fffffff,fff", "qXfer:features:read:../../etc/passwd:0,fff", "qXfer:features:write:x:0", "qXfer:memory-map:read::0,10", "qRcmd,",
  "qRcmd,696e666f20636c6f636b73", "qRcmd,zz", "qRcmd,5f5f70726f746f5f5f", "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,1", "qAttached", "D", "vKill;1", "vMustReplyEmpty",
  "vCont;c:1", "vCont;s:1;c", "vCont;s:2;c:1", "vCont;c:-1", "vCont;c:9", "qSearch:memory:80200000;1000;ab", "qSearch:memory:0;ffffffffffffffff;x", "qSearch:memory:0;10;",
  "QStartNoAckMode", "__proto__", "constructor", "qtoString", "vCont;__proto__", "qXfer:__proto__:read::0,1",
]; // biome-ignore format: a table

const ALPHABET = "0123456789abcdef,;:=-";

/** What a reply may look like: nothing, OK, data, an error, a stop. */
const REPLY =
  /^(?:|OK|l|1|E[0-9a-f]{2}|E\.[ -~]*|T[0-9a-f]{2}[\s\S]*|QC[0-9a-f]+|m[0-9a-f,]+|[0-9a-fx]*|[ml][\s\S]*|PacketSize=[\s\S]*|vCont;[\s\S]*)$/;

/** Instructions that a run may have: a case is to end. */
const RUN = 200;

export function packetPart(): Part {
  let session: Session;
  let state: StubState;
  let sent = 0;
  return {
    name: "remote packets",
    renew: {
      every: 5000,
      async make() {
        session = openSession({ memory: "16M" });
        state = new StubState(session.target, (packet) => {
          sent += packet.length;
        });
      },
    },
    async run(pick) {
      const packet = damageText(WORDS, ALPHABET, pick);
      session.target.limits = { maxInstructions: session.target.counters.instructions() + RUN };
      sent = 0;
      const answer = await reply(state, packet);
      const said = JSON.stringify(packet);
      if (answer === undefined) return /^[kR]/.test(packet) ? false : fault(`no reply to ${said}`);
      if (!REPLY.test(answer)) fault(`${said} is answered by ${answer.slice(0, 200)}`);
      if (answer.length > PACKET_SIZE || sent > 64 * 1024)
        fault(`${said}: an answer of ${answer.length} + ${sent} bytes`);
      if (state.software.size + state.hardware.size + state.watches.length > 3000)
        fault(`${said}: too much is planted`);
      return answer.startsWith("E.") ? refuse(answer.slice(2)) : answer.startsWith("E");
    },
  };
}

export function streamPart(): Part {
  const reader = new FrameReader();
  return {
    name: "remote byte streams",
    run(pick) {
      let bytes = "";
      for (let n = pick(60); n > 0; n--)
        bytes += pick(3) === 0 ? "$#+-\x03}*"[pick(7)] : String.fromCharCode(pick(256));
      let bad = false;
      for (const frame of reader.read(bytes)) {
        if (frame.kind === "packet" && frame.data.length > PACKET_SIZE + 256)
          fault("a packet without bounds");
        bad ||= frame.kind === "too-long" || (frame.kind === "packet" && !frame.good);
      }
      // Two digits end whatever checksum was under way; a good packet is read then.
      const last = [...reader.read(`#00#00${frameOf("qC")}`)].at(-1);
      if (last?.kind !== "packet" || last.data !== "qC" || !last.good)
        fault("a good packet is not read any more");
      return bad;
    },
  };
}

function fault(message: string): never {
  throw new Error(message);
}
