// Where an #include of a configured kernel leads, beyond the folders that all files have.
import { expect, test } from "vitest";
import { includeFinder } from "../../server/graph/includes.ts";
import type { KernelConfiguration } from "../../server/kernel/api.ts";
import { inlineTree } from "../kernel/trees.ts";

const CONFIGURATION: KernelConfiguration = {
  system: "netbsd", name: "DOMU", path: "sys/arch/xen/conf/DOMU", machine: "xen", sys: "sys/", files: [], excluded: [], options: [], devices: [],
  attributes: [], unselected: [], headers: [], defines: [], includePath: ["sys"], inputs: [], diagnostics: [],
  links: [
    { name: "machine", target: "sys/arch/xen/include" },
    { name: "xen", target: "sys/arch/xen/include" },
    { name: "amd64", target: "sys/arch/amd64/include" },
  ],
}; // biome-ignore format: a record

const TREE = `
  --- sys/arch/xen/include/intr.h
  int xen_intr;
  --- sys/arch/amd64/include/intr.h
  int amd64_intr;
  --- sys/arch/amd64/include/cpu.h
  int amd64_cpu;
  --- sys/contrib/drm/include/drm.h
  int drm;
  --- sys/contrib/zstd/zstd.h
  int zstd;
`;

const found = (configuration: KernelConfiguration, tree: string, target: string) =>
  includeFinder(configuration, inlineTree(tree).read, new Map())(target, true, "sys/kern/a.c")?.path;

test("Xen's headers lie over its architecture's where the machine's makefile links both", () => {
  const makefile =
    "\n  --- sys/arch/xen/conf/Makefile.xen\n  \tmkdir xen-ma && ln -s ../$(XEN_BUILD) xen-ma/machine\n";
  expect(found(CONFIGURATION, TREE + makefile, "machine/intr.h")).toBe("sys/arch/xen/include/intr.h");
  expect(found(CONFIGURATION, TREE + makefile, "machine/cpu.h")).toBe("sys/arch/amd64/include/cpu.h");
  expect(found(CONFIGURATION, TREE, "machine/cpu.h")).toBeUndefined();
});

test("folders that flags name for some files are looked into last", () => {
  const option = {
    name: "CPPFLAGS.drm",
    kind: "makeoption" as const,
    value: "+=-I$S/contrib/drm/include",
    reason: [],
  };
  expect(found(CONFIGURATION, TREE, "drm.h")).toBeUndefined();
  expect(found({ ...CONFIGURATION, options: [option] }, TREE, "drm.h")).toBe("sys/contrib/drm/include/drm.h");
  const file = {
    file: "sys/a.c",
    kind: "source" as const,
    condition: "",
    reason: [],
    compileWith: "$(NORMAL_C) -I$S/contrib/zstd",
  };
  expect(found({ ...CONFIGURATION, files: [file] }, TREE, "zstd.h")).toBe("sys/contrib/zstd/zstd.h");
});
