// isa-debug-exit: a port whose write ends the run with a status, as QEMU's device of that name. Test kernels report with it.
// Must not know what the machine does with the status.

export const DEBUG_EXIT_PORT = 0xf4;
/** Four ports, so that a 32-bit OUT hits nothing else. */
export const DEBUG_EXIT_PORTS = 4;

export class DebugExit {
  readonly #exit: (status: number) => void;

  /** `exit` gets what a process would exit with: the byte written, times two, plus one (so that it is never 0), modulo 256. */
  constructor(exit: (status: number) => void) {
    this.#exit = exit;
  }

  portRead(_port: number): number {
    return 0;
  }

  portWrite(port: number, value: number): void {
    if (port === DEBUG_EXIT_PORT) this.#exit(((value << 1) | 1) & 0xff);
  }
}
