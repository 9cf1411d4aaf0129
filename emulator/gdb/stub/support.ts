// The first words of a session: what either side can do (gdb manual, E.4 "qSupported").

import { PACKET_SIZE } from "../framing.ts";
import type { PacketGroup } from "./group.ts";

/** `groups` are all groups of packets, this one included. */
export const supportPackets = (groups: () => readonly PacketGroup[]): PacketGroup => ({
  packets: {
    qSupported(state, rest) {
      const words = rest.slice(1).split(";");
      state.announced = new Set(words.filter((word) => word.endsWith("+")).map((word) => word.slice(0, -1)));
      const offers = groups().flatMap(({ features }) => features?.(state.target) ?? []);
      return [`PacketSize=${PACKET_SIZE.toString(16)}`, ...offers].join(";");
    },
    QStartNoAckMode(state) {
      state.acknowledges = false;
      return "OK";
    },
  },
  features: () => ["QStartNoAckMode+"],
});
