// Our own requests about kernel configurations over a real LSP connection: which there are, choosing one, what it selects, and why.
import { expect, test } from "vitest";
import type { ConfigurationSummary, QueryResult, Requests } from "../../server/protocol.ts";
import { netbsd } from "./configTree.ts";
import { type Session, startSession } from "./session.ts";

function ask<M extends keyof Requests>(
  session: Session,
  method: M,
  params: Requests[M]["params"],
): Promise<Requests[M]["result"]> {
  return session.client.sendRequest(method, params);
}

test("choose a configuration; its rows and their reasons follow unsaved text", async () => {
  await using session = await startSession({ files: netbsd, bare: true });
  await session.ended();
  const told: (ConfigurationSummary | null)[] = [];
  session.client.onNotification("clockpath/configurationChanged", (summary: ConfigurationSummary | null) => {
    told.push(summary);
  });
  const { trees, chosen } = await ask(session, "clockpath/configurations", null);
  expect(chosen).toBeNull();
  expect(trees[0]!.configurations.map(({ name }) => name)).toEqual(["toy/FULL", "toy/MICRO"]);
  const path = "sys/arch/toy/conf/MICRO";
  const summary = await ask(session, "clockpath/chooseConfiguration", { tree: trees[0]!.tree, path });
  expect(summary).toMatchObject({ name: "toy/MICRO", counts: { file: { selected: 5, unselected: 2 } } });

  const rows = async (part: "option" | "device" | "file", selected: boolean) =>
    (await ask(session, "clockpath/configurationRows", { part, selected })).map(
      ({ name, detail, place }) =>
        `${name} ${detail}`.trim() +
        (place ? ` <- ${place.uri.slice(place.uri.lastIndexOf("/") + 1)}:${place.line + 1}` : ""),
    );
  expect({
    options: await rows("option", true),
    devices: await rows("device", true),
    files: await rows("file", true),
    out: [...(await rows("option", false)), ...(await rows("device", false)), ...(await rows("file", false))],
  }).toMatchInlineSnapshot(`
    {
      "devices": [
        "mainbus0 at root <- MICRO:4",
        "lapic0 at mainbus? <- MICRO:5",
      ],
      "files": [
        "sys/arch/toy/toy/lapic.c lapic <- MICRO:5",
        "sys/kern/kern_tc.c <- files:10",
        "devsw.c generated",
        "ioconf.c generated",
        "swapnetbsd.c generated <- std.toy:2",
      ],
      "options": [
        "HZ = 1000 <- MICRO:2",
        "DDBB <- MICRO:3",
        "MAXUSERS = 0",
      ],
      "out": [
        "DDB <- files:4",
        "XEN <- files:6",
        "com <- files:8",
        "sys/dev/com.c com needs-flag <- files:8",
        "sys/arch/toy/toy/hpet.c hpet & !xen <- files.toy:7",
      ],
    }
  `);
  const query = { part: "file", selected: false, name: "sys/arch/toy/toy/hpet.c" } as const;
  expect(
    (await ask(session, "clockpath/configurationReason", query)).map(
      ({ text, note, where }) => `${text} | ${note} | ${where}`,
    ),
  ).toMatchInlineSnapshot(`
    [
      "file arch/toy/toy/hpet.c hpet & !xen | its condition does not hold | files.toy:6",
      "define hpet | declares hpet; nothing selects \`hpet' | files.toy:7",
    ]
  `);

  await session.edit(path, 'include "arch/toy/conf/std.toy"\nselect hpet\n', "bsd-kernel-config");
  for (let i = 0; i < 300 && told.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(told.at(-1)).toMatchObject({ counts: { file: { unselected: 2 }, device: { selected: 0 } } });
  expect((await rows("file", true)).filter((row) => row.includes("hpet"))).toMatchInlineSnapshot(`
    [
      "sys/arch/toy/toy/hpet.c hpet & !xen <- MICRO:2",
    ]
  `);
});

test("none is chosen any more, whatever the settings say; the index forgets it, too", async () => {
  const config = "sys/arch/toy/conf/MICRO";
  await using session = await startSession({ files: netbsd, bare: true, initializationOptions: { config } });
  await session.ended();
  const definitions = async () => {
    const asked = { kind: "definition", text: "hpet", configured: true };
    return (await session.client.sendRequest<QueryResult>("clockpath/query", asked)).rows.map(
      ({ file }) => file,
    );
  };
  expect(await definitions()).toEqual([]);
  expect(await session.client.sendRequest("clockpath/chooseConfiguration", null)).toBeNull();
  await session.ended(2);
  expect(await session.client.sendRequest("clockpath/configurations")).toMatchObject({ chosen: null });
  expect(await definitions()).toEqual(["sys/arch/toy/toy/hpet.c"]);
});
