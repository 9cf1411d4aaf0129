// The rules of NetBSD's config(5) one by one: small trees in, files, reasons and complaints out.
import { describe, expect, test } from "vitest";
import {
  configureKernel,
  findConfigurations,
  resolveConfiguration,
  why,
  whyText,
} from "../../server/kernel/configure.ts";
import { complaints, fileNames, inlineTree, reasonText } from "./trees.ts";

/** A configuration in a tree with these declarations; what it needs besides is there already. */
function configure(files: string, configuration: string) {
  const tree = inlineTree(`
  --- sys/conf/files
  ${files.trim().replace(/^ {4}/gm, "  ")}
  --- sys/arch/toy/conf/files.toy
  maxpartitions 8
  maxusers 2 8 64
  define bus {[slot = -1]}
  device mainbus: bus
  attach mainbus at root
  --- sys/arch/toy/conf/SMALL
  machine toy
  config toy root on ?
  ${configuration.trim().replace(/^ {4}/gm, "  ")}
`);
  return configureKernel("sys/arch/toy/conf/SMALL", tree.read);
}

const sources = (files: string, configuration: string) =>
  fileNames(configure(files, configuration)).filter((file) => file.startsWith("sys/"));

describe("conditions", () => {
  const files = `
    define a
    define b
    define c
    file and.c a & b
    file or.c a | b
    file not.c !a
    file precedence.c a | b & c
    file parentheses.c (a | b) & c
    file always.c
  `;
  test.each([
    ["", "not always"],
    ["select a", "or precedence always"],
    ["select b", "or not always"],
    ["select a\n    select b", "and or precedence always"],
    ["select b\n    select c", "or not precedence parentheses always"],
  ])("%j", (selected, expected) => {
    expect(sources(files, selected).map((file) => file.slice(4, -2))).toEqual(expected.split(" "));
  });
});

describe("instances", () => {
  const files = `
    device child
    attach child at bus with child_bus
    device nest: bus
    attach nest at bus
    file child.c child
    file child_bus.c child_bus
    file nest.c nest
  `;
  // bus is declared by the machine; the devices that attach to it must come behind it.
  const machine = (configuration: string, more = files) => {
    const tree = inlineTree(`
  --- sys/conf/files
  define nothing
  --- sys/arch/toy/conf/files.toy
  maxpartitions 8
  maxusers 2 8 64
  define bus {[slot = -1]}
  device mainbus: bus
  attach mainbus at root
  ${more.trim().replace(/^ {4}/gm, "  ")}
  --- sys/arch/toy/conf/SMALL
  machine toy
  config toy root on ?
  ${configuration.trim().replace(/^ {4}/gm, "  ")}
`);
    return configureKernel("sys/arch/toy/conf/SMALL", tree.read);
  };

  test("are in when a chain of parents leads to root, and the reason names the chain", () => {
    const configuration = machine(`
    mainbus0 at root
    nest0 at mainbus? slot 1
    nest1 at nest0
    child* at nest1 slot ?`);
    const child = configuration.files.find(({ file }) => file === "sys/child.c");
    expect(reasonText(child?.reason)).toMatchInlineSnapshot(`
      "
      sys/arch/toy/conf/files.toy:10: file child.c child (its condition holds)
      sys/arch/toy/conf/SMALL:6: child* at nest1 slot ? (selects child)
      sys/arch/toy/conf/SMALL:5: nest1 at nest0 (its parent, nest1, is there)
      sys/arch/toy/conf/SMALL:4: nest0 at mainbus? slot 1 (its parent, nest0, is there)
      sys/arch/toy/conf/SMALL:3: mainbus0 at root (its parent, mainbus0, is there)
      "
    `);
    expect(complaints(configuration)).toEqual([]);
  });

  test("without a parent are orphans: an error, and not in the kernel", () => {
    const configuration = machine("mainbus0 at root\n    child0 at nest3");
    expect(complaints(configuration)).toEqual([
      "sys/arch/toy/conf/SMALL:4: error: `child0 at nest3' is orphaned (no `nest3' found)",
    ]);
    expect(configuration.devices.map(({ name, active }) => [name, active])).toEqual([
      ["mainbus0", true],
      ["child0", false],
    ]);
    expect(why(configuration, "child_bus.c").map(whyText)).toMatchInlineSnapshot(`
      [
        "file sys/child_bus.c is out:
        sys/arch/toy/conf/files.toy:11: file child_bus.c child_bus  (its condition does not hold)
        sys/arch/toy/conf/SMALL:4: child0 at nest3  (has no parent in this configuration, so \`child_bus' is not selected)",
      ]
    `);
  });

  test("below a parent that `no' took away are ignored, not orphaned", () => {
    const configuration = machine(`
    mainbus0 at root
    nest0 at mainbus?
    child* at nest0
    no nest0`);
    expect(complaints(configuration)).toEqual([]);
    expect(fileNames(configuration)).not.toContain("sys/child.c");
    expect(
      reasonText(configuration.excluded.find(({ file }) => file === "sys/nest.c")?.reason),
    ).toMatchInlineSnapshot(`
      "
      sys/arch/toy/conf/files.toy:12: file nest.c nest (its condition does not hold)
      sys/arch/toy/conf/SMALL:6: no nest0 (takes nest away)
      "
    `);
  });

  test.each([
    ["no child0 at mainbus?", ["mainbus0", "child1"]],
    ["no child", ["mainbus0"]],
    ["no device at bus", ["mainbus0"]],
    ["no device at root", ["child0", "child1"]],
  ])("%s", (statement, left) => {
    const configuration = machine(`
    mainbus0 at root
    child0 at mainbus?
    child1 at mainbus? slot 2
    ${statement}`);
    expect(configuration.devices.map(({ name }) => name)).toEqual(left);
  });

  test.each([
    ["nobody0 at mainbus0", "nobody0: there is no device `nobody'"],
    ["child at mainbus0", "`child' is not the name of an instance: it has no unit"],
    ["child0 at root", "`child' cannot attach to the root"],
    ["child0 at nothing0", "child0 at nothing0: `nothing' is unknown"],
    ["child0 at mainbus0 irq 3", "child0: there is no locator irq here"],
    ["child0 at", "syntax error: expected `root' or a device, found the end of the line"],
    ["child0 on mainbus0", 'syntax error: expected "at", found "on"'],
  ])("%s: a complaint, and the rest goes on", (line, message) => {
    const configuration = machine(`${line}\n    mainbus0 at root\n    child9 at mainbus0`);
    expect(complaints(configuration)).toEqual([`sys/arch/toy/conf/SMALL:3: error: ${message}`]);
    expect(fileNames(configuration)).toContain("sys/child_bus.c");
  });
});

