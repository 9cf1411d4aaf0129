// The committed cases: one gzip file, per row a heading with its key and then its cases, one a line.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

export const CASE_FILE = path.join(import.meta.dirname, "cases.txt.gz");

/** Lines of cases by row key, in the file's order. */
export function readCaseFile(file = CASE_FILE): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of gunzipSync(readFileSync(file)).toString("utf8").split("\n")) {
    if (line.startsWith("# ")) {
      lines = [];
      rows.set(line.slice(2), lines);
    } else if (line !== "") lines.push(line);
  }
  return rows;
}

export function writeCaseFile(rows: ReadonlyMap<string, readonly string[]>, file = CASE_FILE): number {
  const text = [...rows].map(([key, lines]) => `# ${key}\n${lines.join("\n")}\n`).join("");
  const bytes = gzipSync(text, { level: 9 });
  writeFileSync(file, bytes);
  return bytes.length;
}
