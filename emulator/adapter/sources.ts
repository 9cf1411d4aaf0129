// Sources as the protocol wants them: a path here, or a reference under which a text tells what to do.

import { readFileSync } from "node:fs";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { pathParts, type SourcePaths } from "../source-paths.ts";

export class Sources {
  readonly #missing: string[] = [];
  readonly #texts = new Map<string, readonly string[]>();

  constructor(readonly paths: SourcePaths) {}

  /** DAP's Source. What is not found gets a reference, under which `content` explains. `onMissing` is called once a file. */
  source(recorded: string, onMissing: (recorded: string) => void): DebugProtocol.Source {
    const local = this.paths.local(recorded);
    const name = pathParts(recorded).at(-1) ?? recorded;
    if (local) return { name, path: local };
    let index = this.#missing.indexOf(recorded);
    if (index < 0) {
      index = this.#missing.push(recorded) - 1;
      onMissing(recorded);
    }
    return {
      name,
      path: recorded,
      sourceReference: index + 1,
      presentationHint: "deemphasize",
      origin: "not found here: set sourceMap",
    };
  }

  /** The lines of a source that is here. */
  lines(recorded: string): readonly string[] | undefined {
    const known = this.#texts.get(recorded);
    if (known) return known;
    const local = this.paths.local(recorded);
    if (!local) return undefined;
    const lines = readFileSync(local, "utf8").split(/\r?\n/);
    this.#texts.set(recorded, lines);
    return lines;
  }

  /** The texts may have been edited since. */
  forget(): void {
    this.#texts.clear();
  }

  /** What is shown in place of a source that was not found. */
  content(reference: number): string | undefined {
    const recorded = this.#missing[reference - 1];
    return recorded && missingText(recorded);
  }
}

/** Tells what to do about a source that is not here. */
export function missingText(recorded: string): string {
  const folder = recorded
    .replace(/[\\/](?:sys|common|kern|arch)[\\/].*$/, "")
    .replace(/[\\/][^\\/]*\.\w+$/, "");
  return [
    `/* ${recorded}`,
    " *",
    " * This source is not on this machine under the path that the compiler recorded.",
    " * Tell the launch configuration where the tree is:",
    " *",
    ` *     "sourceMap": { ${JSON.stringify(folder)}: "/path/to/the/tree" }`,
    " *",
    " * or open the tree as a folder of the workspace.",
    " */",
    "",
  ].join("\n");
}