describe("options", () => {
  const files = `
    defflag opt_one.h ONE TWO
    defparam THREE = 3
    defparam FOUR
    define helped
    defflag HELPER: helped, TWO
    obsolete defflag GONE
    deffs FFS
    file one.c one
    file two.c two
    file helped.c helped
    file ffs.c ffs
  `;
  const headers = (configuration: string) =>
    Object.fromEntries(
      configure(files, configuration).headers.flatMap(({ macros }) =>
        macros.map(({ name, value }) => [name, value]),
      ),
    );

  test("go to their headers; what is not set is known not to be", () => {
    expect(headers("options ONE, FOUR=0x10")).toMatchObject({
      ONE: "1",
      TWO: undefined,
      THREE: "3",
      FOUR: "0x10",
    });
  });

  test("bring what they depend on, and the reason says through whom", () => {
    const configuration = configure(files, "options HELPER\n    file-system FFS");
    expect(fileNames(configuration).slice(0, 3)).toEqual(["sys/two.c", "sys/helped.c", "sys/ffs.c"]);
    expect(
      reasonText(configuration.options.find(({ name }) => name === "TWO")?.reason),
    ).toMatchInlineSnapshot(`
      "
      sys/conf/files:5: defflag HELPER: helped, TWO (helper brings TWO)
      sys/arch/toy/conf/SMALL:3: options HELPER (selects helper)
      "
    `);
  });

  test("that no header carries go to the command line", () => {
    expect(configure(files, 'options LOOSE="a b"').defines).toContainEqual({ name: "LOOSE", value: "a b" });
  });

  test.each([
    ["options ONE=1", "error: option `ONE' must not have a value"],
    ["options FOUR", "error: option `FOUR' must have a value"],
    ["options FFS", "error: `FFS' is a file system: write file-system, not options"],
    ["options GONE", "warning: option `GONE' is obsolete and is ignored"],
    ["options ONE\n    options ONE", "warning: already have options `ONE' (sys/arch/toy/conf/SMALL:3)"],
    ["no options ONE", "warning: options `ONE' is not defined"],
    ["file-system XFS", "error: `XFS' is not a declared file system"],
    ["pseudo-device nothing", "error: there is no pseudo-device `nothing'"],
  ])("%j", (lines, message) => {
    const found = complaints(configure(files, lines));
    expect(found.map((text) => text.replace(/^[^ ]* /, ""))).toEqual([message]);
  });
});

