// Variable references of the protocol: numbers for things that can be opened, valid until the guest runs.

import type { DebugProtocol } from "@vscode/debugprotocol";

/** Something that opens into variables. `start` and `count` page through indexed ones. */
export interface Container {
  list(start: number | undefined, count: number | undefined): DebugProtocol.Variable[];
  /** Assigns to a variable of this container; gives the variable's new look. */
  set?(name: string, expression: string): DebugProtocol.Variable;
}

export class References {
  #containers: Container[] = [];

  add(container: Container): number {
    return this.#containers.push(container);
  }

  get(reference: number): Container | undefined {
    return this.#containers[reference - 1];
  }

  clear(): void {
    this.#containers = [];
  }
}
