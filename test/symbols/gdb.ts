// Asks a real gdb about an ELF file, many questions in one batch, and puts our answers into gdb's words: the comparison's two sides.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SymbolFile } from "../../emulator/symbols/api.ts";
import { joinPath } from "../../emulator/symbols/dwarf/line.ts";

/** gdb's output for each command. gdb needs the architecture named: it has no handler for NetBSD's OS ABI. */
export function askGdb(file: string, commands: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "clockpath-gdb-"));
  try {
    const script = [
      "set osabi none",
      "set architecture i386:x86-64",
      "set pagination off",
      "set width 0",
      "set height 0",
      "set confirm off",
      "set demangle-style none",
      "set filename-display absolute",
      `file ${file}`,
    ];
    commands.forEach((command, i) => {
      script.push(
        `echo \\n@@${i}\\n`,
        `python`,
        `try:`,
        `  gdb.execute(${JSON.stringify(command)})`,
        `except gdb.error as e:`,
        `  print(e)`,
        `end`,
      );
    });
    script.push("echo \\n@@end\\n");
    const path = join(folder, "script.gdb");
    writeFileSync(path, `${script.join("\n")}\n`);
    const text = execFileSync("gdb", ["-nx", "-q", "-batch", "-x", path], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return commands.map((_, i) => {
      const start = text.indexOf(`\n@@${i}\n`) + `\n@@${i}\n`.length;
      const end = text.indexOf(`\n@@${i === commands.length - 1 ? "end" : i + 1}\n`, start);
      return text.slice(start, end).trim();
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** gdb's answer to `info line *ADDRESS` as "file:line low..high", "none" without line. */
export function gdbLine(answer: string): string {
  const match = /^Line (\d+) of "([^"]+)" starts at address (0x[0-9a-f]+).*? and ends at (0x[0-9a-f]+)/.exec(
    answer.replaceAll("\n", " "),
  );
  if (match) return `${joinPath("", match[2]!)}:${match[1]} ${match[3]}..${match[4]}`;
  const inside = /^Address \S+ .*?is at address|^Line (\d+) of "([^"]+)" is at address (0x[0-9a-f]+)/.exec(
    answer,
  );
  return inside ? `odd: ${answer}` : "none";
}

/** `info line *ADDRESS` when the address is in the middle of the line's code. */
export function gdbLineInside(answer: string): string {
  const text = answer.replaceAll("\n", " ");
  const match = /^Address 0x[0-9a-f]+ .*is at/.exec(text);
  return match
    ? text
    : gdbLine(
        text.replace(/^Line (\d+) of "([^"]+)" starts at address/, 'Line $1 of "$2" starts at address'),
      );
}

export function ourLine(symbols: SymbolFile, address: bigint): string {
  const at = symbols.lineAt(address);
  const range = symbols.lineRanges(address)[0];
  return at && range ? `${at.file}:${at.line} ${hex(range.low)}..${hex(range.high)}` : "none";
}

/** gdb's answer to `info symbol ADDRESS` as "name+offset". */
export function gdbSymbol(answer: string): string {
  const match = /^(\S+)(?: \+ (\d+))? in section/.exec(answer);
  return match ? `${match[1]}+${match[2] ?? 0}` : "none";
}

export function ourSymbol(symbols: SymbolFile, address: bigint): string {
  const found = symbols.symbolAt(address);
  return found ? `${found.symbol.name}+${found.offset}` : "none";
}

/**
 * The places of `info breakpoints` for one breakpoint, sorted: "address function file:line". gdb names no function where only a label or line of an
 * assembly file is known: then "address file:line".
 */
export function gdbBreakpoints(answer: string): string[] {
  const sites: string[] = [];
  for (const line of answer.split("\n")) {
    const place = /(0x[0-9a-f]{16})\s+(?:(?:in (\S+) at )?(\/\S+):(\d+)|<([^>+]+)(?:\+(\d+))?>)/.exec(line);
    if (!place) continue;
    const address = `0x${BigInt(place[1]!).toString(16)}`;
    const where = place[3] ? ` ${joinPath("", place[3])}:${place[4]}` : "";
    sites.push(`${address}${place[2] && !isAssembly(place[3]!) ? ` ${place[2]}` : ""}${where}`);
  }
  return sites.sort();
}

/** Our places in the same words. */
export function ourBreakpoints(symbols: SymbolFile, where: string): string[] {
  const [, file, line] = /^(.*):(\d+)$/.exec(where) ?? [];
  const sites = file ? symbols.lineSites(file, Number(line)) : symbols.functionSites(where);
  return sites
    .map(
      (s) =>
        `${hex(s.address)}${s.file && !isAssembly(s.file) ? ` ${s.function}` : ""}${s.line ? ` ${s.file}:${s.line}` : ""}`,
    )
    .sort();
}

function isAssembly(file: string): boolean {
  return /\.[sS]$/.test(file);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