describe("declarations", () => {
  test.each([
    ["define a\n    define b: a\n    define b: a", "attribute `b' is defined twice"],
    ["define a: b\n    define b: a", "attribute `b' depends on itself"],
    ["device 9x", 'syntax error: expected a device\'s name, found "9"'],
    ["device x9", "`x9' cannot be a device's name: it must be a word that does not end in a digit"],
    ["file x.c\n    file x.c", "file x.c is declared twice (first in sys/conf/files:1)"],
    ["file x.c needs-flag", "needs-flag of x.c has no condition to look at"],
    ["file x.c a &", "syntax error: expected a name, `!' or `(', found the end of the line"],
    ["file x.c (a", 'syntax error: expected ")", found the end of the line'],
    ['defflag "opt_x" A', 'the options\' header `opt_x\' must end in ".h" and have no "/"'],
    ["options A", 'syntax error: expected a definition, found "options"'],
    ["endif", "mismatched endif"],
    ["ifdef toy", "no endif before the end of the file"],
    ['include "conf/absent"', "cannot include sys/conf/absent: there is no such file"],
    [
      "device-major x char 1\n    device-major x block 2",
      "device-major `x' is declared twice (first in sys/conf/files:1)",
    ],
    ["device-major x char 1\n    device-major y char 1", "character major 1 of `y' is that of `x' (first in"],
    ["device-major x char 5000", "character major 5000 is invalid: the largest is 4095"],
    ["attach nobody at root", "device `nobody' is used and not defined"],
  ])("%j", (lines, message) => {
    const found = complaints(configure(lines, ""));
    expect(
      found.some((text) => text.includes(message)),
      found.join("\n"),
    ).toBe(true);
    expect(found[0]).toMatch(/^sys\/conf\/files:[123]: error: /);
  });

  test("sources for a later config(1) than is known are read all the same, with a warning", () => {
    const configuration = configure("version 20990101\n    file x.c", "");
    expect(complaints(configuration)).toEqual([
      "sys/conf/files:1: warning: these sources are for config(1) of version 20990101; 20180827 is the newest that is known here",
    ]);
    expect(fileNames(configuration)[0]).toBe("sys/x.c");
  });

  test("a file that includes itself ends in an error", () => {
    const found = complaints(configure('include "conf/files"', ""));
    expect(found[0]).toContain("sys/conf/files includes itself");
  });

  test("of two chosen files with one object the later one wins, and the reason says so", () => {
    const configuration = configure("file kern/copy.c\n    file fast/copy.S", "");
    expect(fileNames(configuration)[0]).toBe("sys/fast/copy.S");
    expect(reasonText(configuration.excluded[0]?.reason)).toMatchInlineSnapshot(`
      "
      sys/conf/files:2: file fast/copy.S (is declared later, has the same object file and takes its place)
      sys/conf/files:1: file kern/copy.c (is unconditional)
      "
    `);
  });
});

describe("names", () => {
  const tree = inlineTree(`
  --- sys/arch/amd64/conf/GENERIC
  machine amd64
  --- sys/arch/amd64/conf/MICROVM
  machine amd64
  --- sys/arch/amd64/conf/files.amd64
  --- sys/arch/amd64/conf/std.amd64
  --- sys/arch/amd64/conf/GENERIC.local
  --- sys/arch/i386/conf/GENERIC
  machine i386
`);

  test("of configurations are found in conf folders", () => {
    expect(findConfigurations(tree.list)).toEqual([
      "sys/arch/amd64/conf/GENERIC",
      "sys/arch/amd64/conf/MICROVM",
      "sys/arch/i386/conf/GENERIC",
    ]);
  });

  test.each([
    ["MICROVM", { path: "sys/arch/amd64/conf/MICROVM" }],
    ["i386/GENERIC", { path: "sys/arch/i386/conf/GENERIC" }],
    ["sys/arch/i386/conf/GENERIC", { path: "sys/arch/i386/conf/GENERIC" }],
    [
      "GENERIC",
      {
        error: "several configurations are called GENERIC: amd64/GENERIC, i386/GENERIC",
        candidates: ["amd64/GENERIC", "i386/GENERIC"],
      },
    ],
    [
      "MICRO",
      {
        error: "there is no configuration MICRO in this tree; there are amd64/MICROVM",
        candidates: ["amd64/MICROVM"],
      },
    ],
    [
      "sparc/GENERIC",
      expect.objectContaining({ error: expect.stringContaining("no configuration sparc/GENERIC") }),
    ],
  ])("%s", (name, expected) => {
    expect(resolveConfiguration(name, tree.list, tree.read)).toEqual(expected);
  });
});
