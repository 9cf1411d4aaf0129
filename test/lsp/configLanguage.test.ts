// Configuration files in the editor over a real LSP connection: definition, hover, warnings, completion, links; `$0` is the cursor.
import { expect, test } from "vitest";
import type {
  CompletionItem,
  Diagnostic,
  DocumentLink,
  Hover,
  Location,
  PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import { freebsd, netbsd } from "./configTree.ts";
import { type Session, startSession } from "./session.ts";

/** A session on a tree, with the file that has the cursor open in the editor, unsaved. */
async function editing(tree: string, file: string, marked: string, config?: string) {
  const session = await startSession({
    files: tree,
    bare: true,
    ...(config === undefined ? {} : { initializationOptions: { config } }),
  });
  const published = new Map<string, Diagnostic[]>();
  session.client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    published.set(params.uri, params.diagnostics);
  });
  const at = marked.indexOf("$0");
  const before = marked.slice(0, at).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)!.length };
  await session.edit(file, marked.replace("$0", ""), "bsd-kernel-config");
  const cursor = { textDocument: { uri: session.uri(file) }, position };
  return {
    session,
    ask: <T>(method: string): Promise<T> => session.client.sendRequest(method, cursor),
    diagnostics: () => warnings(session, published, file),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function warnings(
  session: Session,
  published: Map<string, Diagnostic[]>,
  file: string,
): Promise<string[]> {
  for (let i = 0; i < 300 && !published.has(session.uri(file)); i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return (published.get(session.uri(file)) ?? []).map(
    ({ range, severity, message, source }) =>
      `${range.start.line + 1}:${range.start.character + 1}-${range.end.character + 1} ${["", "error", "warning"][severity ?? 0]} ${source}: ${message}`,
  );
}

async function definition(tree: string, file: string, text: string, config?: string): Promise<string[]> {
  await using editor = await editing(tree, file, text, config);
  return ((await editor.ask<Location[] | null>("textDocument/definition")) ?? []).map(editor.session.place);
}

const micro = "sys/arch/toy/conf/MICRO";
const std = 'include "arch/toy/conf/std.toy"\n';

test("NetBSD: definition of an option, a device, an attribute, an included file, a source", async () => {
  expect(await definition(netbsd, micro, `${std}options H$0Z=100\n`)).toEqual(["sys/conf/files:5:1"]);
  expect(await definition(netbsd, micro, `${std}lap$0ic0 at mainbus?\n`)).toEqual([
    "sys/arch/toy/conf/files.toy:3:1",
  ]);
  expect(await definition(netbsd, micro, `${std}lapic0 at main$0bus?\n`)).toEqual([
    "sys/arch/toy/conf/files.toy:1:1",
  ]);
  expect(await definition(netbsd, micro, 'include "arch/toy/conf/st$0d.toy"\n')).toEqual([
    "sys/arch/toy/conf/std.toy:1:1",
  ]);
  const files = "sys/arch/toy/conf/files.toy";
  expect(await definition(netbsd, files, "file arch/toy/toy/hp$0et.c hpet & !xen\n")).toEqual([
    "sys/arch/toy/toy/hpet.c:1:1",
  ]);
  expect(
    await definition(netbsd, files, "define hpet\nfile arch/toy/toy/hpet.c hpet & !xe$0n\n", micro),
  ).toEqual(["sys/conf/files:6:1"]);
});

test("FreeBSD: definition of an option, of a device that only files ask for, of an included configuration", async () => {
  const file = "sys/toy/conf/GENERIC";
  expect(await definition(freebsd, file, "machine toy\noptions H$0Z=100\n")).toEqual([
    "sys/conf/options:1:1",
  ]);
  expect(await definition(freebsd, file, "machine toy\ndevice kvm_$0clock\n")).toEqual([
    "sys/conf/files.toy:1:1",
  ]);
  expect(await definition(freebsd, "sys/toy/conf/MINIMAL", "include GEN$0ERIC\n")).toEqual([
    "sys/toy/conf/GENERIC:1:1",
  ]);
});

async function hover(tree: string, file: string, text: string, config?: string): Promise<string> {
  await using editor = await editing(tree, file, text, config);
  const found = await editor.ask<Hover | null>("textDocument/hover");
  const value = found ? (found.contents as { value: string }).value : "nothing";
  return value.replaceAll(editor.session.uri("").replace(/\/$/, ""), "TREE");
}

test("hover: in or not, and the lines that decide, from the unsaved text", async () => {
  expect(await hover(netbsd, micro, `${std}options H$0Z=50\n`)).toMatchInlineSnapshot(`
    "**option** \`HZ\` = \`50\` is **in** \`toy/MICRO\`, in \`opt_clock.h\`

    - \`options HZ=50\`: selects HZ ([MICRO:2](TREE/sys/arch/toy/conf/MICRO#L2))"
  `);
  expect(await hover(netbsd, micro, `${std}options NOBODY_$0KNOWS\n`)).toMatchInlineSnapshot(`
    "**option** \`NOBODY_KNOWS\` is **in** \`toy/MICRO\`; no line of this tree declares it

    - \`options NOBODY_KNOWS\`: selects NOBODY\\_KNOWS ([MICRO:2](TREE/sys/arch/toy/conf/MICRO#L2))"
  `);
  expect(
    await hover(
      netbsd,
      "sys/arch/toy/conf/files.toy",
      "define hpet\nfile arch/toy/toy/hp$0et.c hpet\n",
      micro,
    ),
  ).toMatchInlineSnapshot(`
    "**file** \`sys/arch/toy/toy/hpet.c\` is **not in** \`toy/MICRO\`

    - \`file arch/toy/toy/hpet.c hpet\`: its condition does not hold ([files.toy:2](TREE/sys/arch/toy/conf/files.toy#L2))
    - \`define hpet\`: declares hpet; nothing selects \`hpet\` ([files.toy:1](TREE/sys/arch/toy/conf/files.toy#L1))"
  `);
  expect(
    await hover(
      freebsd,
      "sys/conf/files.toy",
      "x86/x86/pv$0clock.c optional kvm_clock | xenhvm\n",
      "toy/MINIMAL",
    ),
  ).toMatchInlineSnapshot(`
    "**file** \`sys/x86/x86/pvclock.c\` is **not in** \`toy/MINIMAL\`

    - \`x86/x86/pvclock.c optional kvm_clock | xenhvm\`: its condition does not hold ([files.toy:1](TREE/sys/conf/files.toy#L1))
    - \`nodevice kvm_clock\`: takes kvm\\_clock away ([MINIMAL:3](TREE/sys/toy/conf/MINIMAL#L3))
    - \`xenhvm\`: no "device xenhvm" and no "options XENHVM" in this configuration"
  `);
});

test("warnings: an option that nobody declares, a device that nobody declares, what config(8) refuses", async () => {
  const text = `${std}options HZ=100\noptions DDBB # misspelt\nmainbus0 at root\nnothing0 at mainbus?\n$0`;
  await using editor = await editing(netbsd, micro, text);
  expect(await editor.diagnostics()).toMatchInlineSnapshot(`
    [
      "5:1-21 error config(1): nothing0: there is no device \`nothing'",
      "3:9-13 warning Clockpath: option DDBB is declared nowhere in this tree (no defflag or defparam): it goes to the compiler's command line as -DDDBB, and no opt_*.h has it",
    ]
  `);
  await using other = await editing(
    freebsd,
    "sys/toy/conf/GENERIC",
    "machine toy\ncpu TOY_CPU\noptions NO_SUCH$0\n",
  );
  expect(await other.diagnostics()).toMatchInlineSnapshot(`
    [
      "1:1-12 error config(8): there is no \`ident' line",
      "3:1-16 error config(8): option NO_SUCH is not known: neither conf/options nor conf/options.toy has it",
    ]
  `);
});

async function completion(tree: string, file: string, text: string, config?: string): Promise<string[]> {
  await using editor = await editing(tree, file, text, config);
  const found = (await editor.ask<CompletionItem[] | null>("textDocument/completion")) ?? [];
  return found
    .sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1))
    .map(({ label, detail }) => (detail ? `${label} (${detail})` : label));
}

