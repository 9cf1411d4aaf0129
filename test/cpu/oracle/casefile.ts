// The committed cases: one gzip file for each file of handlers; in it per row a heading with its key and then its cases, one a line.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Row } from "./rows.ts";

const FOLDER = path.join(import.meta.dirname, "cases");
const SUFFIX = ".txt.gz";

/** Lines of cases by row key. */
export type CaseLines = Map<string, string[]>;

/** All committed cases, file by file. */
export function readCases(): CaseLines {
  const rows: CaseLines = new Map();
  for (const name of readdirSync(FOLDER).sort()) {
    let lines: string[] = [];
    for (const line of gunzipSync(readFileSync(path.join(FOLDER, name)))
      .toString("utf8")
      .split("\n")) {
      if (line.startsWith("# ")) {
        lines = [];
        rows.set(line.slice(2), lines);
      } else if (line !== "") lines.push(line);
    }
  }
  return rows;
}

/** Writes the files of these rows anew, each with all its rows; returns their bytes. */
export function writeCases(rows: readonly Row[], linesOf: (row: Row) => readonly string[]): number {
  mkdirSync(FOLDER, { recursive: true });
  let bytes = 0;
  for (const file of new Set(rows.map((row) => row.file))) {
    const text = rows
      .filter((row) => row.file === file)
      .map((row) => `# ${row.key}\n${linesOf(row).join("\n")}\n`)
      .join("");
    const packed = gzipSync(text, { level: 9 });
    writeFileSync(path.join(FOLDER, `${file}${SUFFIX}`), packed);
    bytes += packed.length;
  }
  return bytes;
}
