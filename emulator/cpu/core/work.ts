// What instructions cost the host beyond themselves: repeated string instructions, deliveries through the IDT. A run that has spent
// what it was given comes back early, so that no guest can keep the host's thread; what the guest sees does not depend on it.

import { BLOCK, COUNT, EXIT, EXIT_FUTILE, EXIT_LIMIT, FUTILE, FUTILE_COUNT, FUTILE_MAX, WORK_LEFT, ATTN, ATTN_EXIT } from "../layout";
import { leave, leaveAfter } from "./raise";

/** Work of one delivery, and of one access to a device. */
export const DELIVERY: u32 = 64, DEVICE_ACCESS: u32 = 32;

/** Spends so many units; when none are left, run() comes back after the current instruction. */
export function spend(units: u32): void {
  const left = load<f64>(WORK_LEFT) - (units as f64);
  store<f64>(WORK_LEFT, left);
  if (left > 0) return;
  if (load<u32>(BLOCK)) leaveAfter(EXIT_LIMIT);
  else {
    store<u32>(EXIT, EXIT_LIMIT);
    store<u32>(ATTN, load<u32>(ATTN) | ATTN_EXIT);
  }
}

/** Takes so many units before work that may fault in the middle; gives them back for settle(). */
export function reserve(units: u32): u32 {
  store<f64>(WORK_LEFT, load<f64>(WORK_LEFT) - (units as f64));
  return units;
}
/** The work is done: what it took, and not what was reserved for it. */
export function settle(reserved: u32, used: u32): void {
  store<f64>(WORK_LEFT, load<f64>(WORK_LEFT) + (reserved as f64));
  spend(used);
}

/** An event is delivered. A guest whose handlers fault at their first instruction would go round for ever, with no time passing. */
export function spendDelivery(): void {
  if (load<u64>(FUTILE_COUNT) != load<u64>(COUNT)) {
    store<u64>(FUTILE_COUNT, load<u64>(COUNT));
    store<u32>(FUTILE, 0);
  } else {
    store<u32>(FUTILE, load<u32>(FUTILE) + 1);
    if (load<u32>(FUTILE) > (FUTILE_MAX as u32)) {
      store<u32>(FUTILE, 0);
      leave(EXIT_FUTILE);
    }
  }
  spend(DELIVERY);
}
