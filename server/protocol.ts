// What client and language server say to each other beyond LSP: method names with the shapes of their parameters and
// results. Types only, so that the extension can import this file without importing any of the server.

import type { MacroText } from "./query/macro.ts";

export type { MacroText };

/** Given by the client in `initializationOptions`. */
export interface InitializationOptions {
  /** Folder for indexes; the server's own default (the user's cache folder) when absent. */
  indexDir?: string;
  /** Kernel configuration file per setting `clockpath.index.configuration`: absolute, or relative to the tree. Empty: none is wanted. */
  config?: string;
  /** Offer how many functions call each function, as code lens. */
  codeLens?: boolean;
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
  /** The text of a macro's #define in the open trees, or null; `file` (absolute) is where it is asked from. */
  "clockpath/macro": { params: { name: string; file?: string }; result: MacroText | null };
  "clockpath/clockRegister": { params: { name: string }; result: ClockRegisterName | null };
  /** The kernel configurations of the open trees, and the chosen one. */
  "clockpath/configurations": { params: null; result: ConfigurationChoices };
  /** Chooses a configuration of an open tree, or (null) none any more; answers at once, the index follows. */
  "clockpath/chooseConfiguration": {
    params: { tree: string; path: string } | null;
    result: ConfigurationSummary | null;
  };
  /** What the chosen configuration selects or leaves out, in its order; empty without one. */
  "clockpath/configurationRows": { params: RowsQuery; result: ConfigurationRow[] };
  /** The lines that decide about one row. */
  "clockpath/configurationReason": { params: RowsQuery & { name: string }; result: ReasonRow[] };
  /** The tree's timecounters and event timers, the best first; none while the call graph is being made. */
  "clockpath/clockSources": { params: null; result: GraphAnswer & { sources: ClockRow[] } };
  /** The shortest paths of calls from one function to another. */
  "clockpath/paths": {
    params: { from: string; to: string };
    /** `missing`: the one of the two names that is no function of the kernel. */
    result: GraphAnswer & { paths: PathRow[]; missing?: string };
  };
  /**
   * The calls that lead from the kernel's entry to the registration of each clock (null), or from one function to another, as a graph: all
   * shortest paths, up to some for each end.
   */
  "clockpath/callGraph": {
    params: { from: string; to: string } | null;
    result: GraphAnswer & CallGraph & { missing?: string };
  };
  /**
   * One of cscope's questions. With a `token` rows come as `$/progress` (QueryProgress) while they are found, and the result has none. Cancelled
   * requests end within a few milliseconds of work.
   */
  "clockpath/query": { params: QueryParams; result: QueryResult };
}

