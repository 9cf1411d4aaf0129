// What a stub can do, asked at the start: features, its description of itself, QEMU's stepping. Nothing is taken for granted.

import type { Connection } from "./connection.ts";

/** What the stub said about itself. */
export interface Abilities {
  /** Bytes of a packet. */
  packetSize: number;
  vCont: boolean;
  features: ReadonlySet<string>;
}

export function negotiate(connection: Connection): Abilities {
  const reply = connection.exchange("qSupported:swbreak+;hwbreak+;vContSupported+;xmlRegisters=i386");
  const features = new Set(
    reply
      .split(";")
      .filter((word) => word.endsWith("+"))
      .map((word) => word.slice(0, -1)),
  );
  const size = Number.parseInt(/PacketSize=([0-9a-f]+)/i.exec(reply)?.[1] ?? "190", 16);
  if (features.has("QStartNoAckMode")) connection.exchange("QStartNoAckMode");
  const vCont = /;c\b/.test(connection.exchange("vCont?"));
  return { packetSize: Math.max(64, size), vCont, features };
}

/** A document of qXfer:features, whole; undefined where there is none. */
export function readDocument(
  connection: Connection,
  annex: string,
  { features, packetSize }: Abilities,
): string | undefined {
  if (!features.has("qXfer:features:read")) return undefined;
  let text = "";
  const size = Math.max(32, packetSize - 32);
  while (text.length < 1 << 20) {
    const range = `${text.length.toString(16)},${size.toString(16)}`;
    const reply = connection.exchange(`qXfer:features:read:${annex}:${range}`);
    if (!/^[ml]/.test(reply)) return undefined;
    text += reply.slice(1);
    if (reply.startsWith("l") || reply.length === 1) return text;
  }
  return text;
}

/** What QEMU does while stepping (docs/system/gdb: qqemu.sstep): step at all, and with interrupts masked and timers stopped. */
export interface StepBits {
  enable: number;
  all: number;
}

/** Undefined where the stub is not QEMU's. QEMU masks and stops unless told otherwise. */
export function stepBits(connection: Connection): StepBits | undefined {
  const bits = connection.exchange("qqemu.sstepbits");
  const named = (name: string) =>
    Number.parseInt(new RegExp(`${name}=([0-9a-f]+)`).exec(bits)?.[1] ?? "0", 16);
  const enable = named("ENABLE");
  return enable === 0 ? undefined : { enable, all: enable | named("NOIRQ") | named("NOTIMER") };
}
