// What client and language server say to each other beyond LSP: method names with the shapes of their parameters and
// results. Types only, so that the extension can import this file without importing any of the server.

/** Given by the client in `initializationOptions`. */
export interface InitializationOptions {
  /** Folder for indexes; the server's own default (the user's cache folder) when absent. */
  indexDir?: string;
  /** Kernel configuration file per setting `clockpath.index.configuration`: absolute, or relative to the tree. */
  config?: string;
  /** The client shows the index's status by itself: no work-done progress for it, please. */
  showsIndexStatus?: boolean;
}

/** Requests from the client: method -> what goes there and what comes back. */
export interface Requests {
  /** Forgets the index and builds it anew; answers when that is done, with the status then. */
  "clockpath/rebuildIndex": { params: null; result: IndexStatus };
  /** The index's status now; later ones come as notifications. */
  "clockpath/indexStatus": { params: null; result: IndexStatus };
  /** The clock register that a kernel's constant names (`LAPIC_ICR_TIMER`), or null. Needs no index. */
  "clockpath/clockRegister": { params: { name: string }; result: ClockRegisterName | null };
}

/** Notifications from the server. */
export interface Notifications {
  "clockpath/indexStatusChanged": IndexStatus;
}

/** Where the index of the open tree stands. */
export type IndexStatus =
  /** No folder that is open is a kernel tree; `reason` says what was looked for. */
  | { state: "none"; reason: string }
  /** Answers come from the index as it was before, where there is one (`usable`). */
  | { state: "building"; tree: string; phase: string; filesDone: number; filesTotal: number; usable: boolean }
  | {
      state: "ready";
      tree: string;
      os: "netbsd" | "freebsd" | "other";
      files: number;
      symbols: number;
      /** Bytes on disk. */
      bytes: number;
      directory: string;
      /** What the last build or update did; absent when the index was found up to date. */
      seconds?: number;
      updated?: number;
      /** Files that could not be read, and why; the first few. */
      skipped: { file: string; reason: string }[];
      skippedCount: number;
    }
  | { state: "failed"; tree: string; message: string; usable: boolean };

/** A register of a clock device, as the adapter's `clockpath.clockDevices` event names it. */
export interface ClockRegisterName {
  /** ClockDevice.id: "lapic", "tsc", "i8254". */
  device: string;
  /** ClockRegister.id: "timer_initial_count". */
  register: string;
  /** For a constant that is a mask or a value of one field: that field's name. */
  field?: string;
}
