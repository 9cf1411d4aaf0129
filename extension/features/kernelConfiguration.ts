// The kernel configuration: a picker in the status bar, remembered for the workspace, and the Kernel Configuration view: options, devices
// and files, in and out, each with the lines that decide.
import * as vscode from "vscode";
import type { ConfigurationPart, ConfigurationSummary } from "../../server/protocol.ts";
import { rememberedConfiguration } from "../config.ts";
import type { ClockpathContext } from "../context.ts";
import { children, type Node, roots } from "./kernelConfigurationModel.ts";

const viewId = "clockpath.kernelConfiguration";
const hasConfiguration = "clockpath.hasConfiguration";

export function registerKernelConfiguration(context: ClockpathContext): void {
  const { extension, client } = context;
  const item = vscode.window.createStatusBarItem(
    "clockpath.configuration",
    vscode.StatusBarAlignment.Left,
    11,
  );
  item.name = "Clockpath: Kernel Configuration";
  item.command = "clockpath.chooseConfiguration";
  const tree = new ConfigurationTree(context);
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: tree, showCollapseAll: true });

  const show = (chosen: ConfigurationSummary | null) => {
    tree.show(chosen);
    view.description = chosen?.name ?? "";
    void vscode.commands.executeCommand("setContext", hasConfiguration, chosen !== null);
    void showItem(context, item, chosen, () => tree.shown() === chosen);
  };
  client.onNotification("clockpath/configurationChanged", show);
  client.onRunning(async () => show((await client.request("clockpath/configurations", null)).chosen));
  extension.subscriptions.push(
    item,
    view,
    tree,
    vscode.commands.registerCommand("clockpath.chooseConfiguration", () => choose(context)),
    vscode.commands.registerCommand("clockpath.openConfiguration", () => tree.openConfiguration()),
    vscode.commands.registerCommand("clockpath.openCompiledFile", (node: Node) => {
      if (node.kind === "row" && node.row.uri !== undefined)
        void vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(node.row.uri));
    }),
    vscode.commands.registerCommand("clockpath.filterConfiguration", () => findInView()),
  );
}

/** Without a kernel tree nothing is shown; without a choice the item offers one. */
async function showItem(
  { client }: ClockpathContext,
  item: vscode.StatusBarItem,
  chosen: ConfigurationSummary | null,
  isCurrent: () => boolean,
): Promise<void> {
  if (chosen) {
    item.text = `$(settings-gear) ${chosen.name}`;
    item.tooltip = new vscode.MarkdownString(
      `**Kernel configuration** \`${chosen.path}\`\n\n${number(chosen.counts.file.selected)} files, ${number(
        chosen.counts.option.selected,
      )} options, ${number(chosen.counts.device.selected)} devices${chosen.errors === 0 ? "" : `; ${chosen.errors} errors`}`,
    );
    item.backgroundColor =
      chosen.errors === 0 ? undefined : new vscode.ThemeColor("statusBarItem.warningBackground");
    item.show();
    return;
  }
  const { trees } = await client.request("clockpath/configurations", null);
  if (!isCurrent()) return; // One was chosen while the server answered.
  if (trees.every(({ configurations }) => configurations.length === 0)) {
    item.hide();
    return;
  }
  item.text = "$(settings-gear) No kernel configuration";
  item.tooltip = "Choose the kernel configuration that the sources are read by";
  item.backgroundColor = undefined;
  item.show();
}

interface Choice extends vscode.QuickPickItem {
  readonly choice: { readonly tree: string; readonly path: string } | null;
}

async function choose({ extension, client }: ClockpathContext): Promise<void> {
  const { trees, chosen } = await client.request("clockpath/configurations", null);
  const choices = trees.flatMap(({ tree, configurations }) =>
    configurations.map(({ path, name }): Choice => {
      const isChosen = chosen?.tree === tree && chosen.path === path;
      return {
        label: name,
        description: path,
        choice: { tree, path },
        ...(isChosen ? { detail: "chosen" } : {}),
      };
    }),
  );
  if (choices.length === 0) {
    void vscode.window.showInformationMessage("Clockpath: there is no kernel configuration in this folder");
    return;
  }
  // Those of amd64 first: what Clockpath's machine boots; then as the tree has them.
  const rank = ({ label, detail }: Choice) => (detail ? 0 : label.startsWith("amd64/") ? 1 : 2);
  const sorted = choices.sort((a, b) => rank(a) - rank(b));
  const none: Choice = {
    label: "$(circle-slash) No configuration",
    description: "read the whole tree",
    choice: null,
  };
  const picked = await vscode.window.showQuickPick(chosen ? [sorted[0]!, none, ...sorted.slice(1)] : sorted, {
    placeHolder: "Kernel configuration",
    matchOnDescription: true,
  });
  if (!picked) return;
  // None is remembered too: it goes before the setting.
  await extension.workspaceState.update(rememberedConfiguration, picked.choice?.path ?? "");
  await client.request("clockpath/chooseConfiguration", picked.choice);
}

/** VS Code's own search in the tree view. */
async function findInView(): Promise<void> {
  await vscode.commands.executeCommand(`${viewId}.focus`);
  await vscode.commands.executeCommand("list.find");
}

class ConfigurationTree implements vscode.TreeDataProvider<Node> {
  private chosen: ConfigurationSummary | null = null;
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly context: ClockpathContext;

  constructor(context: ClockpathContext) {
    this.context = context;
  }

  show(chosen: ConfigurationSummary | null): void {
    this.chosen = chosen;
    this.changed.fire(undefined);
  }

  shown(): ConfigurationSummary | null {
    return this.chosen;
  }

  openConfiguration(): void {
    if (this.chosen) void vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(this.chosen.uri));
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!this.chosen) return [];
    if (!node) return roots(this.chosen);
    const { client } = this.context;
    return children(node, {
      rows: (query) => client.request("clockpath/configurationRows", query),
      reason: (query) => client.request("clockpath/configurationReason", query),
    });
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const state =
      node.kind === "reason"
        ? vscode.TreeItemCollapsibleState.None
        : vscode.TreeItemCollapsibleState.Collapsed;
    const item = new vscode.TreeItem(node.label, state);
    item.id = node.id;
    item.description = node.description;
    item.contextValue = node.kind === "row" && node.row.uri !== undefined ? "file" : node.kind;
    const icon = iconOf(node);
    if (icon) item.iconPath = icon;
    if (node.tooltip !== undefined) item.tooltip = node.tooltip;
    if (node.place) {
      const range = new vscode.Range(node.place.line, 0, node.place.line, 0);
      item.command = {
        title: "Go to the Line That Decides",
        command: "vscode.open",
        arguments: [vscode.Uri.parse(node.place.uri), { selection: range, preview: true }],
      };
    }
    return item;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

const icons: Record<ConfigurationPart, string> = {
  option: "symbol-constant",
  device: "circuit-board",
  file: "file-code",
};

function iconOf(node: Node): vscode.ThemeIcon | undefined {
  if (node.kind === "folder") return vscode.ThemeIcon.Folder;
  if (node.kind === "reason") return new vscode.ThemeIcon("arrow-small-right");
  if (node.kind === "part") return new vscode.ThemeIcon(icons[node.part]);
  const colour = node.selected ? "testing.iconPassed" : "disabledForeground";
  return new vscode.ThemeIcon(node.selected ? "pass" : "circle-slash", new vscode.ThemeColor(colour));
}

function number(value: number): string {
  return value.toLocaleString("en");
}
