// The Clock Devices view in the debug side bar: TSC, LAPIC and i8254 with their decoded registers, as the adapter tells them at
// each stop and four times a second while the guest runs. What changed since the stop before is marked.
import * as vscode from "vscode";
import type { ClockpathContext } from "../context.ts";
import type { ClockState } from "../debug/sessions.ts";
import { clockDeviceRows, guestTime, type Row } from "./clockDeviceModel.ts";
import { breaksAt, registerBreaks } from "./registerBreaks.ts";

const viewId = "clockpath.clockDevices";
/** Rows carry this scheme, so that a decoration can colour those that changed. */
const scheme = "clockpath-register";
/** As the Variables view marks a value that changed. */
const highlight = new vscode.ThemeColor("debugView.valueChangedHighlight");

export function registerClockDevices({ extension, sessions }: ClockpathContext): void {
  const tree = new ClockDeviceTree();
  const view = vscode.window.createTreeView<string>(viewId, {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const show = () => {
    const state = sessions.clocks();
    tree.show(state ? clockDeviceRows(state.devices, state.before) : []);
    view.description = state ? describe(state) : "";
    void vscode.commands.executeCommand("setContext", "clockpath.debugging", sessions.active() !== undefined);
    if (state) void showOnce(extension.workspaceState, view, state);
  };
  extension.subscriptions.push(
    view,
    tree,
    sessions.onDidChange(show),
    vscode.window.registerFileDecorationProvider(tree),
    vscode.debug.onDidChangeBreakpoints(() => tree.redraw()),
    ...registerBreaks(),
    vscode.commands.registerCommand("clockpath.copyRegisterValue", (id: string) =>
      vscode.env.clipboard.writeText(tree.row(id)?.value ?? ""),
    ),
  );
  show();
}

const shownKey = "clockDevices.shown";

/** VS Code adds views to the debug side bar folded: unfolds this one the first time that it has something to show. */
async function showOnce(
  memory: vscode.Memento,
  view: vscode.TreeView<string>,
  state: ClockState,
): Promise<void> {
  const [first] = state.devices;
  if (!first || memory.get(shownKey)) return;
  await memory.update(shownKey, true);
  await view.reveal(first.id, { select: false, focus: false });
}

function describe(state: ClockState): string {
  return `${state.running ? "running" : "stopped"} at ${guestTime(state.timeNs)}`;
}

/** The tree's elements are row ids: VS Code keeps what is expanded, and only rows that changed are drawn again. */
class ClockDeviceTree implements vscode.TreeDataProvider<string>, vscode.FileDecorationProvider {
  private rows = new Map<string, Row>();
  private roots: readonly Row[] = [];
  private readonly treeChanged = new vscode.EventEmitter<string | string[] | undefined>();
  private readonly decorationsChanged = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeTreeData = this.treeChanged.event;
  readonly onDidChangeFileDecorations = this.decorationsChanged.event;

  show(roots: readonly Row[]): void {
    const old = this.rows;
    const shape = [...old.keys()].join("\n");
    this.roots = roots;
    this.rows = new Map(roots.flatMap(flatten).map((row) => [row.id, row]));
    if ([...this.rows.keys()].join("\n") !== shape) this.treeChanged.fire(undefined);
    else
      this.treeChanged.fire(
        [...this.rows.values()].filter((row) => looksDifferent(row, old)).map(({ id }) => id),
      );
    const marks = [...this.rows.values()].filter(
      (row) => row.changed !== (old.get(row.id)?.changed ?? false),
    );
    if (marks.length > 0) this.decorationsChanged.fire(marks.map((row) => uriOf(row.id)));
  }

  /** Registers at which the guest stops look otherwise. */
  redraw(): void {
    this.treeChanged.fire(undefined);
  }

  row(id: string): Row | undefined {
    return this.rows.get(id);
  }

  getChildren(id?: string): string[] {
    const rows = id === undefined ? this.roots : (this.rows.get(id)?.children ?? []);
    return rows.map((row) => row.id);
  }

  getParent(id: string): string | undefined {
    return [...this.rows.values()].find((row) => row.children.some((child) => child.id === id))?.id;
  }

  getTreeItem(id: string): vscode.TreeItem {
    const row = this.rows.get(id);
    const item = new vscode.TreeItem(row?.label ?? id, collapsible(row));
    item.id = id;
    const watched = row?.kind === "register" && breaksAt(id).length > 0;
    item.contextValue = watched ? "register watched" : (row?.kind ?? "gone");
    item.description = row?.description ?? "";
    item.tooltip = new vscode.MarkdownString(row?.tooltip ?? "");
    item.resourceUri = uriOf(id);
    item.iconPath = watched ? new vscode.ThemeIcon("debug-breakpoint-data") : icon(row);
    item.accessibilityInformation = { label: `${row?.label} ${row?.description}` };
    return item;
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== scheme || !this.rows.get(uri.path.slice(1))?.changed) return undefined;
    return {
      color: highlight,
      tooltip: "changed since the stop before",
      propagate: false,
    };
  }

  dispose(): void {
    this.treeChanged.dispose();
    this.decorationsChanged.dispose();
  }
}

function flatten(row: Row): Row[] {
  return [row, ...row.children.flatMap(flatten)];
}

function looksDifferent(row: Row, old: ReadonlyMap<string, Row>): boolean {
  const before = old.get(row.id);
  return (
    before?.description !== row.description || before.tooltip !== row.tooltip || before.label !== row.label
  );
}

function collapsible(row: Row | undefined): vscode.TreeItemCollapsibleState {
  if (!row || row.children.length === 0) return vscode.TreeItemCollapsibleState.None;
  return row.kind === "device"
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

/** A dot before each register, filled when it changed: colour alone would not do. */
function icon(row: Row | undefined): vscode.ThemeIcon {
  if (row?.kind === "device") return new vscode.ThemeIcon("watch");
  if (row?.kind === "group") return new vscode.ThemeIcon("list-flat");
  return row?.changed
    ? new vscode.ThemeIcon("circle-small-filled", highlight)
    : new vscode.ThemeIcon("circle-small");
}

function uriOf(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${id}` });
}
