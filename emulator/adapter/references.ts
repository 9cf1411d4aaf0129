// Variable references of the protocol: numbers for things that can be opened, valid until the guest runs.

import type { DebugProtocol } from "@vscode/debugprotocol";

/** Something that opens into variables. `start` and `count` page through indexed ones. */
export interface Container {
  list(start: number | undefined, count: number | undefined): DebugProtocol.Variable[];
  /** Assigns to a variable of this container; gives the variable's new look. */
  set?(name: string, expression: string): DebugProtocol.Variable;
}

/** The thread that is looked at. */
export interface Selection {
  readonly thread: number;
  selectThread(id: number): void;
}

export class References {
  readonly #selection: Selection;
  #containers: { container: Container; thread: number }[] = [];

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  /** What is added is the selected thread's. */
  add(container: Container): number {
    return this.#containers.push({ container, thread: this.#selection.thread });
  }

  /** Selects the thread whose it is. */
  get(reference: number): Container | undefined {
    const found = this.#containers[reference - 1];
    if (found) this.#selection.selectThread(found.thread);
    return found?.container;
  }

  clear(): void {
    this.#containers = [];
  }
}
