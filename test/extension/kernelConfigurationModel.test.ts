// The rows of the Kernel Configuration view, as an indented text.
import { expect, test } from "vitest";
import { type Asked, children, type Node, roots } from "../../extension/features/kernelConfigurationModel.ts";
import type { ConfigurationSummary } from "../../server/protocol.ts";

const summary: ConfigurationSummary = {
  tree: "/src",
  path: "sys/arch/amd64/conf/MICROVM",
  name: "amd64/MICROVM",
  uri: "file:///src/sys/arch/amd64/conf/MICROVM",
  system: "netbsd",
  counts: {
    option: { selected: 1, unselected: 1943 },
    device: { selected: 1, unselected: 0 },
    file: { selected: 4, unselected: 1 },
  },
  errors: 0,
};

const place = { uri: "file:///src/sys/arch/amd64/conf/MICROVM", line: 81 };

const asked: Asked = {
  rows: async ({ part, selected }) => {
    if (part === "option") return selected ? [{ name: "HZ", detail: "= 100", place }] : [];
    if (part === "device") return selected ? [{ name: "com0 at isa?", detail: "", place }] : [];
    const names = selected
      ? ["sys/kern/kern_tc.c", "sys/arch/x86/x86/tsc.c", "sys/arch/x86/x86/lapic.c", "ioconf.c"]
      : ["sys/dev/ic/hpet.c"];
    return names.map((name) => ({ name, detail: "", place }));
  },
  reason: async ({ name }) => [
    { text: `options ${name}=100`, note: `selects ${name}`, where: "MICROVM:82", place },
    { text: "hz", note: "built in", where: "" },
  ],
};

async function shown(nodes: Node[], indent = ""): Promise<string> {
  const texts = await Promise.all(
    nodes.map(async (node) => {
      const line = `${indent}${node.label} | ${node.description}${node.place ? ` -> ${node.place.line + 1}` : ""}`;
      const inside =
        node.kind === "row" && node.part === "file"
          ? ""
          : await shown(await children(node, asked), `${indent}  `);
      return `${line}\n${inside}`;
    }),
  );
  return texts.join("");
}

test("options, devices, files by folder, reasons below", async () => {
  expect(await shown(roots(summary))).toMatchInlineSnapshot(`
    "Options | 1 in, 1,943 out
      In | 1
        HZ | = 100 -> 82
          options HZ=100 | selects HZ  MICROVM:82 -> 82
          hz | built in
      Out | 1,943
    Devices | 1 in, 0 out
      In | 1
        com0 at isa? |  -> 82
          options com0 at isa?=100 | selects com0 at isa?  MICROVM:82 -> 82
          hz | built in
      Out | 0
    Files | 4 in, 1 out
      In | 4
        sys | 3
          arch/x86/x86 | 2
            tsc.c |  -> 82
            lapic.c |  -> 82
          kern | 1
            kern_tc.c |  -> 82
        ioconf.c |  -> 82
      Out | 1
        sys/dev/ic | 1
          hpet.c |  -> 82
    "
  `);
});

test("every row has an id of its own", async () => {
  const ids: string[] = [];
  const walk = async (nodes: Node[]): Promise<void> => {
    for (const node of nodes) {
      ids.push(node.id);
      await walk(await children(node, asked));
    }
  };
  await walk(roots(summary));
  expect(new Set(ids).size).toBe(ids.length);
});
