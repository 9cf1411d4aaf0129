// What a kernel configuration means: the files that are compiled, the options, devices and attributes that are selected, the headers
// that config(1) (NetBSD) and config(8) (FreeBSD) would write, and for each the lines that decide. Plain data: it can be sent to a
// worker or printed as JSON. Knows nothing of LSP, of the file system (files come in by a reader) and of the index.

/**
 * Reads one file of the tree. Paths are relative to the tree, with "/" between the parts and without "." and ".." where that is possible
 * ("sys/conf/files"); a tree that is a bare `sys/` may be asked for "../common/...". `undefined` says that there is no such file.
 */
export type ReadFile = (path: string) => Uint8Array | undefined;

/** The names in one folder of the tree (files and folders, no order asked for); empty when there is none. */
export type ListFolder = (path: string) => readonly string[];

/** A line of the tree. Lines count from 1. */
export interface Place {
  file: string;
  line: number;
}

/** One line of a chain of reasons. */
export interface ReasonLine {
  /** Where the line stands; absent for a rule that is built into config(1) or config(8). */
  place?: Place;
  /** The line as written, white space collapsed and comments taken away: "file arch/x86/x86/tsc.c machdep". */
  text: string;
  /** What it does here, as half a sentence: "selects com_isa", "`ddb` is not selected". */
  note: string;
}

/** A chain that starts at the thing itself and ends at the line of the configuration that decides. */
export type Reason = readonly ReasonLine[];

/**
 * "source": C or assembly of the tree, compiled.
 * "generated": compiled, but written at build time (ioconf.c, swapnetbsd.c), or an interface of which C is made (FreeBSD's .m files).
 * "object": an object file that is linked as it is.
 * "helper": made for other files and not linked: FreeBSD's `no-obj` headers and firmware.
 */
export type KernelFileKind = "source" | "generated" | "object" | "helper";

export interface KernelFile {
  /** Relative to the tree; for "generated" the name in the build directory. */
  file: string;
  kind: KernelFileKind;
  /** The condition as written, "" when there is none. */
  condition: string;
  /** Its own compile command (`compile-with`), when it has one. */
  compileWith?: string;
  reason: Reason;
}

/** An option that the configuration sets; file systems of NetBSD are options of the kind "file-system". */
export interface KernelOption {
  name: string;
  kind: "option" | "file-system" | "makeoption" | "envvar";
  /** The value as written; absent for a flag. */
  value?: string;
  /** Where the tree declares it (defflag, defparam, deffs, sys/conf/options*); absent when it is not declared. */
  declared?: Place;
  /** The header that carries it ("opt_ddb.h"); absent when it goes to the command line. */
  header?: string;
  reason: Reason;
}

/** A device of the configuration: NetBSD's instances ("com0 at isa?"), pseudo-devices, FreeBSD's `device` lines. */
export interface KernelDevice {
  /** As written: "com0", "cpu*", "bpfilter", "uart". */
  name: string;
  /** The driver: "com", "cpu". */
  driver: string;
  kind: "instance" | "pseudo-device" | "device";
  /** NetBSD: what it attaches to, as written ("isa?", "root"). */
  at?: string;
  /** NetBSD: the attachment used ("com_isa"). */
  attachment?: string;
  /** NetBSD: locators in the order of the interface attribute. */
  locators?: readonly { name: string; value?: string }[];
  /** False for an instance without a living parent: it is written down and is not in the kernel. */
  active: boolean;
  declared?: Place;
  reason: Reason;
}

/** A name that conditions can ask for, and that is selected: attribute, driver, attachment, or option in lower case. */
export interface KernelAttribute {
  name: string;
  declared?: Place;
  reason: Reason;
}

/** A name that the tree declares and the configuration does not select. */
export interface UnselectedName {
  what: "option" | "device" | "attribute";
  name: string;
  declared?: Place;
  reason: Reason;
}

/** What a generated header says about one macro; `value` is undefined where the header says that it is *not* defined. */
export interface Macro {
  name: string;
  value: string | undefined;
}

/** A header in the build directory: opt_ddb.h, ioapic.h, locators.h. */
export interface KernelHeader {
  name: string;
  macros: readonly Macro[];
  /** The text as config(1) or config(8) writes it. */
  text: string;
}

export interface KernelDiagnostic {
  place?: Place;
  severity: "error" | "warning";
  message: string;
}

/** A link in the build directory, as a folder of the tree: "machine" -> "sys/arch/amd64/include". */
export interface HeaderLink {
  name: string;
  target: string;
}

export interface KernelConfiguration {
  system: "netbsd" | "freebsd";
  /** "MICROVM" */
  name: string;
  /** The configuration file, relative to the tree: "sys/arch/amd64/conf/MICROVM". */
  path: string;
  /** "amd64" */
  machine: string;
  ident?: string;
  /** The folder of the kernel's sources, with "/" at its end: "sys/", or "" when the tree is `sys/` itself. */
  sys: string;
  /** What is compiled, in the order of the makefile. */
  files: KernelFile[];
  /** What the tree declares and the configuration leaves out, in the order of declaration. */
  excluded: KernelFile[];
  options: KernelOption[];
  devices: KernelDevice[];
  attributes: KernelAttribute[];
  /** Options, devices and attributes that could be selected and are not. */
  unselected: UnselectedName[];
  headers: KernelHeader[];
  /** Macros of the compiler's command line: options that no header carries, and those that every file of a kernel gets (`_KERNEL`). */
  defines: Macro[];
  /** Folders that `#include <...>` searches, in order, relative to the tree; "" is not among them unless the tree is `sys/` itself. */
  includePath: string[];
  links: HeaderLink[];
  /** Every configuration, files.* and options file that was read, in order: what to watch for changes. */
  inputs: string[];
  /** Errors do not stop: what could be understood is there. */
  diagnostics: KernelDiagnostic[];
}

/** Where a name is declared, whether it is in, and why. */
export interface WhyAnswer {
  what: "file" | "option" | "device" | "attribute";
  name: string;
  selected: boolean;
  reason: Reason;
}
