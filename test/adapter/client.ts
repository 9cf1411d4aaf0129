// A small debug-adapter client over the real process (dist/adapter.js), and a transcript of what was said. Unstable parts
// are blanked in the transcript: sequence numbers are left out, addresses become 0x…, folders become <root>.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";

export const root = path.resolve(__dirname, "../..");
const program = path.join(root, "dist/adapter.js");
export const guestSource = (file: string): string => path.join(root, "emulator/guest", file);

type Body = Record<string, unknown>;

export class Client {
  readonly #process: ChildProcess;
  #sequence = 1;
  #buffer = Buffer.alloc(0);
  readonly #pending = new Map<number, (response: DebugProtocol.Response) => void>();
  readonly #events: DebugProtocol.Event[] = [];
  readonly #waiters: { event: string; resolve(event: DebugProtocol.Event): void }[] = [];
  readonly exited: Promise<number | null>;
  stderr = "";
  /** Everything said, blanked, one message a line or block. */
  readonly transcript: string[] = [];
  /** Console text of the guest, in order. */
  console = "";
  /** What the debugger has said beside it. */
  said = "";
  /** Events that are not logged: they come four times a second. */
  quiet = new Set(["clockpath.clockDevices", "clockpath.console", "output"]);

  constructor() {
    if (!existsSync(program)) throw new Error("dist/adapter.js is missing: npm run build");
    this.#process = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "pipe"], cwd: root });
    this.#process.stdout!.on("data", (data: Buffer) => this.#receive(data));
    this.#process.stderr!.on("data", (data: Buffer) => {
      this.stderr += data;
    });
    this.exited = new Promise((resolve) => this.#process.on("exit", (code) => resolve(code)));
  }

  #receive(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const head = this.#buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#buffer.toString("utf8", 0, head))?.[1]);
      if (this.#buffer.length < head + 4 + length) return;
      const text = this.#buffer.toString("utf8", head + 4, head + 4 + length);
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      this.#handle(JSON.parse(text) as DebugProtocol.ProtocolMessage);
    }
  }

  #handle(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === "response") {
      const response = message as DebugProtocol.Response;
      const { command } = response;
      this.#log(response.success ? `<- ${command}` : `<- ${command} failed: ${response.message}`, response.success ? response.body : undefined); // biome-ignore format: one line
      this.#pending.get(response.request_seq)?.(response);
      return;
    }
    const event = message as DebugProtocol.Event;
    if (event.event === "output" && event.body?.category === "stdout") this.console += event.body.output;
    else if (event.event === "output") this.said += event.body.output;
    if (!this.quiet.has(event.event)) this.#log(`<- event ${event.event}`, event.body);
    const waiter = this.#waiters.findIndex((each) => each.event === event.event);
    if (waiter >= 0) this.#waiters.splice(waiter, 1)[0]!.resolve(event);
    else this.#events.push(event);
  }

  /** Sends a request and gives the response, failed or not. */
  async raw(command: string, args?: Body): Promise<DebugProtocol.Response> {
    const seq = this.#sequence++;
    const text = JSON.stringify({ seq, type: "request", command, ...(args ? { arguments: args } : {}) });
    const answer = new Promise<DebugProtocol.Response>((resolve) => this.#pending.set(seq, resolve));
    this.#log(`-> ${command}`, args);
    this.#process.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const response = await answer;
    return response;
  }

  /** Sends a request that must succeed; gives its body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they know is there
  async request(command: string, args?: Body): Promise<any> {
    const response = await this.raw(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body;
  }

  /** The next event of a name, also one that has come already. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they know is there
  async event(name: string): Promise<any> {
    const index = this.#events.findIndex((each) => each.event === name);
    if (index >= 0) return this.#events.splice(index, 1)[0]!.body;
    const event = await new Promise<DebugProtocol.Event>((resolve) =>
      this.#waiters.push({ event: name, resolve }),
    );
    return event.body;
  }

  /** Drops events that have come and were not asked for. */
  forget(name: string): number {
    const before = this.#events.length;
    for (let index = this.#events.length - 1; index >= 0; index--)
      if (this.#events[index]!.event === name) this.#events.splice(index, 1);
    return before - this.#events.length;
  }

  async initialize(): Promise<DebugProtocol.Capabilities> {
    return this.request("initialize", { adapterID: "clockpath", pathFormat: "path", linesStartAt1: true });
  }

  /** initialize, launch, breakpoints, configurationDone. */
  async launch(args: Body, breakpoints: () => Promise<unknown> = async () => {}): Promise<void> {
    await this.initialize();
    await this.request("launch", args);
    await this.event("initialized");
    await breakpoints();
    await this.request("configurationDone");
  }

  async breakOn(...names: string[]): Promise<void> {
    await this.request("setFunctionBreakpoints", { breakpoints: names.map((name) => ({ name })) });
  }

  /** The stack as "function file:line" lines. */
  async stack(): Promise<string[]> {
    const { stackFrames } = await this.request("stackTrace", { threadId: 1 });
    return stackFrames.map(
      (frame: DebugProtocol.StackFrame) => `${blank(frame.name)} ${frame.source?.name ?? "?"}:${frame.line}`,
    );
  }

  /** The variables of a scope of the innermost frame, as name: value. */
  async scope(name: string, frameId = 1): Promise<Record<string, string>> {
    const { scopes } = await this.request("scopes", { frameId });
    const scope = scopes.find((each: DebugProtocol.Scope) => each.name === name);
    const { variables } = await this.request("variables", { variablesReference: scope.variablesReference });
    return Object.fromEntries(variables.map((each: DebugProtocol.Variable) => [each.name, each.value]));
  }

  async evaluate(expression: string, context = "watch", frameId: number | undefined = 1): Promise<string> {
    const response = await this.raw("evaluate", { expression, context, ...(frameId ? { frameId } : {}) });
    return response.success ? response.body.result : `error: ${response.message}`;
  }

  async disconnect(): Promise<void> {
    await this.request("disconnect");
    await this.exited;
  }

  kill(): void {
    this.#process.kill();
  }

  #log(head: string, body: unknown): void {
    this.transcript.push(body === undefined ? head : `${head}\n${indented(body)}`);
  }
}

/** Blanks what changes with the machine or with a rebuilt guest. */
export function blank(text: string): string {
  return text
    .replaceAll(root.replaceAll("\\", "\\\\"), "<root>")
    .replaceAll(root, "<root>")
    .replace(/0xffffffff[0-9a-f]{8}/g, "0x…");
}

const indented = (body: unknown): string =>
  blank(JSON.stringify(body, null, 1))
    .replace(/^/gm, "   ")
    .replaceAll("\\\\", "/");
