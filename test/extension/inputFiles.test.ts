// Files that a launch configuration names beside the kernel: relative paths are the workspace folder's.
import path from "node:path";
import { expect, test } from "vitest";
import { absoluteInputs } from "../../extension/debug/inputFiles.ts";

const folder = path.resolve("/work");
const at = (file: string) => path.resolve(folder, file);

test.each([
  ["nothing", {}, {}],
  [
    "initrd and symbols",
    { initrd: "rd.img", symbols: "sub/vmlinux" },
    { initrd: at("rd.img"), symbols: at("sub/vmlinux") },
  ],
  ["empty is none", { initrd: "", symbols: "" }, { initrd: "", symbols: "" }],
  ["absolute stays", { initrd: at("x") }, { initrd: at("x") }],
  [
    "modules keep their text",
    { modules: ["a.ko", "b.ko two words"] },
    { modules: [at("a.ko"), `${at("b.ko")} two words`] },
  ],
  ["disks keep ro:", { disks: ["root.img", "ro:cd.iso"] }, { disks: [at("root.img"), `ro:${at("cd.iso")}`] }],
  ["what is no path stays", { disks: [3], modules: "x", initrd: 7 }, { disks: [3], modules: "x", initrd: 7 }],
])("%s", (_name, given, expected) => {
  expect(absoluteInputs(given, folder)).toEqual(expected);
});
