// The adapter's process under hostile streams: it answers what can be answered, and ends where it cannot know what comes next.

import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { FrameReader, FramingError, MAX_CONTENT, messageOf } from "../../emulator/adapter/framing.ts";
import { root } from "./client.ts";

const frame = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
const request = (seq: number, command: string, more: object = {}): string =>
  frame(JSON.stringify({ seq, type: "request", command, ...more }));

let adapter: ChildProcess;
afterEach(() => void adapter?.kill());

/** Writes to a fresh adapter; gives its messages up to its end, or up to the answer to request 99. */
function dialogue(
  ...texts: string[]
): Promise<{ messages: Record<string, unknown>[]; code: number | null | undefined }> {
  adapter = spawn(process.execPath, [path.join(root, "dist/adapter.js")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const reader = new FrameReader();
  const messages: Record<string, unknown>[] = [];
  adapter.stdin!.on("error", () => {});
  for (const text of texts) adapter.stdin!.write(text);
  return new Promise((resolve) => {
    adapter.stdout!.on("data", (data: Buffer) => {
      for (const text of reader.push(data)) messages.push(messageOf(text) as Record<string, unknown>);
      if (messages.some((each) => each.request_seq === 99)) resolve({ messages, code: undefined });
    });
    adapter.on("exit", (code) => resolve({ messages, code }));
  });
}

const said = (messages: Record<string, unknown>[]): string[] =>
  messages.flatMap(({ event, body }) => (event === "output" ? [(body as { output: string }).output] : []));

test("what is no JSON object is ignored, and said; the next request is answered", async () => {
  const { messages } = await dialogue(
    frame("this is no JSON"),
    frame("[1, 2]"),
    frame(`${"[".repeat(100_000)}${"]".repeat(100_000)}`),
    frame('{"type":"response","request_seq":7}'),
    frame('{"type":"request"}'),
    request(99, "threads"),
  );
  expect(said(messages)).toEqual([
    "Ignored a message that is no JSON object: this is no JSON\n",
    "Ignored a message that is no JSON object: [1, 2]\n",
    `Ignored a message that is no JSON object: ${"[".repeat(80)}\n`,
  ]);
  expect(messages.filter(({ type }) => type === "response")).toMatchObject([
    { success: false, message: 'Clockpath does not know the request "undefined".' },
    { success: false, message: "No kernel has been launched." },
  ]);
});

test.each([
  ["a header without end", "x".repeat(5000), "A header of more than 4096 bytes."],
  ["a header without a length", "Content-Type: text\r\n\r\n{}", "A header without Content-Length."],
  [
    "a message that claims too much",
    "Content-Length: 99999999999999999999\r\n\r\n",
    `A message of 99999999999999999999 bytes: more than ${MAX_CONTENT}.`,
  ],
  ["a length that is no number", "Content-Length: 1e3\r\n\r\n", "A header without Content-Length."],
])("%s ends the session with a clear word", async (_, text, complaint) => {
  const { messages, code } = await dialogue(text);
  expect(said(messages)).toEqual([`The client's stream cannot be read any further: ${complaint}\n`]);
  expect(code).toBe(0);
});

test("a header flood is refused when it is longer than any header, however it comes", () => {
  const reader = new FrameReader();
  const flood = () => {
    for (let n = 0; n < 5000; n++) reader.push(Buffer.from("X: y\r\n"));
  };
  expect(flood).toThrow(FramingError);
});

test("a request that waits can be cancelled; each request has one response", async () => {
  const many = Array.from({ length: 600 }, (_, n) => request(100 + n, "threads"));
  const { messages } = await dialogue(
    request(1, "initialize", { arguments: { adapterID: "clockpath" } }) +
      many.join("") +
      request(2, "cancel", { arguments: { requestId: 699 } }) +
      request(99, "modules"),
  );
  const responses = messages.filter(({ type }) => type === "response");
  expect(responses).toHaveLength(603);
  expect(responses.find(({ request_seq }) => request_seq === 699)).toMatchObject({
    success: false,
    message: "cancelled",
  });
  expect(responses.find(({ request_seq }) => request_seq === 2)).toMatchObject({ success: true });
});
