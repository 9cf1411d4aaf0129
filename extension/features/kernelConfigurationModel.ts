// The rows of the Kernel Configuration view: parts (options, devices, files), in and out, files by folder, reasons below each. Plain
// data, so that it can be tested without VS Code.
import type {
  ConfigurationPart,
  ConfigurationRow,
  ConfigurationSummary,
  ReasonRow,
  RowsQuery,
  SourcePlace,
} from "../../server/protocol.ts";

interface Shown {
  /** Stable from one state to the next, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip?: string;
  /** Where a click goes. */
  readonly place?: SourcePlace;
}

export type Node = Shown &
  (
    | {
        readonly kind: "part";
        readonly part: ConfigurationPart;
        readonly counts: ConfigurationSummary["counts"][ConfigurationPart];
      }
    | { readonly kind: "state"; readonly part: ConfigurationPart; readonly selected: boolean }
    | {
        readonly kind: "folder";
        readonly part: ConfigurationPart;
        readonly selected: boolean;
        readonly path: string;
        readonly rows: readonly ConfigurationRow[];
      }
    | {
        readonly kind: "row";
        readonly part: ConfigurationPart;
        readonly selected: boolean;
        readonly row: ConfigurationRow;
      }
    | { readonly kind: "reason" }
  );

/** What the language server answers. */
export interface Asked {
  rows(query: RowsQuery): Promise<ConfigurationRow[]>;
  reason(query: RowsQuery & { name: string }): Promise<ReasonRow[]>;
}

const titles: Record<ConfigurationPart, string> = { option: "Options", device: "Devices", file: "Files" };

export function roots({ counts }: ConfigurationSummary): Node[] {
  return (["option", "device", "file"] as const).map((part) => ({
    kind: "part",
    id: part,
    part,
    counts: counts[part],
    label: titles[part],
    description: `${number(counts[part].selected)} in, ${number(counts[part].unselected)} out`,
  }));
}

export async function children(node: Node, asked: Asked): Promise<Node[]> {
  switch (node.kind) {
    case "part":
      return [states(node, true), states(node, false)];
    case "state": {
      const { part, selected } = node;
      const rows = await asked.rows({ part, selected });
      if (part === "file") return below("", rows, node);
      return rows.map((row) => rowNode(row, row.name, node));
    }
    case "folder":
      return below(node.path, node.rows, node);
    case "row": {
      const { part, selected, row } = node;
      return (await asked.reason({ part, selected, name: row.name })).map((reason, i) =>
        reasonNode(reason, `${node.id}/${i}`),
      );
    }
    case "reason":
      return [];
  }
}

function states({ id, part, counts }: Node & { kind: "part" }, selected: boolean): Node {
  return {
    kind: "state",
    id: `${id}/${selected ? "in" : "out"}`,
    part,
    selected,
    label: selected ? "In" : "Out",
    description: number(selected ? counts.selected : counts.unselected),
  };
}

type Around = Pick<Node & { kind: "state" }, "part" | "selected">;

/** One level of folders and files below `path`; a folder that holds only one folder is shown with it. */
function below(path: string, rows: readonly ConfigurationRow[], around: Around): Node[] {
  const groups = new Map<string, ConfigurationRow[]>();
  const files: ConfigurationRow[] = [];
  for (const row of rows) {
    const slash = row.name.indexOf("/", path.length);
    if (slash < 0) files.push(row);
    else {
      const folder = row.name.slice(0, slash + 1);
      groups.set(folder, [...(groups.get(folder) ?? []), row]);
    }
  }
  const folders = [...groups].map(([folder, inside]) =>
    folderNode(path, compact(folder, inside), inside, around),
  );
  return [
    ...folders.sort((a, b) => (a.label < b.label ? -1 : 1)),
    ...files.map((row) => rowNode(row, row.name.slice(path.length), around)),
  ];
}

/** The longest folder that holds all of them. */
function compact(folder: string, rows: readonly ConfigurationRow[]): string {
  for (;;) {
    const [first] = rows;
    const slash = first!.name.indexOf("/", folder.length);
    const deeper = slash < 0 ? undefined : first!.name.slice(0, slash + 1);
    if (deeper === undefined || !rows.every(({ name }) => name.startsWith(deeper))) return folder;
    folder = deeper;
  }
}

function folderNode(parent: string, path: string, rows: readonly ConfigurationRow[], around: Around): Node {
  const { part, selected } = around;
  return {
    kind: "folder",
    id: `${part}/${selected ? "in" : "out"}/${path}`,
    part,
    selected,
    path,
    rows,
    label: path.slice(parent.length, -1),
    description: number(rows.length),
  };
}

function rowNode(row: ConfigurationRow, label: string, { part, selected }: Around): Node {
  return {
    kind: "row",
    id: `${part}/${selected ? "in" : "out"}/${row.name}`,
    part,
    selected,
    row,
    label,
    description: row.detail,
    tooltip: `${row.name}${row.detail === "" ? "" : `  ${row.detail}`}`,
    ...(row.place ? { place: row.place } : {}),
  };
}

function reasonNode({ text, note, where, place }: ReasonRow, id: string): Node {
  return {
    kind: "reason",
    id,
    label: text,
    description: [note, where].filter((part) => part !== "").join("  "),
    tooltip: `${text}\n${note}`,
    ...(place ? { place } : {}),
  };
}

function number(value: number): string {
  return value.toLocaleString("en");
}
