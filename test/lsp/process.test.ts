// The built language server in its own process over stdio: on the bundled guest's sources, and on a real tree when
// CLOCKPATH_NETBSD_SRC names one.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import type { IndexStatus } from "../../server/protocol.ts";

const root = path.resolve(__dirname, "../..");
const server = path.join(root, "dist/server.js");
const built = existsSync(server);
const real = process.env.CLOCKPATH_NETBSD_SRC;

interface Served extends AsyncDisposable {
  readonly client: ProtocolConnection;
  /** The index's state at the end of its build. */
  readonly end: Promise<IndexStatus>;
  readonly exit: Promise<number | null>;
}

async function serve(folder: string): Promise<Served> {
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const client = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const indexDir = mkdtempSync(path.join(os.tmpdir(), "clockpath-index-"));
  const end = new Promise<IndexStatus>((resolve) => {
    client.onNotification("clockpath/indexStatusChanged", (status: IndexStatus) => {
      if (status.state !== "building") resolve(status);
    });
  });
  client.listen();
  await client.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "tree" }],
    capabilities: {},
    initializationOptions: { indexDir, showsIndexStatus: true },
  });
  await client.sendNotification("initialized", {});
  return {
    client,
    end,
    exit,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) child.kill("SIGKILL");
      await exit;
      client.dispose();
      rmSync(indexDir, { recursive: true, force: true });
    },
  };
}

async function callersOf(client: ProtocolConnection, file: string, name: string): Promise<string[]> {
  const symbols: { name: string; selectionRange: { start: object } }[] = await client.sendRequest(
    "textDocument/documentSymbol",
    { textDocument: { uri: pathToFileURL(file).href } },
  );
  const position = symbols.find((symbol) => symbol.name === name)?.selectionRange.start;
  const items: object[] = await client.sendRequest("textDocument/prepareCallHierarchy", {
    textDocument: { uri: pathToFileURL(file).href },
    position,
  });
  const calls: { from: { name: string } }[] = await client.sendRequest("callHierarchy/incomingCalls", {
    item: items[0],
  });
  return calls.map(({ from }) => from.name);
}

test.skipIf(!built)(
  "the bundled guest's tree, and an orderly end (skipped without dist/server.js)",
  async () => {
    const folder = path.join(root, "emulator/guest");
    await using served = await serve(folder);
    expect(await served.end).toMatchObject({ state: "ready", os: "netbsd" });
    const callers = await callersOf(served.client, path.join(folder, "sys/kern/kern_tc.c"), "tc_init");
    expect(callers.sort()).toEqual(["initclocks", "lapic_initclock", "startrtclock", "tsc_tc_init"]);
    await served.client.sendRequest("shutdown");
    await served.client.sendNotification("exit");
    expect(await served.exit).toBe(0);
  },
);

test.skipIf(!built || !real)(
  "a real NetBSD tree: the callers that the compiled kernel has (skipped without CLOCKPATH_NETBSD_SRC)",
  async () => {
    await using served = await serve(real!);
    expect(await served.end).toMatchObject({ state: "ready", os: "netbsd" });
    const callers = await callersOf(served.client, path.join(real!, "sys/kern/kern_tc.c"), "tc_init");
    for (const caller of ["startrtclock", "lapic_initclock", "initclocks", "tsc_tc_init", "xen_initclocks"]) {
      expect(callers).toContain(caller);
    }
    const symbols: object[] = await served.client.sendRequest("workspace/symbol", { query: "tc_init" });
    expect(symbols.length).toBeGreaterThan(5);
  },
);

test.skipIf(!built || !real)(
  "a real NetBSD tree while someone types: sources and a configuration (skipped without CLOCKPATH_NETBSD_SRC)",
  async () => {
    await using served = await serve(real!);
    const { client } = served;
    const warnings = new Promise<string[]>((resolve) => {
      client.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: Published) => {
        const said = diagnostics.map(({ message }) => message);
        if (uri.endsWith("MICROVM") && said.some((one) => one.includes("NO_SUCH_OPTION"))) resolve(said);
      });
    });
    await served.end;
    const tsc = path.join(real!, "sys/arch/x86/x86/tsc.c");
    const open = (file: string, languageId: string, change: (text: string) => string) =>
      client.sendNotification("textDocument/didOpen", {
        textDocument: {
          uri: pathToFileURL(file).href,
          languageId,
          version: 1,
          text: change(readFileSync(file, "utf8")),
        },
      });
    await open(
      tsc,
      "c",
      (text) => `void typed_just_now(void)\n{\n\ttc_init(0); /* \u00e9 */ tc_init(0);\n}\n${text}`,
    );
    const callers = await callersOf(client, path.join(real!, "sys/kern/kern_tc.c"), "tc_init");
    expect(callers).toEqual(expect.arrayContaining(["typed_just_now", "tsc_tc_init", "lapic_initclock"]));
    const found: { name: string }[] = await client.sendRequest("workspace/symbol", { query: "typedjustnow" });
    expect(found.map(({ name }) => name)).toEqual(["typed_just_now"]);
    const microvm = path.join(real!, "sys/arch/amd64/conf/MICROVM");
    await open(microvm, "bsd-kernel-config", (text) => `${text}\noptions NO_SUCH_OPTION\n`);
    expect((await warnings).join("\n")).toContain("NO_SUCH_OPTION");
  },
  120_000,
);

interface Published {
  uri: string;
  diagnostics: { message: string }[];
}
