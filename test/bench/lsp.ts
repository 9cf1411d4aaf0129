// Latencies of the language server on a real tree, over its protocol, as an editor sees them: npm run bench:lsp -- [--config NAME] [--count N].
// Reads CLOCKPATH_NETBSD_SRC or CLOCKPATH_FREEBSD_SRC. Prints the median, the 95th percentile and the worst of each request, in milliseconds.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceSymbol,
} from "vscode-languageserver/node";
import type { GraphAnswer, IndexStatus, QueryResult } from "../../server/protocol.ts";
import { random } from "../random.ts";

const { values } = parseArgs({
  options: {
    config: { type: "string" },
    count: { type: "string", default: "200" },
    "index-dir": { type: "string" },
  },
});
const tree = process.env.CLOCKPATH_NETBSD_SRC ?? process.env.CLOCKPATH_FREEBSD_SRC;
if (tree === undefined) {
  console.error("bench:lsp: name a kernel tree with CLOCKPATH_NETBSD_SRC or CLOCKPATH_FREEBSD_SRC");
  process.exit(1);
}

const indexDir = values["index-dir"] ?? mkdtempSync(path.join(os.tmpdir(), "clockpath-bench-"));
const root = process.cwd();
const child = spawn(process.execPath, [path.join(root, "dist/server.js"), "--stdio"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const client: ProtocolConnection = createProtocolConnection(
  new StreamMessageReader(child.stdout),
  new StreamMessageWriter(child.stdin),
);

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

async function start(): Promise<void> {
  const began = performance.now();
  const ready = new Promise<IndexStatus>((resolve) => {
    client.onNotification("clockpath/indexStatusChanged", (status: IndexStatus) => {
      if (status.state === "ready" || status.state === "failed") resolve(status);
    });
  });
  client.listen();
  await client.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(tree!).href, name: "tree" }],
    capabilities: {},
    initializationOptions: {
      indexDir,
      showsIndexStatus: true,
      codeLens: true,
      ...(values.config ? { config: values.config } : {}),
    },
  });
  await client.sendNotification("initialized", {});
  const status = await ready;
  if (status.state !== "ready") throw new Error(JSON.stringify(status));
  console.log(`index of ${tree}: ${status.files} files in ${seconds(began)} s`);
  if (!values.config) return;
  const asked = performance.now();
  for (;;) {
    const { state, message } = await client.sendRequest<GraphAnswer>("clockpath/clockSources", null);
    if (state === "failed" || state === "none") throw new Error(`no call graph: ${message ?? state}`);
    if (state === "ready") break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  console.log(`call graph of ${values.config}: ${seconds(asked)} s`);
}

interface Place {
  textDocument: { uri: string };
  position: { line: number; character: number };
  name: string;
}

/** Functions of the whole tree, found by random prefixes: where their definitions stand. */
async function someFunctions(count: number): Promise<Place[]> {
  const next = random(1);
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const places = new Map<string, Place>();
  while (places.size < count) {
    const query = Array.from({ length: 3 }, () => letters[next(26)]).join("");
    const found = await client.sendRequest<WorkspaceSymbol[]>("workspace/symbol", { query });
    const functions = found.filter(({ kind }) => kind === 12);
    const one = functions[next(functions.length)];
    if (!one || !("range" in one.location)) continue;
    const { uri, range } = one.location;
    places.set(`${uri} ${one.name}`, { textDocument: { uri }, position: range.start, name: one.name });
  }
  return [...places.values()];
}

