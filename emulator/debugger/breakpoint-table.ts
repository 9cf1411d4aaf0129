// gdb's `info breakpoints`: a table of numbers, kinds, states and places. Text only.

import type { Breakpoint, Site } from "./breakpoints.ts";
import { locationText } from "./locations.ts";
import { hex64 } from "./numbers.ts";
import type { Watch } from "./watches.ts";

const HEAD = "Num     Type           Disp Enb Address            What";

const WATCH_TYPES: Readonly<Record<Watch["access"], string>> = {
  change: "hw watchpoint",
  write: "hw watchpoint",
  read: "read watchpoint",
  access: "acc watchpoint",
};

/** The table; a log message is gdb's dprintf. */
export function breakpointTable(breakpoints: readonly Breakpoint[]): string {
  if (breakpoints.length === 0) return "No breakpoints or watchpoints.";
  return [HEAD, ...breakpoints.flatMap(rows)].join("\n");
}

function rows(breakpoint: Breakpoint): string[] {
  const { id, where, sites, enabled, logMessage } = breakpoint;
  const type = where.kind === "watch" ? WATCH_TYPES[where.access] : logMessage ? "dprintf" : "breakpoint";
  const start = `${String(id).padEnd(7)} ${type.padEnd(14)} ${disposition(breakpoint)} ${enabled ? "y" : "n"}   `;
  const notes = notesOf(breakpoint);
  if (where.kind === "watch") return [`${start}${" ".repeat(18)} ${where.expression}`, ...notes];
  const [only, ...others] = sites;
  if (!only) return [`${start}${"<PENDING>".padEnd(18)} ${pendingPlace(breakpoint)}`, ...notes];
  if (others.length === 0) return [`${start}${hex64(only.address)} ${siteText(only)}`, ...notes];
  const parts = sites.map(
    (site, index) => `${`${id}.${index + 1}`.padEnd(28)}y   ${hex64(site.address)} ${siteText(site)}`,
  );
  return [`${start}<MULTIPLE>`.trimEnd(), ...notes, ...parts];
}

/** What a stop makes of the breakpoint: gone, switched off, kept. */
const disposition = ({ temporary, stopsLeft }: Breakpoint): string =>
  temporary ? "del " : stopsLeft !== undefined ? "dis " : "keep";

/** What was asked for, of a breakpoint that waits for code; its condition has not been looked at yet. */
const pendingPlace = ({ where, condition }: Breakpoint): string =>
  `${locationText(where)}${condition ? ` if ${condition}` : ""}`;

const siteText = ({ function: name, file, line }: Site): string =>
  `in ${name}${file ? ` at ${file}:${line}` : ""}`;

function notesOf(breakpoint: Breakpoint): string[] {
  const { condition, hitCondition, logMessage, hits, ignore, stopsLeft, commands, sites, where } = breakpoint;
  const pending = sites.length === 0 && where.kind !== "watch";
  return [
    ...(condition && !pending ? [`\tstop only if ${condition}`] : []),
    ...(hitCondition ? [`\tstop only at hit ${hitCondition}`] : []),
    ...(hits > 0 ? [`\tbreakpoint already hit ${hits} time${hits === 1 ? "" : "s"}`] : []),
    ...(ignore ? [`\tignore next ${ignore} hits`] : []),
    ...(stopsLeft !== undefined && stopsLeft > 1 ? [`\tdisable after next ${stopsLeft} hits`] : []),
    ...(logMessage ? [`        printf "${logMessage}"`] : []),
    ...(commands ?? []).map((line) => `        ${line}`),
  ];
}
