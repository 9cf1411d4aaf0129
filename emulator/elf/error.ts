// How reading an ELF file fails: one error class whose message says what is wrong, where, and what to do.

/** The file is not an ELF file that Clockpath can use. The message is meant for the user. */
export class ElfError extends Error {
  override readonly name = "ElfError";
}