/** What an editor hovers: identifiers that stand in code, one of a random line of each of the files. */
function someWords(places: readonly Place[]): Place[] {
  const next = random(2);
  return places.flatMap(({ textDocument }) => {
    const lines = textOf(textDocument.uri).split("\n");
    for (let tries = 0; tries < 200; tries++) {
      const line = next(lines.length);
      const words = [...lines[line]!.matchAll(/[A-Za-z_]\w*/g)];
      const word = words[next(words.length)];
      if (!word || /^\s*[/*#]/.test(lines[line]!)) continue;
      return [{ textDocument, position: { line, character: word.index }, name: word[0] }];
    }
    return [];
  });
}

const textOf = (uri: string): string => readFileSync(fileURLToPath(uri), "utf8");

/** Each length of a question from one letter to eight, as names begin with them; the first one of all is told apart. */
async function measureSymbols(places: readonly Place[]): Promise<void> {
  for (let letters = 1; letters <= 8; letters++)
    await measure(`workspace symbol, ${letters} letter${letters === 1 ? "" : "s"}`, places, ({ name }) =>
      client.sendRequest("workspace/symbol", { query: name.replaceAll("_", "").slice(0, letters) }),
    );
}

async function openDocuments(places: readonly Place[]): Promise<void> {
  for (const uri of new Set(places.map(({ textDocument }) => textDocument.uri)))
    await client.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "c", version: 1, text: textOf(uri) },
    });
}

/** What an editor asks of every document that is opened, and on each change of its text. */
async function measureDocuments(places: readonly Place[]): Promise<void> {
  const document = (method: string) => (place: Place) =>
    client.sendRequest(`textDocument/${method}`, { textDocument: place.textDocument });
  for (const method of ["documentSymbol", "semanticTokens/full", "foldingRange", "documentLink"])
    await measure(method, places, document(method));
  await measure("codeLens, 20 resolved", places, async (place) => {
    const lenses = (await document("codeLens")(place)) as object[] | null;
    for (const lens of lenses?.slice(0, 20) ?? []) await client.sendRequest("codeLens/resolve", lens);
  });
}

async function measure(
  what: string,
  places: readonly Place[],
  ask: (place: Place) => Promise<unknown>,
): Promise<void> {
  const times: number[] = [];
  for (const place of places) {
    const began = performance.now();
    await ask(place);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]!.toFixed(1);
  console.log(
    `${what.padEnd(34)} median ${at(0.5).padStart(7)}  p95 ${at(0.95).padStart(7)}  worst ${at(1).padStart(7)}`,
  );
}

/** From a request's sending to the answer that it is cancelled, when the cancellation is sent 20 ms later. */
async function measureCancellation(what: string, method: string, params: object): Promise<void> {
  const { CancellationTokenSource } = await import("vscode-languageserver/node");
  const source = new CancellationTokenSource();
  const asked = client.sendRequest(method, params, source.token).then(
    () => "answered before",
    () => "cancelled",
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  const began = performance.now();
  source.cancel();
  const end = await asked;
  console.log(`cancel ${what.padEnd(27)} ${end} after ${(performance.now() - began).toFixed(1)} ms`);
}

async function run(): Promise<void> {
  await start();
  const began = performance.now();
  await client.sendRequest("workspace/symbol", { query: "tcinit" });
  console.log(`first workspace symbol after opening  ${(performance.now() - began).toFixed(1)}`);
  const places = await someFunctions(Number(values.count));
  const words = someWords(places);
  const at = ({ textDocument, position }: Place) => ({ textDocument, position });
  const cursor = (method: string) => (place: Place) =>
    client.sendRequest(`textDocument/${method}`, at(place));
  const references = (place: Place) =>
    client.sendRequest("textDocument/references", { ...at(place), context: { includeDeclaration: true } });
  await openDocuments(places);
  await measure("definition", places, cursor("definition"));
  await measure("references", places, references);
  await measure("hover", places, cursor("hover"));
  await measure("implementation", places, cursor("implementation"));
  for (const method of ["definition", "hover", "documentHighlight", "implementation"])
    await measure(`${method}, any word`, words, cursor(method));
  await measure("references, any word", words, references);
  for (const [method, end] of [
    ["callHierarchy/incomingCalls", "incoming"],
    ["callHierarchy/outgoingCalls", "outgoing"],
  ])
    await measure(`call hierarchy, ${end}`, places, async (place) => {
      const items = await client.sendRequest<object[] | null>("textDocument/prepareCallHierarchy", at(place));
      if (items?.[0]) await client.sendRequest(method!, { item: items[0] });
    });
  await measureDocuments(places);
  await measure("workspace symbol, whole name", places, ({ name }) =>
    client.sendRequest("workspace/symbol", { query: name }),
  );
  await measureSymbols(places);
  const query = (kind: string) => (place: Place) =>
    client.sendRequest<QueryResult>("clockpath/query", { kind, text: place.name, configured: false });
  for (const kind of ["symbol", "callers", "assignments"])
    await measure(`query ${kind}`, places, query(kind));
  await measure("query text", places.slice(0, 5), query("text"));
  await measureCancellation("workspace symbol", "workspace/symbol", { query: "a" });
  await measureCancellation("query symbol NULL", "clockpath/query", {
    kind: "symbol",
    text: "NULL",
    configured: false,
    limit: 1_000_000,
  });
  await measureCancellation("query text", "clockpath/query", {
    kind: "text",
    text: "no such text",
    configured: false,
  });
}

async function main(): Promise<void> {
  try {
    await run();
    await client.sendRequest("shutdown");
    await client.sendNotification("exit");
  } finally {
    child.kill();
    client.dispose();
    if (values["index-dir"] === undefined) rmSync(indexDir, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`bench:lsp: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  },
);
