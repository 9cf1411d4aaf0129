// Carries interrupt messages from I/O APICs and local APICs to the local APICs that they address, and arbitrates.
// Must not know what a message means to its receiver, nor who is on the bus.

import { type ApicMessage, DELIVERY, type Shorthand } from "./apic-message.ts";

/** A local APIC as the bus sees it. */
export interface Receiver {
  /** Whether it takes messages of this kind at all: it is not disabled. */
  takes(message: ApicMessage): boolean;
  addressed(message: ApicMessage): boolean;
  /** False when it has no use for the message. */
  accept(message: ApicMessage): boolean;
  /** PPR. */
  readonly processorPriority: number;
}

export class ApicBus<R extends Receiver> {
  readonly #receivers: readonly R[];

  /** In the order in which equal priorities are served. */
  constructor(receivers: readonly R[]) {
    this.#receivers = receivers;
  }

  /** From an I/O APIC or an MSI. False when nobody took it. */
  deliver(message: ApicMessage): boolean {
    return arbitrate(
      this.#receivers.filter((receiver) => receiver.takes(message) && receiver.addressed(message)),
      message,
    );
  }

  /** From the local APIC `from`. */
  send(from: R, message: ApicMessage, shorthand: Shorthand | undefined): boolean {
    if (shorthand === undefined) return this.deliver(message);
    const named = this.#receivers.filter(
      (receiver) =>
        receiver.takes(message) && (shorthand === "all" || (receiver === from) === (shorthand === "self")),
    );
    return arbitrate(named, message);
  }
}

/** All of them, or the one whose processor has the lowest priority (SDM volume 3, "Lowest Priority Delivery Mode"). */
function arbitrate<R extends Receiver>(receivers: readonly R[], message: ApicMessage): boolean {
  if (message.delivery !== DELIVERY.lowestPriority)
    return receivers.map((receiver) => receiver.accept(message)).includes(true);
  const [first, ...others] = receivers;
  if (!first) return false;
  return others
    .reduce((low, other) => (other.processorPriority < low.processorPriority ? other : low), first)
    .accept(message);
}
