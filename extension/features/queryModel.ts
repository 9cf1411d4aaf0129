// The answers to cscope's questions as rows of a tree, by file, and as text. Plain data, so that it can be tested without VS Code.
import type { QueryKind, QueryParams, QueryRow } from "../../server/protocol.ts";

/** A question as it is kept in the history. */
export type Query = Pick<QueryParams, "kind" | "text" | "ignoreCase" | "from">;

interface Kind {
  /** The letter that cscope's users type. */
  readonly letter: string;
  /** In the list of questions. */
  readonly label: string;
  readonly about: string;
  /** As a title. */
  of(text: string): string;
}

export const kinds: Record<QueryKind, Kind> = {
  symbol: { letter: "s", label: "Symbol", about: "every use of it", of: (text) => `Uses of ${text}` },
  definition: { letter: "g", label: "Definition", about: "where it is defined or declared", of: (text) => `Definitions of ${text}` },
  callees: { letter: "d", label: "Callees", about: "what this function calls", of: (text) => `Called by ${text}` },
  callers: { letter: "c", label: "Callers", about: "what calls this function", of: (text) => `Callers of ${text}` },
  text: { letter: "t", label: "Text", about: "in code, comments and strings", of: (text) => `Text ${JSON.stringify(text)}` },
  regex: { letter: "e", label: "Regular Expression", about: "lines that match", of: (text) => `Lines that match /${text}/` },
  file: { letter: "f", label: "File", about: "by a part of its path", of: (text) => `Files named ${text}` },
  includers: { letter: "i", label: "Includers", about: "files that include this one", of: (text) => `Files that include ${text}` },
  assignments: { letter: "a", label: "Assignments", about: "=, +=, ++, address taken, initialiser, field", of: (text) => `Assignments to ${text}` },
}; // biome-ignore format: a table

export const titleOf = ({ kind, text, ignoreCase }: Query): string =>
  `${kinds[kind].of(text)}${ignoreCase ? ", any case" : ""}`;

/** What was typed, "c tc_init" as cscope's users do: the letter's question, else none. */
export function typedQuery(value: string): { kind?: QueryKind; text: string } {
  const match = /^([sgdctefia])\s+(\S.*)$/.exec(value);
  const kind = match && (Object.keys(kinds) as QueryKind[]).find((one) => kinds[one].letter === match[1]);
  return kind ? { kind, text: match[2]! } : { text: value };
}

export interface FileNode {
  readonly kind: "file";
  readonly file: string;
  readonly uri: string;
  readonly label: string;
  /** Its folder, and how many rows. */
  readonly description: string;
  readonly configured: boolean | undefined;
  readonly rows: RowNode[];
}

export interface RowNode {
  readonly kind: "row";
  readonly row: QueryRow;
  readonly parent: FileNode;
  /** "245: tc_init(&tsc_timecounter);", with the range of the name in it. */
  readonly label: string;
  readonly highlight: [start: number, end: number] | undefined;
  readonly description: string;
}

export type Node = FileNode | RowNode;

/** The rows so far, by file in the order in which the files came first. */
export class Rows {
  readonly files: FileNode[] = [];
  count = 0;
  private readonly byFile = new Map<string, FileNode & { description: string }>();

  add(rows: readonly QueryRow[]): void {
    for (const row of rows) {
      const file = this.byFile.get(row.file) ?? this.begin(row);
      // The row of a file that is itself the answer has no text.
      if (row.text !== "" || row.note !== "") file.rows.push(rowNode(row, file));
      file.description = describe(file);
      this.count++;
    }
  }

  /** Every place in order, to go from one to the next. */
  places(): Node[] {
    return this.files.flatMap((file): Node[] => (file.rows.length === 0 ? [file] : file.rows));
  }

  private begin({ file, uri, configured }: QueryRow): FileNode & { description: string } {
    const label = file.slice(file.lastIndexOf("/") + 1);
    const made = { kind: "file" as const, file, uri, label, description: "", configured, rows: [] };
    this.byFile.set(file, made);
    this.files.push(made);
    return made;
  }
}

function describe({ file, rows, configured }: FileNode): string {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
  return [folder, rows.length > 1 ? String(rows.length) : "", configured === false ? "not in the kernel" : ""]
    .filter(Boolean)
    .join(" · ");
}

function rowNode(row: QueryRow, parent: FileNode): RowNode {
  const trimmed = row.text.trimStart();
  const number = `${row.line + 1}: `;
  const shift = number.length - (row.text.length - trimmed.length);
  const label = `${number}${trimmed.replaceAll("\t", " ")}`;
  const highlight: RowNode["highlight"] =
    row.end > row.start ? [row.start + shift, Math.min(row.end + shift, label.length)] : undefined;
  const description = [row.note, row.inside === undefined ? "" : `in ${row.inside}`]
    .filter(Boolean)
    .join(" · ");
  return { kind: "row", row, parent, label, highlight, description };
}

/** As cscope prints it: file, function, line, text; with what a row is, where there is more to tell. */
export function asText(files: readonly FileNode[]): string {
  const line = ({ row: { file, inside, line, text, note } }: RowNode) =>
    [file, inside ?? "<global>", String(line + 1), text.trim(), ...(note === "" ? [] : [`[${note}]`])].join(
      " ",
    );
  return files
    .flatMap((file) => (file.rows.length === 0 ? [file.file] : file.rows.map(line)))
    .map((one) => `${one}\n`)
    .join("");
}

/** What stands under the view's title: "Callers of tc_init: 83 in 45 files". */
export function summary(query: Query, { count, files }: Rows, complete: boolean): string {
  const number = (value: number) => value.toLocaleString("en");
  const many = complete ? "" : "the first ";
  const where =
    query.kind === "file" ? "" : ` in ${number(files.length)} file${files.length === 1 ? "" : "s"}`;
  return count === 0 ? `${titleOf(query)}: none` : `${titleOf(query)}: ${many}${number(count)}${where}`;
}
