// A macro's own text: parameters and replacement list of a #define (C11 6.10.3), for whoever evaluates it. Text in, data out.

export interface MacroText {
  /** Absent for an object-like macro. */
  readonly parameters?: readonly string[];
  readonly body: string;
}

/** Longest replacement that is worth evaluating. */
const MAX_BODY = 4000;

/** The #define that begins at a line (from 1) of a source; undefined where there is none. */
export function macroText(source: string, line: number, name: string): MacroText | undefined {
  const lines = source.split(/\r?\n/);
  let text = "";
  for (let at = line - 1; at < lines.length && text.length < MAX_BODY; at++) {
    const continues = lines[at]!.endsWith("\\");
    text += continues ? `${lines[at]!.slice(0, -1)} ` : lines[at]!;
    if (!continues) break;
  }
  const plain = text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, " ").replace(/\/\/.*$/, "");
  const match = /^\s*#\s*define\s+([A-Za-z_]\w*)(\(([^)]*)\))?\s*([\s\S]*)$/.exec(plain);
  if (!match || match[1] !== name) return undefined;
  const body = match[4]!.replace(/\s+/g, " ").trim();
  if (match[2] === undefined) return { body };
  return {
    parameters: match[3]!
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean),
    body,
  };
}
