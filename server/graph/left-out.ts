// The clocks of sources that a configuration could compile and does not: found by their text, since no preprocessing says what they would be.
import type { KernelConfiguration, KernelFile, ReadFile } from "../kernel/api.ts";
import type { ClockSource } from "./api.ts";

/** `struct timecounter x = { ... };` and, where drivers keep it inside of their own, `sc->sc_tc.tc_name = "..."`. */
const VARIABLE = /^(?:static\s+)?struct\s+(timecounter|eventtimer)\s+(\w+)\s*=\s*\{([^;]*)\}\s*;/gm;
const ASSIGNED = /^[ \t]*([\w.[\]>-]+?)(?:->|\.)(tc|et)_name\s*=\s*([^;,{}]+);/gm;

/** Each with `configured: false`; in the order of the files. Files that cannot be read have none. */
export function leftOutClocks(configuration: KernelConfiguration, read: ReadFile): ClockSource[] {
  const sources = configuration.excluded.filter(({ kind, file }) => kind === "source" && file.endsWith(".c"));
  return [...new Map(sources.map((source) => [source.file, source])).values()].flatMap((source) =>
    clocksIn(source, read),
  );
}

function clocksIn({ file }: KernelFile, read: ReadFile): ClockSource[] {
  const bytes = read(file);
  if (bytes === undefined) return [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (
    !["struct timecounter", "struct eventtimer", "tc_name", "et_name"].some((word) => buffer.includes(word))
  )
    return [];
  const text = buffer.toString("latin1");
  const found: ClockSource[] = [];
  for (const match of text.matchAll(VARIABLE)) {
    const [, what, variable, body] = match as unknown as [
      string,
      "timecounter" | "eventtimer",
      string,
      string,
    ];
    found.push({
      ...clock(what, variable, file, lineAt(text, match.index)),
      ...described(body.replace(/\/\*[\s\S]*?\*\//g, "")),
    });
  }
  for (const match of text.matchAll(ASSIGNED)) {
    const [, variable, prefix, value] = match as unknown as [string, string, string, string];
    const what = prefix === "tc" ? "timecounter" : "eventtimer";
    const line = lineAt(text, match.index + match[0].indexOf(variable));
    const given = (field: string) =>
      new RegExp(`(?:->|\\.)${prefix}_${field}\\s*=\\s*([^;,{}]+);`).exec(text)?.[1];
    const get = given(prefix === "tc" ? "get_timecount" : "start");
    const quality = given("quality");
    found.push({
      ...clock(what, variable, file, line),
      name: value.replace(/^"|"$/g, ""),
      ...(get === undefined ? {} : { get }),
      ...(quality === undefined ? {} : { quality }),
    });
  }
  return found;
}

const clock = (
  what: "timecounter" | "eventtimer",
  variable: string,
  file: string,
  line: number,
): ClockSource => ({
  what,
  variable,
  place: { file, line },
  later: [],
  frequency: [],
  configured: false,
  registrations: [],
});

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** Name, quality and function of an initialiser, designated or in the order of the struct (get, poll, mask, frequency, name, quality). */
function described(body: string): { name?: string; quality?: string; get?: string } {
  const designated = (field: string) =>
    new RegExp(`\\.\\w+_${field}\\s*=\\s*([^,]+)`).exec(body)?.[1]?.trim();
  const fields = body.split(",").map((field) => field.trim());
  const isPositional = !body.includes(".tc_") && !body.includes(".et_");
  const name = /"([^"]*)"/.exec(body)?.[1];
  const get = isPositional ? fields[0] : (designated("get_timecount") ?? designated("start"));
  const quality = isPositional ? fields[5] : designated("quality");
  return {
    ...(name === undefined ? {} : { name }),
    ...(get === undefined || get === "" ? {} : { get }),
    ...(quality === undefined || quality === "" ? {} : { quality }),
  };
}
