// Recorded source paths to files here, over an imagined file system.
import { expect, test } from "vitest";
import { SourcePaths } from "../../emulator/source-paths.ts";

const files = new Set([
  "/home/me/src/sys/kern/kern_tc.c",
  "/home/me/src/sys/arch/x86/x86/tsc.c",
  "/usr/src/sys/kern/init_main.c",
  "/work/kernels/sys/kern/init_main.c",
]);

const paths = (sourceMap: Record<string, string>, folders: string[] = []) =>
  new SourcePaths({ sourceMap, folders }, (file) => files.has(file.replaceAll("\\", "/")));

const local = (from: SourcePaths, recorded: string) => from.local(recorded)?.replaceAll("\\", "/");

test.each([
  ["as recorded", {}, [], "/usr/src/sys/kern/init_main.c", "/usr/src/sys/kern/init_main.c"],
  [
    "by sourceMap",
    { "/build": "/home/me/src" },
    [],
    "/build/sys/kern/kern_tc.c",
    "/home/me/src/sys/kern/kern_tc.c",
  ],
  [
    "sourceMap before the recorded path",
    { "/usr/src": "/work/kernels" },
    [],
    "/usr/src/sys/kern/init_main.c",
    "/work/kernels/sys/kern/init_main.c",
  ],
  [
    "the longest folder of sourceMap",
    { "/b": "/nowhere", "/b/src/": "/home/me/src" },
    [],
    "/b/src/sys/kern/kern_tc.c",
    "/home/me/src/sys/kern/kern_tc.c",
  ],
  [
    "a folder's name is no prefix of another's",
    { "/b": "/home/me/src" },
    [],
    "/bc/sys/kern/kern_tc.c",
    undefined,
  ],
  [
    "by the longest tail",
    {},
    ["/home/me/src"],
    "/elsewhere/netbsd/sys/arch/x86/x86/tsc.c",
    "/home/me/src/sys/arch/x86/x86/tsc.c",
  ],
  ["from Windows", {}, ["/home/me/src"], "C:\\obj\\sys\\kern\\kern_tc.c", "/home/me/src/sys/kern/kern_tc.c"],
  ["a mere file name is not enough", {}, ["/home/me/src/sys/kern"], "/elsewhere/kern_tc.c", undefined],
] as const)("%s", (_name, sourceMap, folders, recorded, expected) => {
  expect(local(paths(sourceMap, [...folders]), recorded)).toBe(expected);
});

test("the way back, for breakpoints", () => {
  const mapped = paths({ "/build": "/home/me/src" });
  expect(mapped.recorded("/home/me/src/sys/kern/kern_tc.c")).toBe("/build/sys/kern/kern_tc.c");
  expect(mapped.recorded("/other/sys/kern/kern_tc.c")).toBe("/other/sys/kern/kern_tc.c");
});
