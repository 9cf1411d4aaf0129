// Hover over a clock register's constant (LAPIC_ICR_TIMER): its live value, from the debug session, stopped or running.
// What the register means comes from the language server's hover, beside this one.
import * as vscode from "vscode";
import type { ClockDevice, ClockRegister } from "../../emulator/adapter/protocol.ts";
import { kernelLanguages } from "../client.ts";
import type { ClockpathContext } from "../context.ts";
import type { ClockState } from "../debug/sessions.ts";
import { decimal, guestTime } from "./clockDeviceModel.ts";
import { looksLikeConstant } from "./evaluatableExpressions.ts";

export function registerRegisterValues({ extension, client, sessions }: ClockpathContext): void {
  const provider: vscode.HoverProvider = {
    async provideHover(document, position) {
      const state = sessions.clocks();
      const range = document.getWordRangeAtPosition(position, /[A-Za-z_][A-Za-z0-9_]*/);
      const name = range && document.getText(range);
      if (!state || !range || !name || !looksLikeConstant(name)) return undefined;
      const place = await client.request("clockpath/clockRegister", { name });
      const device = state.devices.find(({ id }) => id === place?.device);
      const register = device?.registers.find(({ id }) => id === place?.register);
      if (!device || !register) return undefined;
      const text = new vscode.MarkdownString(liveValue(state, device, register, place?.field));
      return new vscode.Hover(text, range);
    },
  };
  // Of two providers VS Code shows the younger one's hover first: the value now, then what the register is for.
  void client.ready.then(() => {
    extension.subscriptions.push(vscode.languages.registerHoverProvider([...kernelLanguages], provider));
  });
}

/** Markdown; the field that the constant is about stands out. */
function liveValue(
  state: ClockState,
  device: ClockDevice,
  register: ClockRegister,
  marked: string | undefined,
): string {
  const when = `${state.running ? "running" : "stopped"} at ${guestTime(state.timeNs)}`;
  const fields = register.fields.map(
    ({ label, value, meaning }) =>
      `| ${label === marked ? `**${label}**` : label} | \`${value}\` | ${meaning} |`,
  );
  // One field is the register itself.
  const table = fields.length < 2 ? [] : ["", "| field | value | |", "|---|---|---|", ...fields];
  return [
    `**${device.label}: ${register.label}** now (${when})`,
    "",
    `\`${register.value}\` = ${decimal(register.value)}${register.meaning === "" ? "" : `: ${register.meaning}`}`,
    ...table,
  ].join("\n");
}
