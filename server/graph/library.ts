// The kernel's own C library, which is linked as an archive and named by no configuration: NetBSD's libkern. Its makefile names the sources;
// FreeBSD compiles its own like every other file. A table of folders, and the few rules that the makefile has.
import type { HeaderLink, KernelConfiguration, ReadFile } from "../kernel/api.ts";

const MAKEFILES = [
  "lib/libkern/Makefile.libkern",
  "lib/libkern/arch/MACHINE_ARCH/Makefile.inc",
  "../common/lib/libc/Makefile.inc",
  "../common/lib/libc/arch/MACHINE_ARCH/string/Makefile.inc",
  "../common/lib/libc/arch/MACHINE_ARCH/atomic/Makefile.inc",
  "../common/lib/libutil/Makefile.inc",
  "../common/lib/libprop/Makefile.inc",
  "../common/lib/libppath/Makefile.inc",
];

const FOLDERS = [
  "lib/libkern/arch/MACHINE_ARCH",
  "lib/libkern",
  ...["atomic", "cdb", "gen", "hash/sha1", "hash/sha2", "hash/sha3", "hash/rmd160", "hash/murmurhash", "inet", "md", "misc", "net", "quad", "stdlib", "string", "sys"].map(
    (folder) => `../common/lib/libc/${folder}`,
  ),
  ...["libutil", "libprop", "libppath"].map((folder) => `../common/lib/${folder}`),
]; // biome-ignore format: a table

/** MACHINE_ARCH of a machine, where its name is another one. */
const ARCHITECTURES: Record<string, string> = { amd64: "x86_64", xen: "x86_64" };

/** C sources of the kernel's library, relative to the tree; those that the machine has in assembly are left out. */
export function librarySources({ system, sys, machine }: KernelConfiguration, read: ReadFile): string[] {
  if (system !== "netbsd") return [];
  const architecture = ARCHITECTURES[machine] ?? machine;
  const place = (path: string) => {
    const named = path.replace("MACHINE_ARCH", architecture);
    return named.startsWith("../") && sys !== "" ? named.slice(3) : sys + named;
  };
  const words = new Set<string>();
  for (const makefile of MAKEFILES) {
    const text = Buffer.from(read(place(makefile)) ?? [])
      .toString("latin1")
      .replaceAll("\\\n", " ");
    for (const [, list] of text.matchAll(/^SRCS\s*\+?=(.*)$/gm))
      for (const word of list!.split(/\s+/)) words.add(word);
  }
  const sources: string[] = [];
  for (const word of words) {
    if (!/^[\w.]+\.c$/.test(word) || words.has(word.replace(/c$/, "S"))) continue;
    const found = FOLDERS.map((folder) => `${place(folder)}/${word}`).find(
      (path) => read(path) !== undefined,
    );
    if (found !== undefined) sources.push(found);
  }
  return sources;
}

/** Include folders that the machine's makefile adds (`EXTRA_INCLUDES= -I$S/...`). */
export function makefileIncludes({ sys, machine }: KernelConfiguration, read: ReadFile): string[] {
  const text = makefileOf(sys, machine, read);
  return [...text.matchAll(/-I\$S\/([\w./-]+?)\/?(?=\s|$)/gm)].map(([, folder]) => sys + folder!);
}

/**
 * Include folders of some files only: NetBSD's `makeoptions x CPPFLAGS+="-I$S/..."`, FreeBSD's `compile-with "... -I$S/..."`
 * and the compilers' commands of conf/kern.pre.mk that it names. Looked into for what
 * the folders of all files have not.
 */
export function flaggedIncludes({ sys, options, files }: KernelConfiguration, read: ReadFile): string[] {
  const flags = [
    ...options
      .filter(({ kind, name }) => kind === "makeoption" && name.startsWith("CPPFLAGS"))
      .map(({ value }) => value),
    ...files.map(({ compileWith }) => compileWith),
    Buffer.from(read(`${sys}conf/kern.pre.mk`) ?? []).toString("latin1"),
  ];
  const folders = flags.flatMap((text) => [...(text ?? "").matchAll(/-I\s*\$(?:S|\{S\})\/([\w./-]+)/g)]);
  return [...new Set(folders.map(([, folder]) => sys + folder!.replace(/\/$/, "")))];
}

/**
 * Links that config(1) makes, and a second `machine` where the machine's makefile has one: Xen's headers lie over those of the architecture
 * that it is built for (`ln -s ../${XEN_BUILD} xen-ma/machine`).
 */
export function includeLinks(
  { sys, machine, links }: KernelConfiguration,
  read: ReadFile,
): readonly HeaderLink[] {
  const hasSecond = /\bln -s \.\.\/\S+ [\w-]+\/machine\b/.test(makefileOf(sys, machine, read));
  const architecture = links.find(({ name }) => name !== "machine" && name !== machine);
  if (!hasSecond || architecture === undefined) return links;
  return [...links, { name: "machine", target: architecture.target }];
}

const makefileOf = (sys: string, machine: string, read: ReadFile): string =>
  Buffer.from(read(`${sys}arch/${machine}/conf/Makefile.${machine}`) ?? []).toString("latin1");
