// The guest's serial console as a terminal that takes keys: made when somebody asks for it, or the guest waits at a prompt.
// The same text stands in the debug console, among what the debugger says.
import * as vscode from "vscode";
import type { ConsoleEvent, ConsoleInputArguments } from "../../emulator/adapter/protocol.ts";
import type { ClockpathContext } from "../context.ts";
import { waitsAtPrompt } from "./prompt.ts";
import { debugType, type Sessions } from "./sessions.ts";

/** What a terminal that is opened late, or again, shows of the past. */
const KEPT_CHARACTERS = 200_000;
/** A guest that prints nothing for so long behind the text of an unfinished line has asked something. */
const PROMPT_MS = 600;

export function registerGuestConsole({ extension, sessions }: ClockpathContext): void {
  const consoles = new Map<string, GuestConsole>();
  const drop = (id: string) => {
    consoles.get(id)?.dispose();
    consoles.delete(id);
  };
  extension.subscriptions.push(
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== debugType || event !== "clockpath.console") return;
      const known = consoles.get(session.id) ?? new GuestConsole(session, sessions);
      consoles.set(session.id, known);
      known.print((body as ConsoleEvent).text);
    }),
    vscode.debug.onDidStartDebugSession((session) => {
      // One terminal is enough: those of sessions that have ended go.
      if (session.type !== debugType) return;
      for (const [id, each] of consoles) if (each.ended) drop(id);
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => consoles.get(id)?.end()),
    vscode.commands.registerCommand("clockpath.showConsole", () => {
      const session = sessions.active();
      const shown = (session && consoles.get(session.id)) ?? [...consoles.values()].at(-1);
      if (shown) shown.show(false);
      else void vscode.window.showInformationMessage("Clockpath: the guest has printed nothing yet.");
    }),
    { dispose: () => [...consoles.keys()].forEach(drop) },
  );
}

class GuestConsole {
  #terminal: vscode.Terminal | undefined;
  #written = new vscode.EventEmitter<string>();
  #open = false;
  #past = "";
  #prompt: NodeJS.Timeout | undefined;
  #broughtForward = false;
  ended = false;

  constructor(
    readonly session: vscode.DebugSession,
    readonly sessions: Sessions,
  ) {
    if (session.configuration.console === "integratedTerminal") this.show(true);
  }

  print(text: string): void {
    // A terminal goes down and not to the left at a bare line feed.
    const lines = text.replace(/\r?\n/g, "\r\n");
    this.#past = (this.#past + lines).slice(-KEPT_CHARACTERS);
    if (this.#open) this.#written.fire(lines);
    clearTimeout(this.#prompt);
    this.#prompt = setTimeout(() => this.#lookForPrompt(), PROMPT_MS);
  }

  show(preserveFocus: boolean): void {
    this.#terminal ??= this.#make();
    this.#terminal.show(preserveFocus);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.#prompt);
    if (this.#open) this.#written.fire("\r\n\x1b[2m[The machine has been switched off.]\x1b[0m\r\n");
  }

  dispose(): void {
    clearTimeout(this.#prompt);
    this.#terminal?.dispose();
    this.#written.dispose();
  }

  /** Not before it is to be seen: the workbench loses what is written to a terminal that it has not drawn yet. */
  #make(): vscode.Terminal {
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.#written.event,
      open: () => {
        this.#open = true;
        this.#written.fire(this.#past);
      },
      close: () => {
        this.#open = false;
        this.#terminal = undefined;
      },
      handleInput: (text) => this.#type(text),
    };
    const name = `Guest console: ${this.session.name}`;
    return vscode.window.createTerminal({
      name,
      pty,
      iconPath: new vscode.ThemeIcon("vm"),
      isTransient: true,
    });
  }

  #type(text: string): void {
    if (this.ended) return;
    const keys: ConsoleInputArguments = { text };
    this.session.customRequest("clockpath.consoleInput", keys).then(undefined, (error: unknown) => {
      this.#written.fire(`\r\n[${error instanceof Error ? error.message : String(error)}]\r\n`);
    });
  }

  /** Once a session: who then goes back to another panel wants to be there. */
  #lookForPrompt(): void {
    const { console: place = "auto" } = this.session.configuration;
    if (this.#broughtForward || place !== "auto" || !waitsAtPrompt(this.#past)) return;
    if (!this.sessions.clocks()?.running) return;
    this.#broughtForward = true;
    this.show(true);
  }
}