test("completion: options, devices, what they attach to, conditions, keywords", async () => {
  const shown = {
    option: await completion(netbsd, micro, `${std}options HZ=100\noptions $0`),
    at: await completion(netbsd, micro, `${std}mainbus0 at root\nlapic0 at $0`),
    condition: await completion(netbsd, "sys/arch/toy/conf/files.toy", "file x.c he$0", micro),
    keyword: (await completion(netbsd, micro, "op$0")).slice(0, 4),
    comment: await completion(netbsd, micro, `${std}# options $0`),
    freebsdDevice: await completion(freebsd, "sys/toy/conf/GENERIC", "machine toy\ndevice $0"),
  };
  expect(shown).toMatchInlineSnapshot(`
    {
      "at": [
        "com (device)",
        "hpet (attribute)",
        "lapic (device)",
        "toy (attribute)",
        "bus (attribute, in MICRO)",
        "mainbus (instance, in MICRO)",
        "maxusers (attribute, in MICRO)",
        "netbsd (attribute, in MICRO)",
      ],
      "comment": [],
      "condition": [
        "bus (attribute)",
        "com (device)",
        "ddb (option)",
        "ddbb (option, in MICRO)",
        "ddbb (attribute, in MICRO)",
        "hz (opt_clock.h, in MICRO)",
        "hz (attribute, in MICRO)",
        "maxusers (option, in MICRO)",
        "maxusers (attribute, in MICRO)",
        "netbsd (attribute, in MICRO)",
        "toy (attribute)",
        "xen (option)",
      ],
      "freebsdDevice": [
        "kvm_clock (device)",
        "xenhvm (device)",
      ],
      "keyword": [
        "include",
        "cinclude",
        "machine",
        "ident",
      ],
      "option": [
        "DDB (option)",
        "XEN (option)",
        "HZ (opt_clock.h, in MICRO)",
        "MAXUSERS (option, in MICRO)",
      ],
    }
  `);
});

test("links: what is there of the files that a text names", async () => {
  const text = `${std}cinclude "arch/toy/conf/absent"\n$0`;
  await using editor = await editing(netbsd, micro, text);
  const found = await editor.ask<DocumentLink[]>("textDocument/documentLink");
  expect(found.map(({ range, target }) => editor.session.place({ uri: target!, range }))).toEqual([
    "sys/arch/toy/conf/std.toy:1:10",
  ]);
});
