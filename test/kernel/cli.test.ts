// `clockpath config` as users type it: arguments in, standard output and exit status out.
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { config } from "../../server/kernel-cli.ts";
import { fixtures } from "./trees.ts";

const netbsd = path.join(fixtures, "netbsd");
const freebsd = path.join(fixtures, "freebsd");

async function run(...args: string[]): Promise<string> {
  let text = "";
  const status = await config(args, { write: (part) => (text += part) });
  expect(status).toBe(0);
  return `\n${text}`;
}

let complaints = "";
beforeEach(() => {
  complaints = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    complaints += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("clockpath config", () => {
  test("TREE lists the configurations", async () => {
    expect(await run(netbsd)).toBe("\ntoy/BARE\ntoy/TOY\n");
    expect(await run(path.join(freebsd, "sys"))).toBe("\ntoy/PLAIN\ntoy/TOY\ntoy/XEN\n");
  });

  test("a configuration may be a path, from here or from the tree", async () => {
    const file = path.join(netbsd, "sys", "arch", "toy", "conf", "BARE");
    const expected = await run(netbsd, "BARE", "devices");
    expect(await run(netbsd, file, "devices")).toBe(expected);
    expect(await run(netbsd, path.relative(process.cwd(), file), "devices")).toBe(expected);
    expect(await run(netbsd, "sys/arch/toy/conf/BARE", "devices")).toBe(expected);
    expect(await run(path.join(netbsd, "sys"), "toy/BARE", "devices")).toContain("arch/toy/conf/std.toy:4");
  });

  test("TREE CONFIG files prints the compiled sources, each with the lines that decide", async () => {
    const text = await run(netbsd, "TOY", "files");
    expect(
      text
        .split("\n")
        .filter((line) => /bus|leg\.c/.test(line))
        .join("\n"),
    ).toMatchInlineSnapshot(`
      "sys/arch/toy/toy/board.c: \`file arch/toy/toy/board.c board\`, sys/arch/toy/conf/files.toy:11; \`board* at mainbus?\`, sys/arch/toy/conf/TOY:19; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/arch/toy/toy/chip.c: \`file arch/toy/toy/chip.c chip_main\`, sys/arch/toy/conf/files.toy:14; \`chip0 at mainbus0\`, sys/arch/toy/conf/TOY:26; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/arch/toy/toy/mainbus.c: \`file arch/toy/toy/mainbus.c mainbus needs-flag\`, sys/arch/toy/conf/files.toy:15; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/dev/hub.c: \`file dev/hub.c hub needs-flag\`, sys/conf/files:52; \`hub0 at board? slot 3 irq ?\`, sys/arch/toy/conf/TOY:20; \`board* at mainbus?\`, sys/arch/toy/conf/TOY:19; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/dev/net.c: \`file dev/net.c net | nullnet needs-count\`, sys/conf/files:57; \`net0 at board? slot 5\`, sys/arch/toy/conf/TOY:23; \`board* at mainbus?\`, sys/arch/toy/conf/TOY:19; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/dev/net_bus.c: \`file dev/net_bus.c net_bus\`, sys/conf/files:58; \`net0 at board? slot 5\`, sys/arch/toy/conf/TOY:23; \`board* at mainbus?\`, sys/arch/toy/conf/TOY:19; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/dev/dma.c: \`file dev/dma.c bus_dma\`, sys/conf/files:60; \`attach net at bus with net_bus: bus_dma\`, sys/conf/files:54; \`net0 at board? slot 5\`, sys/arch/toy/conf/TOY:23; \`board* at mainbus?\`, sys/arch/toy/conf/TOY:19; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/dev/dsk.c: \`file dev/dsk.c dsk needs-flag\`, sys/conf/files:63; \`dsk* at chip? channel ?\`, sys/arch/toy/conf/TOY:27; \`chip0 at mainbus0\`, sys/arch/toy/conf/TOY:26; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      sys/dev/leg.c: \`file dev/leg.c leg\`, sys/conf/files:72; \`leg* at bridge? leg 1\`, sys/arch/toy/conf/TOY:33; \`pseudo-device bridge\`, sys/arch/toy/conf/TOY:32
      sys/net/ether.c: \`file net/ether.c ether\`, sys/conf/files:75; \`device net: ether, ifnet\`, sys/conf/files:53; \`net0 at board? slot 5\`, sys/arch/toy/conf/TOY:23; \`board* at mainbus?\`, sys/arch/toy/conf/TOY:19; \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4"
    `);
    expect(text).not.toContain("ioconf.c");
    expect(await run(netbsd, "TOY", "files", "--all")).toContain("ioconf.c (generated)");
  });

  test("files --json prints one object a line, with paths relative to the tree", async () => {
    const lines = (await run(freebsd, "XEN", "files", "--json"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.find(({ file }) => file === "sys/x86/x86/pvclock.c")).toMatchInlineSnapshot(`
      {
        "condition": "optional kvm_clock | xenhvm",
        "file": "sys/x86/x86/pvclock.c",
        "kind": "source",
        "reason": [
          {
            "file": "sys/conf/files.x86",
            "line": 3,
            "note": "its condition holds",
            "text": "x86/x86/pvclock.c optional kvm_clock | xenhvm",
          },
          {
            "file": "sys/toy/conf/XEN",
            "line": 3,
            "note": "selects xenhvm",
            "text": "options XENHVM",
          },
        ],
      }
    `);
    expect(lines.every(({ kind }) => kind === "source")).toBe(true);
  });

  test("files --out prints what is left out", async () => {
    expect(await run(freebsd, "PLAIN", "files", "--out")).toContain(
      "sys/x86/x86/pvclock.c: `x86/x86/pvclock.c optional kvm_clock | xenhvm`",
    );
  });

  test("options and devices", async () => {
    expect(await run(netbsd, "BARE", "options")).toMatchInlineSnapshot(`
      "
      COMPAT_2: \`options COMPAT_2\`, sys/conf/std:2
      OPEN_FILES=256: \`options OPEN_FILES=256\`, sys/arch/toy/conf/std.toy:3
      MAXUSERS=0: config(1) sets it from \`maxusers': selects MAXUSERS
      COPTS.kern_clock.c+=-O1 (makeoption): \`makeoptions kern "COPTS.kern_clock.c"+="-O1"\`, sys/conf/files:102
      "
    `);
    expect(await run(netbsd, "BARE", "devices")).toMatchInlineSnapshot(`
      "
      mainbus0 at root: \`mainbus0 at root\`, sys/arch/toy/conf/std.toy:4
      "
    `);
    expect(await run(freebsd, "PLAIN", "devices", "--json")).toMatchInlineSnapshot(`
      "
      {"name":"isa","driver":"isa","kind":"device","active":true,"reason":[{"file":"sys/toy/conf/DEFAULTS","line":3,"text":"device isa","note":"selects isa"}]}
      "
    `);
  });

  test("why NAME", async () => {
    expect(await run(netbsd, "TOY", "why", "compat_2.c")).toMatchInlineSnapshot(`
      "
      file sys/kern/compat_2.c is in:
        sys/conf/files:89: file kern/compat_2.c compat_2  (its condition holds)
        sys/conf/std:2: options COMPAT_2  (selects compat_2)
      "
    `);
    expect(await run(netbsd, "TOY", "why", "nullnet", "--json")).toMatchInlineSnapshot(`
      "
      {"what":"device","name":"nullnet","selected":false,"reason":[{"file":"sys/arch/toy/conf/TOY","line":35,"text":"no pseudo-device nullnet","note":"takes nullnet away"}]}
      "
    `);
  });

  test("why of a name that nothing knows says where the word stands", async () => {
    expect(await run(netbsd, "TOY", "why", "pvclock")).toMatchInlineSnapshot(`
      "
      nothing named pvclock is declared or selected for TOY; the word stands in
        sys/arch/toyxen/toyxen/hypervisor.c:3 (compiled), as has_hvm_safe_pvclock
        sys/arch/toyxen/include/features.h:1 (header), as FEAT_hvm_safe_pvclock
      "
    `);
  });

  test("why of a word in files' names tells which of them are compiled", async () => {
    expect(await run(netbsd, "TOY", "why", "main")).toMatchInlineSnapshot(`
      "
      nothing named main is declared or selected for TOY
        file sys/kern/init_main.c has the word in its name (compiled)
        file sys/dev/pkg/pkg_main.c has the word in its name (compiled)
      the word stands in no source of the tree
      "
    `);
    expect(await run(netbsd, "TOY", "why", "main", "--json")).toMatchInlineSnapshot(`
      "
      {"name":"main","selected":false,"files":[{"file":"sys/kern/init_main.c","state":"compiled"},{"file":"sys/dev/pkg/pkg_main.c","state":"compiled"}],"mentions":[]}
      "
    `);
  });

  test("what is wrong in a configuration goes to standard error, and the rest is printed", async () => {
    await run(path.join(fixtures, "broken"), "BROKEN", "files");
    expect(complaints).toBe("sys/arch/toy/conf/BROKEN:5: error: there is no pseudo-device `nobody'\n");
  });

  test.each([
    [[], "name a tree; see clockpath config --help"],
    [["/no/such/folder"], "/no/such/folder is not a folder"],
    [[netbsd, "TOY"], "say files, options, devices or why; see clockpath config --help"],
    [[netbsd, "TOY", "why"], "why takes one name"],
    [[netbsd, "TOY", "files", "more"], "files takes no name"],
    [[netbsd, "TOI", "files"], `there is no configuration TOI in ${netbsd}`],
    [[netbsd, "TO", "files"], `there is no configuration TO in ${netbsd}; there are toy/TOY`],
    [[netbsd, "TOY", "files", "--jsn"], "unknown option --jsn; see clockpath config --help"],
  ])("%j: a message for users", async (args, message) => {
    await expect(config(args, { write: () => {} })).rejects.toThrow(message);
  });
});
