// Documents that gdb reads in pieces: qXfer. The target description is the only one.

import { PACKET_SIZE } from "../framing.ts";
import { smallNumberOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";
import { TARGET_XML } from "./target-xml.ts";

/** By object and annex. */
const DOCUMENTS: Record<string, Record<string, string>> = {
  features: { "target.xml": TARGET_XML },
};

/** A piece: `m` and more is to come, `l` and this was the last. */
function piece(document: string, offset: number, length: number): string {
  const end = offset + Math.min(length, PACKET_SIZE - 64);
  return (end < document.length ? "m" : "l") + document.slice(offset, end);
}

export const transferPackets: PacketGroup = {
  packets: {
    qXfer(_state, rest) {
      const [, object = "", operation, annex = "", range = ""] = rest.split(":");
      if (!Object.hasOwn(DOCUMENTS, object) || operation !== "read") return "";
      const documents = DOCUMENTS[object]!;
      if (!Object.hasOwn(documents, annex)) return "E00";
      const [offset, length] = range.split(",");
      return piece(documents[annex]!, smallNumberOf(offset), smallNumberOf(length));
    },
  },
  features: () => Object.keys(DOCUMENTS).map((object) => `qXfer:${object}:read+`),
};
