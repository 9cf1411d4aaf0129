// npm run oracle:index -- FILE... [--seed S] [--lines N] [--addresses N] [--every N]: the answers about a kernel with and without the index of its debug
// information: every function, every name of data (or every Nth), N lines of each source file, N random addresses of its code. And what an index costs and saves.

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { CACHE_VARIABLE } from "../../emulator/cache-folder.ts";
import { parseElf, SHF } from "../../emulator/elf/elf.ts";
import { openSource } from "../../emulator/file-source.ts";
import { cachedIndex, makeIndex } from "../../emulator/symbol-cache.ts";
import type { SymbolFile } from "../../emulator/symbols/api.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { random } from "../random.ts";
import {
  aboutAddress,
  aboutFunction,
  aboutGlobal,
  aboutLine,
  aboutType,
  withoutIndex,
} from "../symbols/answers.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    lines: { type: "string", default: "5" },
    addresses: { type: "string", default: "10000" },
    every: { type: "string", default: "1" },
  },
});

type Ask = (symbols: SymbolFile) => string;

/** What is asked, by kind. */
function questions(file: string, symbols: SymbolFile): Map<string, Ask[]> {
  const pick = random(Number(values.seed));
  const all = symbols.symbolsWithPrefix("", Number.MAX_SAFE_INTEGER);
  const code = parseElf(openSource(file)).sections.filter(({ flags }) => flags & SHF.EXECINSTR);
  const addresses = Array.from({ length: Number(values.addresses) }, () => {
    const { address, size } = code[pick(code.length)]!;
    return address + BigInt(pick(Number(size)));
  });
  const lines = symbols.sourceFiles().flatMap((source) =>
    Array.from({ length: Number(values.lines) }, (): Ask => {
      const line = 1 + pick(pick(4) === 0 ? 3000 : 400);
      return (asked) => aboutLine(asked, source, line);
    }),
  );
  const near = addresses.slice(0, 500);
  return new Map<string, Ask[]>([
    ["functions", all.filter((s) => s.kind === "function").map(({ name }) => (asked) => aboutFunction(asked, name))],
    ["data", all.filter((s) => s.kind === "object").map(({ name, address }) => (asked) => `${aboutGlobal(asked, name)} ${aboutGlobal(asked, name, address)}`)],
    ["types", near.flatMap((address) => typesAt(symbols, address)).map((name) => (asked) => aboutType(asked, name))],
    ["files", [(asked) => asked.sourceFiles().join("\n")]],
    ["lines", lines],
    ["addresses", addresses.map((address) => (asked) => aboutAddress(asked, address))],
  ]); // biome-ignore format: a table
}

function typesAt(symbols: SymbolFile, address: bigint): string[] {
  const variables = symbols.functionsAt(address).flatMap((f) => [...f.parameters(), ...f.locals(address)]);
  return variables.flatMap(({ type }) => {
    const inner = type.kind === "pointer" ? type.target() : type;
    if (!("name" in inner) || inner.name === "") return [];
    return [inner.kind === "struct" || inner.kind === "union" || inner.kind === "enum" ? `${inner.kind} ${inner.name}` : inner.name]; // biome-ignore format: one list
  });
}

/** CPU time, since the machine may be busy with other things. */
function timed<T>(read: () => T): { result: T; ms: number } {
  const start = process.cpuUsage();
  const result = read();
  const { user, system } = process.cpuUsage(start);
  return { result, ms: (user + system) / 1000 };
}

function compare(file: string): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-index-"));
  try {
    process.env[CACHE_VARIABLE] = folder;
    const made = timed(() => makeIndex(file, folder));
    if (!made.result) throw new Error(`${file}: no index can be made of it`);
    console.log(`${file}: index of ${statSync(made.result).size} bytes in ${made.ms.toFixed(0)} ms`);
    const plain = openSymbols(withoutIndex(readFileSync(file)));
    const own = openSource(file);
    const ways = new Map([
      ["with our index", openSymbols(own, undefined, cachedIndex(parseElf(own), file))],
      ["as the file is", openSymbols(openSource(file))],
    ]);
    for (const [kind, all] of questions(file, plain)) {
      const asks = all.filter((_, i) => i % Number(values.every) === 0);
      const expected = timed(() => asks.map((ask) => ask(plain)));
      const told = [...ways].map(([way, symbols]) => {
        const answers = timed(() => asks.map((ask) => ask(symbols)));
        const wrong = answers.result.findIndex((answer, i) => answer !== expected.result[i]);
        const differ = answers.result.filter((answer, i) => answer !== expected.result[i]).length;
        if (wrong >= 0) {
          process.exitCode = 1;
          console.log(`  ${way}:\n    ${answers.result[wrong]}\n  without:\n    ${expected.result[wrong]}`);
        }
        return `${way} ${answers.ms.toFixed(0)} ms, ${differ} differ`;
      });
      console.log(
        `  ${kind}: ${asks.length} asked, without ${expected.ms.toFixed(0)} ms; ${told.join("; ")}`,
      );
    }
    for (const [way, { info }] of ways)
      if (info.warnings.length > 0) console.log(`  ${way}: ${info.warnings.join(" ")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const file of positionals) compare(path.resolve(file));
