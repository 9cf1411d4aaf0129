// Guest RAM as devices that read and write it by themselves see it (DMA). Must not know who owns it.

export interface GuestMemory {
  /** All of RAM, physical address 0 first. Only for reading: writes go through write(). */
  readonly bytes: Uint8Array;
  /** The range must be inside RAM. */
  write(address: number, bytes: Uint8Array): void;
}
