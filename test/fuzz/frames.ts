// The debug adapter's frames: streams of sound and damaged ones, in chunks of any size. Each ends in messages or in one clear error.

import { FrameReader, FramingError, MAX_CONTENT, messageOf } from "../../emulator/adapter/framing.ts";
import { damageText } from "./damage.ts";
import { type Part, refuse } from "./part.ts";

const HEADERS = [
  "Content-Length: 17", "content-length:17", "Content-Length: 0", "Content-Length: -1", "Content-Length: 99999999999999999999", `Content-Length: ${MAX_CONTENT + 1}`,
  "Content-Length: 0x11", "Content-Type: text/plain\r\nContent-Length: 17", "Content-Length: 17\r\nContent-Length: 3", "", "Content-Length:", "Content-Length: 1e9",
]; // biome-ignore format: a table
const BODY = '{"type":"event"}\n';
const BODIES = [
  BODY,
  '{"type":"request"',
  "[".repeat(17),
  "null",
  "\u0000".repeat(17),
  '"\\ud800"',
  "{".repeat(5000),
  "[[[[]]]]",
];
const SOUND = `Content-Length: ${BODY.length}\r\n\r\n${BODY}`;

export function framePart(): Part {
  return {
    name: "DAP frames",
    run(pick) {
      let text = pick(2) === 0 ? SOUND : "";
      for (let n = pick(4); n > 0; n--)
        text +=
          pick(3) === 0
            ? SOUND
            : `${damageText(HEADERS, ":\r\n 0", pick)}\r\n\r\n${BODIES[pick(BODIES.length)]}`;
      const bytes = Buffer.from(text, "latin1");
      const reader = new FrameReader();
      let read = 0;
      try {
        for (let at = 0; at < bytes.length; ) {
          const chunk = bytes.subarray(at, at + 1 + pick(64));
          at += chunk.length;
          for (const message of reader.push(chunk)) {
            read += message.length;
            messageOf(message);
          }
        }
      } catch (error) {
        if (!(error instanceof FramingError)) throw error;
        return refuse(error.message);
      }
      if (text.startsWith(SOUND) && read === 0) throw new Error("a sound frame was not read");
      return false;
    },
  };
}
