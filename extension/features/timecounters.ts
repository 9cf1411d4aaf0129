// The Timecounters view: every timecounter and event timer of the tree, the best first, each with where its values come from and by which
// path the kernel gets to its registration. And the command that shows the paths between any two functions.
import * as vscode from "vscode";
import type { GraphAnswer, SourcePlace } from "../../server/protocol.ts";
import type { ClockpathContext } from "../context.ts";
import { type ClockNode, clockNodes, pathLines } from "./timecounterModel.ts";

const viewId = "clockpath.timecounters";

export function registerTimecounters(context: ClockpathContext): void {
  const { extension, client } = context;
  const tree = new TimecounterTree();
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: tree, showCollapseAll: true });
  const refresh = async () => {
    // Making the call graph takes seconds of a processor: not before someone looks.
    if (!view.visible) return;
    const { sources, ...answer } = await client.request("clockpath/clockSources", null);
    tree.show(clockNodes(sources));
    view.message = message(answer, sources.length) ?? "";
  };
  client.onNotification("clockpath/graphChanged", refresh);
  client.onNotification("clockpath/configurationChanged", refresh);
  extension.subscriptions.push(
    view,
    tree,
    view.onDidChangeVisibility(refresh),
    vscode.commands.registerCommand("clockpath.findPath", () => findPath(context)),
  );
}

function message({ state, message }: GraphAnswer, sources: number): string | undefined {
  switch (state) {
    case "building":
      return "Reading the configured kernel…";
    case "failed":
      return message;
    case "ready":
      return sources === 0 ? "No timecounter is defined in this tree." : undefined;
    case "none":
      return undefined;
  }
}

class TimecounterTree implements vscode.TreeDataProvider<ClockNode> {
  private roots: ClockNode[] = [];
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;

  show(roots: ClockNode[]): void {
    this.roots = roots;
    this.changed.fire(undefined);
  }

  getChildren(node?: ClockNode): ClockNode[] {
    return node ? [...node.children] : this.roots;
  }

  getTreeItem(node: ClockNode): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.label, node.children.length === 0 ? None : Collapsed);
    item.id = node.id;
    item.description = node.description;
    item.tooltip = node.tooltip;
    item.iconPath = new vscode.ThemeIcon(
      node.icon,
      node.dimmed ? new vscode.ThemeColor("disabledForeground") : undefined,
    );
    item.command = { title: "Go to the Source", command: "vscode.open", arguments: target(node.place) };
    return item;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function target({ uri, line }: SourcePlace): [vscode.Uri, vscode.TextDocumentShowOptions] {
  return [vscode.Uri.parse(uri), { selection: new vscode.Range(line, 0, line, 0), preview: true }];
}

/** Asks for two functions and lets the user walk along a path between them. */
async function findPath({ client }: ClockpathContext): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const word = editor?.document.getWordRangeAtPosition(editor.selection.active, /[A-Za-z_]\w*/);
  const to = await vscode.window.showInputBox({
    prompt: "Path of calls to which function?",
    value: word && editor ? editor.document.getText(word) : "tc_init",
  });
  if (!to) return;
  const from = await vscode.window.showInputBox({
    prompt: `Path of calls to ${to}, from which function?`,
    value: "main",
  });
  if (!from) return;
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Paths from ${from} to ${to}` },
    () => untilReady(() => client.request("clockpath/paths", { from, to })),
  );
  if (answer.paths.length === 0) {
    void vscode.window.showInformationMessage(`Clockpath: ${noPath(answer, from, to)}`);
    return;
  }
  await walk(
    pathLines(answer.paths),
    `${answer.paths.length} shortest path${answer.paths.length === 1 ? "" : "s"} from ${from} to ${to}`,
    () => vscode.commands.executeCommand("clockpath.drawPaths", { from, to }),
  );
}

function noPath(
  { state, message, missing }: GraphAnswer & { missing?: string },
  from: string,
  to: string,
): string {
  if (state === "none")
    return "choose a kernel configuration first: paths are those of the configured kernel";
  if (state === "failed") return message ?? "the call graph could not be made";
  if (missing !== undefined) return `${missing} is no function of the configured kernel`;
  return `no path of calls leads from ${from} to ${to} in the configured kernel`;
}

async function untilReady<T extends GraphAnswer>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer.state !== "building") return answer;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

interface StepItem extends vscode.QuickPickItem {
  readonly place?: SourcePlace;
}

/** The steps as a list; the source of each is shown as it is gone through. */
function walk(lines: ReturnType<typeof pathLines>, placeholder: string, draw: () => unknown): Promise<void> {
  const items: StepItem[] = lines.map((line) =>
    line.place
      ? { label: line.label, description: line.description, place: line.place }
      : { label: line.label, kind: vscode.QuickPickItemKind.Separator },
  );
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<StepItem>();
    pick.items = items;
    pick.placeholder = placeholder;
    pick.matchOnDescription = true;
    pick.buttons = [{ iconPath: new vscode.ThemeIcon("graph"), tooltip: "Draw these paths" }];
    pick.onDidTriggerButton(() => {
      pick.hide();
      draw();
    });
    const show = (item: StepItem | undefined, preserveFocus: boolean) => {
      if (!item?.place) return;
      const [uri, options] = target(item.place);
      void vscode.window.showTextDocument(uri, { ...options, preserveFocus });
    };
    pick.onDidChangeActive(([item]) => show(item, true));
    pick.onDidAccept(() => {
      show(pick.activeItems[0], false);
      pick.hide();
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve();
    });
    pick.show();
  });
}
