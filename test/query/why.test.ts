// clockpath query --configured and --why on a small tree with a configuration: what is in, and which lines leave a file out.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, it, vi } from "vitest";
import { updateIndex } from "../../server/index/build.ts";
import { query as queryCommand } from "../../server/query-cli.ts";
import { treeMeant } from "../../server/terminal.ts";
import { temporaryFolder, writeTree } from "../index/helpers.ts";

let tree: string;
let indexDir: string;

beforeAll(async () => {
  tree = writeTree(`
=== sys/conf/files
maxpartitions 8
maxusers 2 8 64
defflag	HPET
device	acpihpet
file	kern/kern_tc.c
file	dev/hpet.c	hpet
file	dev/acpi_hpet.c	acpihpet
=== sys/arch/toy/conf/files.toy
=== sys/arch/toy/conf/TOY
machine	toy
config	netbsd root on ? type ?
=== sys/sys/timetc.h
void tc_init(void);
=== sys/kern/kern_tc.c
void tc_init(void) { }
void inittimecounter(void) { tc_init(); }
=== sys/dev/hpet.c
void hpet_init(void) { tc_init(); }
=== sys/dev/acpi_hpet.c
void acpi_hpet_attach(void) { tc_init(); }
=== sys/dev/nowhere.c
void nowhere(void) { tc_init(); }
`);
  indexDir = temporaryFolder();
  await updateIndex(tree, { indexDir, workers: 0, config: "TOY" });
});

async function query(...args: string[]): Promise<string> {
  let text = "";
  expect(
    await queryCommand([...args, "--tree", tree, "--index-dir", indexDir], {
      write: (part) => (text += part),
    }),
  ).toBe(0);
  return `\n${text}`;
}

it("tells which lines leave each file out, and that no line names one", async () => {
  expect(await query("callers", "tc_init", "--why")).toMatchInlineSnapshot(`
    "
    sys/kern/kern_tc.c:2:30 inittimecounter: void inittimecounter(void) { tc_init(); }
    sys/dev/acpi_hpet.c:1:31 acpi_hpet_attach: void acpi_hpet_attach(void) { tc_init(); }
        out: sys/conf/files:7: file dev/acpi_hpet.c acpihpet (its condition does not hold)
        out: sys/conf/files:4: device acpihpet (declares acpihpet; nothing selects \`acpihpet')
    sys/dev/hpet.c:1:24 hpet_init: void hpet_init(void) { tc_init(); }
        out: sys/conf/files:6: file dev/hpet.c hpet (its condition does not hold)
        out: sys/conf/files:3: defflag HPET (declares hpet; nothing selects \`hpet')
    sys/dev/nowhere.c:1:22 nowhere: void nowhere(void) { tc_init(); }
        out: no line of the files that sys/arch/toy/conf/TOY includes names it
    "
  `);
});

it("gives the kernel's only, and everything", async () => {
  expect(await query("callers", "tc_init", "--configured")).toMatchInlineSnapshot(`
    "
    sys/kern/kern_tc.c:2:30 inittimecounter: void inittimecounter(void) { tc_init(); }
    "
  `);
  expect(await query("callers", "tc_init", "--everywhere")).toBe(await query("callers", "tc_init"));
});

it("gives state and reasons as JSON", async () => {
  const lines = (await query("callers", "tc_init", "--why", "--json")).trim().split("\n");
  expect(
    lines.map((line) => JSON.parse(line)).map(({ file, configured, why }) => ({ file, configured, why })),
  ).toMatchInlineSnapshot(`
    [
      {
        "configured": true,
        "file": "sys/kern/kern_tc.c",
        "why": undefined,
      },
      {
        "configured": false,
        "file": "sys/dev/acpi_hpet.c",
        "why": [
          "sys/conf/files:7: file dev/acpi_hpet.c acpihpet (its condition does not hold)",
          "sys/conf/files:4: device acpihpet (declares acpihpet; nothing selects \`acpihpet')",
        ],
      },
      {
        "configured": false,
        "file": "sys/dev/hpet.c",
        "why": [
          "sys/conf/files:6: file dev/hpet.c hpet (its condition does not hold)",
          "sys/conf/files:3: defflag HPET (declares hpet; nothing selects \`hpet')",
        ],
      },
      {
        "configured": false,
        "file": "sys/dev/nowhere.c",
        "why": [
          "no line of the files that sys/arch/toy/conf/TOY includes names it",
        ],
      },
    ]
  `);
});

it("takes another configuration for one query, and leaves the index's own as it is", async () => {
  writeFileSync(path.join(tree, "sys/arch/toy/conf/CLOCKS"), 'include "arch/toy/conf/TOY"\noptions HPET\n');
  const configured = ["references", "tc_init", "--configured"];
  const other = await query(...configured, "--config", "CLOCKS");
  expect(other).toContain("sys/dev/hpet.c:1:24 call in hpet_init");
  expect(await query("symbol", "tc_init", "--configured", "--config=CLOCKS")).toBe(other);
  expect(await query(...configured)).not.toContain("hpet.c");
});

it("graph queries read the configuration that the index was built with", async () => {
  expect(await query("path", "--from", "inittimecounter", "--to", "tc_init")).toBe(
    "\ninittimecounter sys/kern/kern_tc.c:2\n  -> tc_init sys/kern/kern_tc.c:2\n",
  );
  expect(await query("edges", "--json")).toBe(
    '\n{"caller":"inittimecounter","callee":"tc_init","kind":"direct","file":"sys/kern/kern_tc.c","line":2}\n',
  );
});

it("says on standard error why there is no answer", async () => {
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  try {
    const empty = [
      ["callers", "hpet_init"],
      ["callers", "hpet_inti"],
      ["symbols", "qqq"],
      ["definition", "hpet_attach", "--configured"],
      ["file", "hpet.h"],
      ["includers", "hpet.h"],
      ["text", "no such text"],
    ];
    for (const args of empty) expect(await query(...args)).toBe("\n");
  } finally {
    write.mockRestore();
  }
  expect(said.join("")).toBe(`clockpath: hpet_init has no callers in the tree
clockpath: nothing in the tree is called hpet_inti
clockpath: nothing in the tree is called qqq
clockpath: nothing in the configured kernel is called hpet_attach
clockpath: no file in the tree is called hpet.h
clockpath: no file in the tree includes hpet.h
clockpath: no line in the tree matches no such text
`);
});

it("means the tree around the current folder where none is named", () => {
  for (const folder of ["", "sys", "sys/kern"])
    expect(treeMeant(undefined, path.join(tree, folder))).toBe(tree);
  expect(treeMeant("elsewhere", tree)).toBe("elsewhere");
  expect(() => treeMeant(undefined, temporaryFolder())).toThrow(/--tree, or call from a folder of it/);
});
