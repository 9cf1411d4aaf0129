// A client of the language server for tests: both ends in this process, joined by streams, so that what crosses is what crosses
// between processes. Answers come as text: "file:line:column".

import path from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  createConnection,
  createProtocolConnection,
  type Location,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { startServer } from "../../server/lsp/server.ts";
import type { IndexStatus, InitializationOptions } from "../../server/protocol.ts";
import { type Fixture, kernel, writeTree } from "./tree.ts";

export interface Session extends AsyncDisposable {
  readonly client: ProtocolConnection;
  readonly root: string;
  /** Every status that the server told, in order. */
  readonly statuses: IndexStatus[];
  /** Every message of the log. */
  readonly log: string[];
  /** Waits until the index has ended a build, for the n-th time. */
  ended(times?: number): Promise<IndexStatus>;
  uri(file: string): string;
  /** The fixture's cursor, as requests want it. */
  cursor(): { textDocument: { uri: string }; position: { line: number; character: number } };
  /** Opens a document in the editor with a text of its own. */
  edit(file: string, text: string, languageId?: string): Promise<void>;
  /** "sys/kern/kern_tc.c:11:1" */
  place(location: Location): string;
}

interface SessionOptions {
  /** Added to the small kernel, or (`bare`) alone. */
  files?: string;
  bare?: boolean;
  folders?: (root: string) => string[];
  capabilities?: object;
  initializationOptions?: InitializationOptions;
}

export async function startSession(options: SessionOptions = {}): Promise<Session> {
  const fixture = options.bare ? writeTree(options.files ?? "") : writeTree(kernel, options.files ?? "");
  const client = connectServer();
  const statuses: IndexStatus[] = [];
  const log: string[] = [];
  client.onNotification("clockpath/indexStatusChanged", (status: IndexStatus) => {
    statuses.push(status);
  });
  client.onNotification("window/logMessage", ({ message }: { message: string }) => {
    log.push(message);
  });
  const folders = (options.folders?.(fixture.root) ?? [fixture.root]).map((folder) => ({
    uri: pathToFileURL(folder).href,
    name: path.basename(folder),
  }));
  await client.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    workspaceFolders: folders,
    capabilities: options.capabilities ?? {},
    initializationOptions: {
      indexDir: path.join(fixture.root, ".index"),
      showsIndexStatus: true,
      ...options.initializationOptions,
    },
  });
  await client.sendNotification("initialized", {});
  return sessionOn(fixture, client, statuses, log);
}

function connectServer(): ProtocolConnection {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const client = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  client.listen();
  return client;
}

function sessionOn(
  fixture: Fixture,
  client: ProtocolConnection,
  statuses: IndexStatus[],
  log: string[],
): Session {
  const uri = (file: string) => pathToFileURL(path.join(fixture.root, file)).href;
  return {
    client,
    root: fixture.root,
    statuses,
    log,
    uri,
    ended: (times = 1) => nthEnd(statuses, times),
    cursor: () => {
      if (!fixture.cursor) throw new Error("the fixture has no $0");
      const { file, line, character } = fixture.cursor;
      return { textDocument: { uri: uri(file) }, position: { line, character } };
    },
    edit: (file, text, languageId = "c") =>
      client.sendNotification("textDocument/didOpen", {
        textDocument: { uri: uri(file), languageId, version: 1, text },
      }),
    place: (location) => {
      const { line, character } = location.range.start;
      const file = path.relative(fixture.root, fileURLToPath(location.uri)).split(path.sep).join("/");
      return `${file}:${line + 1}:${character + 1}`;
    },
    [Symbol.asyncDispose]: async () => {
      await client.sendRequest("shutdown");
      client.dispose();
      fixture.remove();
    },
  };
}

async function nthEnd(statuses: IndexStatus[], times: number): Promise<IndexStatus> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const ends = statuses.filter(({ state }) => state !== "building");
    const end = ends[times - 1];
    if (end) return end;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the index did not end ${times} times: ${JSON.stringify(statuses.at(-1))}`);
}
