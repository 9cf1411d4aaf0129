// Whether the machine's memory holds the kernel whose file the user named: asked once, as soon as its code can be read.

import { bytesEqual } from "../../debugger/numbers.ts";
import type { CodeSample } from "../../elf/code-samples.ts";

/** Fewer readable places than this say nothing. */
const ENOUGH = 4;

export class CodeCheck {
  #samples: readonly CodeSample[];

  constructor(
    samples: readonly CodeSample[],
    /** The kernel's file, for messages. */
    readonly file: string,
  ) {
    this.#samples = samples;
  }

  /**
   * A warning, the first time that enough can be compared; undefined where all is well or nothing can be read yet. A kernel patches
   * its own code as it starts, and breakpoints stand in it: half of the places may differ. `peek` gives undefined for what is not mapped; `paging`
   * is false where addresses are physical.
   */
  look(
    peek: (address: bigint, length: number) => Uint8Array | undefined,
    paging: boolean | undefined,
  ): string | undefined {
    let [compared, different] = [0, 0];
    for (const { linear, physical, bytes } of this.#samples) {
      const found = peek(paging === false ? physical : linear, bytes.length);
      // Before a loader has run there is nothing.
      if (!found || (paging === false && found.every((byte) => byte === 0))) continue;
      compared++;
      if (!bytesEqual(found, bytes)) different++;
    }
    if (compared < ENOUGH) return undefined;
    this.#samples = [];
    if (different * 2 <= compared) return undefined;
    return `The code in memory is not that of ${this.file}: ${different} of ${compared} places differ. Names and lines will be wrong: name the file of the kernel that runs there.`;
  }
}
