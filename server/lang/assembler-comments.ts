// Which character begins a comment in an assembly file, besides the preprocessor's comments and `#`: GNU as gives each instruction
// set its own ("Comments" in the manual's machine-dependent part), and what is a comment to one is an operator to another. The
// folders on a file's path say for which machine it is. Knows no tokens.

/** By mark: the folders of instruction sets and of the ports to their machines, in both BSDs. */
const foldersByMark: Readonly<Record<string, string>> = {
  "|": "m68k m68060 060sp amiga atari cesfic hp300 luna68k mac68k mvme68k news68k next68k sun2 sun3 sun3x sun68k virt68k x68k",
  "!": "sparc sparc64 sh3 sh5 evbsh3 dreamcast hpcsh landisk mmeye",
  "@": "arm arm26 arm32 armv6 acorn26 acorn32 bootarm cats epoc32 evbarm hpcarm iyonix netwinder shark zaurus",
  ";": "hppa hp700",
};

const markOfFolder: ReadonlyMap<string, string> = new Map(
  Object.entries(foldersByMark).flatMap(([mark, folders]) =>
    folders.split(" ").map((folder) => [folder, mark] as const),
  ),
);

/** The character, or "" where there is none or the path does not say: the innermost folder decides. */
export function assemblerCommentMark(path: string): string {
  for (const folder of path.split("/").reverse()) {
    const mark = markOfFolder.get(folder);
    if (mark !== undefined) return mark;
  }
  return "";
}
