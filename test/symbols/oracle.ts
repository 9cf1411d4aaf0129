// Golden files whose text an oracle wrote (readelf, gdb) and our answers must equal. CLOCKPATH_UPDATE_GOLDEN=1 asks the oracle again.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

export const FIXTURES = [
  "dwarf5",
  "dwarf4",
  "dwarf3",
  "dwarf2",
  "unoptimized",
  "frame-pointer",
  "debug-frame",
  "compressed",
  "dwarf64",
  "type-units",
  "types-dwarf4",
  "lto",
  "clang-dwarf5",
  "clang-dwarf4",
  "clang-dwarf2",
  "clang-types",
  "clang-unoptimized",
] as const;
/** With an index of their own, which changes no answer. */
export const INDEXED = ["clang-names", "gdb-index", "gdb-names"] as const;
export type Fixture = (typeof FIXTURES | typeof INDEXED)[number] | "stale-index";

/** Fixtures with equal code and equal lines share one golden file: that the container differs must not show. */
const SAME_CODE: Partial<Record<Fixture, Fixture>> = {
  dwarf4: "dwarf5",
  compressed: "dwarf5",
  dwarf64: "dwarf5",
  "type-units": "dwarf5",
  "types-dwarf4": "dwarf5",
  "clang-types": "clang-dwarf4",
};

export function fixturePath(name: Fixture): string {
  return join(here, "fixtures", `${name}.elf`);
}

export function fixture(name: Fixture): Uint8Array {
  // Not as a Buffer, whose slice() is no copy.
  return Uint8Array.from(readFileSync(fixturePath(name)));
}

/** The oracle's lines for a fixture: from the golden file, or asked anew. */
export function oracleLines(name: Fixture, what: string, ask: (path: string) => string[]): string[] {
  const file = join(here, "golden", `${SAME_CODE[name] ?? name}.${what}.txt`);
  const update = process.env.CLOCKPATH_UPDATE_GOLDEN === "1" && !SAME_CODE[name];
  if (update || !existsSync(file)) {
    if (!update)
      throw new Error(
        `${file} is missing: CLOCKPATH_UPDATE_GOLDEN=1 npx vitest run test/symbols writes it (needs readelf and gdb)`,
      );
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${ask(fixturePath(name)).join("\n")}\n`);
  }
  return readFileSync(file, "utf8").trimEnd().split("\n");
}