/** Notifications from the server. */
export interface Notifications {
  "clockpath/indexStatusChanged": IndexStatus;
  /** Another configuration was chosen, or a file that it reads has changed (in the editor, too). */
  "clockpath/configurationChanged": ConfigurationSummary | null;
  /** The call graph of the chosen configuration is being made, is there, or is out of date: ask again. */
  "clockpath/graphChanged": GraphAnswer;
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

export interface ConfigurationChoices {
  trees: {
    /** Absolute path. */
    tree: string;
    /** Relative to the tree ("sys/arch/amd64/conf/MICROVM"), with the short name ("amd64/MICROVM"). */
    configurations: { path: string; name: string }[];
  }[];
  chosen: ConfigurationSummary | null;
}

/** The chosen configuration in numbers. */
export interface ConfigurationSummary {
  tree: string;
  path: string;
  /** "amd64/MICROVM" */
  name: string;
  uri: string;
  system: "netbsd" | "freebsd";
  counts: Record<ConfigurationPart, { selected: number; unselected: number }>;
  errors: number;
}

export type ConfigurationPart = "option" | "device" | "file";

export interface RowsQuery {
  part: ConfigurationPart;
  selected: boolean;
}

/** A place in a text, from 0 as in LSP. */
export interface SourcePlace {
  uri: string;
  line: number;
}

export interface ConfigurationRow {
  /** Unique among the rows of one query: "INET", "com0", "sys/arch/x86/x86/tsc.c". */
  name: string;
  /** "= 100", "at isa?", "tsc & !xen". */
  detail: string;
  /** The line that decides. */
  place?: SourcePlace;
  /** For a file of the tree: itself. */
  uri?: string;
}

/** One line of a chain of reasons. */
export interface ReasonRow {
  text: string;
  note: string;
  /** "MICROVM:82" */
  where: string;
  place?: SourcePlace;
}

/** Where the call graph of the chosen configuration stands; "none" without a configuration. */
export interface GraphAnswer {
  state: "none" | "building" | "ready" | "failed";
  message?: string;
}

/** A timecounter or event timer. */
export interface ClockRow {
  what: "timecounter" | "eventtimer";
  variable: string;
  /** "TSC"; empty where it is not a constant. */
  name: string;
  /** As written: "1000", "-100", "TSC_QUALITY"; empty where it is not given. */
  quality: string;
  /** Its file is compiled. */
  configured: boolean;
  /** Some path of calls leads from the kernel's entry to its registration. */
  reached: boolean;
  place: SourcePlace;
  fields: { label: string; value: string; place: SourcePlace }[];
  registrations: { function: string; place: SourcePlace; path?: PathRow }[];
}

/** Functions and clocks, and what leads from one to another; nodes and edges in a fixed order. */
export interface CallGraph {
  /** What the graph shows: "From main to the clocks of amd64/MICROVM". */
  title: string;
  nodes: CallNode[];
  edges: CallEdge[];
}

export interface CallNode {
  id: string;
  kind: "entry" | "function" | "clock";
  label: string;
  /** A clock's quality and state; a function's file. */
  detail: string;
  /** Of a clock: its file is compiled. */
  configured: boolean;
  place?: SourcePlace;
}

export interface CallEdge {
  from: string;
  to: string;
  /** "registers": the call of tc_init or et_register with the clock; the others as the call graph has them. */
  kind: "direct" | "macro" | "pointer" | "set" | "alias" | "ifunc" | "registers";
  /** How the call comes about, where it is not written as one. */
  how: string;
  place: SourcePlace;
}

/** Cscope's nine questions, in its order. */
export type QueryKind =
  | "symbol"
  | "definition"
  | "callees"
  | "callers"
  | "text"
  | "regex"
  | "file"
  | "includers"
  | "assignments";

export interface QueryParams {
  kind: QueryKind;
  text: string;
  /** Only files of the chosen configuration, and headers. */
  configured: boolean;
  ignoreCase?: boolean;
  /** The document from which it is asked: its own statics and neighbours come first. */
  from?: string;
  /** Most rows; the server's own number when absent. */
  limit?: number;
  token?: string;
}

/** One line of an answer; best first, the lines of a file together where the question allows. */
export interface QueryRow {
  uri: string;
  /** Relative to the tree. */
  file: string;
  /** Its file is compiled by the chosen configuration; absent without one, and for headers. */
  configured?: boolean;
  /** From 0. */
  line: number;
  /** Of the name or match, in UTF-16 units of the line; equal where the answer is the line or the file. */
  start: number;
  end: number;
  /** The line, without its end; empty where the answer is a file. */
  text: string;
  /** The function or macro around it. */
  inside?: string;
  /** What it is: "function", "+=", "may call, through tc->tc_get_timecount"; may be empty. */
  note: string;
}

export interface QueryProgress {
  rows: QueryRow[];
  filesDone: number;
  /** 0: not known. */
  filesTotal: number;
}

export interface QueryResult {
  rows: QueryRow[];
  /** Rows found in all, those that came before among them. */
  count: number;
  /** False: there are more than the limit. */
  complete: boolean;
  /** What the user must know: no index, an index that is still being built, a pattern that is none, files that cannot be read. */
  message?: string;
}

/** Functions from the first to the last, each with the place of its call (the first: of its definition). */
export type PathRow = PathStep[];

export interface PathStep {
  function: string;
  /** Empty for a plain call; else how it comes about: "may call, through tc->tc_get_timecount". */
  how: string;
  place: SourcePlace;
}
