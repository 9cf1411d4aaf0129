// Cscope's nine questions in the editor: a box to ask, the Query view with the answer by file while it comes in, a switch between the configured
// kernel and everything, the way from one place to the next, and the questions that were asked before.
import * as vscode from "vscode";
import type { QueryKind, ReasonRow } from "../../server/protocol.ts";
import type { ClockpathContext } from "../context.ts";
import { asText, type FileNode, type Node, type Query, Rows, summary, titleOf } from "./queryModel.ts";
import { askQuery } from "./queryPick.ts";

const viewId = "clockpath.query";
const historyKey = "queries";
const historyLength = 30;

export function registerQueries(context: ClockpathContext): void {
  const { extension } = context;
  const tree = new QueryTree(context);
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: tree, showCollapseAll: true });
  const runner = new Runner(context, tree, view);
  const { registerCommand } = vscode.commands;
  void setContext("configuredOnly", runner.configuredOnly);
  extension.subscriptions.push(
    view,
    tree,
    runner,
    registerCommand("clockpath.query", async (given?: Query) => {
      const query = given ?? (await askQuery(runner.lastKind));
      if (query) await runner.run(query);
    }),
    registerCommand("clockpath.queryAgain", () => runner.again()),
    registerCommand("clockpath.queryStop", () => runner.stop()),
    registerCommand("clockpath.queryMore", () => runner.more()),
    registerCommand("clockpath.queryEverywhere", () => runner.setConfiguredOnly(false)),
    registerCommand("clockpath.queryConfigured", () => runner.setConfiguredOnly(true)),
    registerCommand("clockpath.queryHistory", () => runner.pickFromHistory()),
    registerCommand("clockpath.queryNext", () => runner.step(1)),
    registerCommand("clockpath.queryPrevious", () => runner.step(-1)),
    registerCommand("clockpath.queryClear", () => runner.clear()),
    registerCommand("clockpath.queryCopy", async (node?: Node) => {
      const files = node ? [node.kind === "file" ? node : { ...node.parent, rows: [node] }] : tree.rows.files;
      await vscode.env.clipboard.writeText(asText(files));
    }),
    registerCommand("clockpath.queryWhyOut", (node: FileNode) => showReasons(context, node)),
  );
}

const setContext = (name: string, value: boolean) =>
  vscode.commands.executeCommand("setContext", `clockpath.query.${name}`, value);

/** Runs one question at a time: a new one ends the one before. */
class Runner implements vscode.Disposable {
  configuredOnly = true;
  lastKind: QueryKind = "callers";
  private query: Query | undefined;
  private limit: number | undefined;
  private running: vscode.CancellationTokenSource | undefined;
  private place = -1;
  private readonly context: ClockpathContext;
  private readonly tree: QueryTree;
  private readonly view: vscode.TreeView<Node>;

  constructor(context: ClockpathContext, tree: QueryTree, view: vscode.TreeView<Node>) {
    this.context = context;
    this.tree = tree;
    this.view = view;
    this.configuredOnly = context.extension.workspaceState.get("queryConfiguredOnly", true);
  }

  async run(query: Query, limit?: number): Promise<void> {
    this.stop();
    this.query = query;
    this.limit = limit;
    this.lastKind = query.kind;
    this.place = -1;
    this.remember(query);
    const running = new vscode.CancellationTokenSource();
    this.running = running;
    const rows = new Rows();
    this.tree.show(rows);
    void setContext("hasResults", true);
    void setContext("running", true);
    this.view.message = `${titleOf(query)} …`;
    await vscode.commands.executeCommand(`${viewId}.focus`);
    await vscode.window.withProgress({ location: { viewId } }, () => this.ask(query, rows, running.token));
    if (this.running !== running) return;
    this.running = undefined;
    void setContext("running", false);
    await this.revealFirst(rows);
  }

  private async ask(query: Query, rows: Rows, token: vscode.CancellationToken): Promise<void> {
    const { client } = this.context;
    const isCurrent = () => this.tree.rows === rows;
    const limit = this.limit === undefined ? {} : { limit: this.limit };
    try {
      const result = await client.query(
        { ...query, ...limit, configured: this.configuredOnly },
        (progress) => {
          if (!isCurrent()) return;
          rows.add(progress.rows);
          this.tree.refresh();
          const { filesDone, filesTotal } = progress;
          const far = filesTotal === 0 ? "" : ` (${percent(filesDone, filesTotal)} of the files)`;
          this.view.message = `${summary(query, rows, true)}${far} …`;
        },
        token,
      );
      if (!isCurrent()) return;
      const scope = this.configuredOnly && this.tree.hasConfiguration ? ", in the configured kernel" : "";
      const more = result.complete ? "" : ". More: Show More Results in the view's menu";
      this.view.message = [`${summary(query, rows, result.complete)}${scope}${more}`, result.message]
        .filter(Boolean)
        .join(". ");
      void setContext("more", !result.complete);
    } catch (error) {
      if (!isCurrent()) return;
      const stopped = token.isCancellationRequested;
      const why = stopped ? "stopped" : error instanceof Error ? error.message : String(error);
      this.view.message = `${summary(query, rows, true)} (${why})`;
    }
  }

  private async revealFirst(rows: Rows): Promise<void> {
    const [first] = rows.places();
    // Without the focus: who asked may be elsewhere when a long search ends. The view has had it since it was begun.
    if (first && this.view.visible) await this.view.reveal(first, { select: true });
  }

  stop(): void {
    this.running?.cancel();
    this.running?.dispose();
    this.running = undefined;
    void setContext("running", false);
  }

  async again(): Promise<void> {
    if (this.query) await this.run(this.query, this.limit);
  }

  /** Ten times as many. */
  async more(): Promise<void> {
    if (this.query) await this.run(this.query, 10 * (this.limit ?? 2000));
  }

  async setConfiguredOnly(on: boolean): Promise<void> {
    this.configuredOnly = on;
    await this.context.extension.workspaceState.update("queryConfiguredOnly", on);
    await setContext("configuredOnly", on);
    await this.again();
  }

  clear(): void {
    this.stop();
    this.query = undefined;
    this.view.message = "";
    this.tree.show(new Rows());
    void setContext("hasResults", false);
    void setContext("more", false);
  }

  /** Goes to the next place or the one before, and round at the ends. */
  async step(by: 1 | -1): Promise<void> {
    const places = this.tree.rows.places();
    if (places.length === 0) return;
    const selected = this.view.selection[0];
    const at = selected ? places.indexOf(selected) : -1;
    // Before the first step the first place is selected, and not gone to.
    const from = at < 0 || (this.place < 0 && by > 0) ? at - (at < 0 ? 0 : 1) : at;
    this.place = (from + by + places.length) % places.length;
    const node = places[this.place]!;
    await this.view.reveal(node, { select: true });
    await vscode.commands.executeCommand("vscode.open", ...target(node));
  }

  private history(): Query[] {
    return this.context.extension.workspaceState.get<Query[]>(historyKey, []);
  }

  private remember(query: Query): void {
    const others = this.history().filter((one) => titleOf(one) !== titleOf(query));
    void this.context.extension.workspaceState.update(historyKey, [query, ...others].slice(0, historyLength));
  }

  async pickFromHistory(): Promise<void> {
    const items = this.history().map((query) => ({ label: titleOf(query), query }));
    if (items.length === 0) return;
    const picked = await vscode.window.showQuickPick(items, { placeHolder: "Ask again" });
    if (picked) await this.run(picked.query);
  }

  dispose(): void {
    this.stop();
  }
}

const percent = (done: number, total: number): string => `${Math.floor((100 * done) / total)} %`;

class QueryTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  rows = new Rows();
  hasConfiguration = false;
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly context: ClockpathContext;

  constructor(context: ClockpathContext) {
    this.context = context;
    context.client.onNotification("clockpath/configurationChanged", (chosen) => {
      this.hasConfiguration = chosen !== null;
    });
    context.client.onRunning(async () => {
      const { chosen } = await context.client.request("clockpath/configurations", null);
      this.hasConfiguration = chosen !== null;
    });
  }

  show(rows: Rows): void {
    this.rows = rows;
    this.refresh();
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.rows.files;
    return node.kind === "file" ? node.rows : [];
  }

  getParent(node: Node): Node | undefined {
    return node.kind === "row" ? node.parent : undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { None, Expanded } = vscode.TreeItemCollapsibleState;
    const isFile = node.kind === "file";
    const label = isFile
      ? node.label
      : { label: node.label, highlights: node.highlight ? [node.highlight] : [] };
    const item = new vscode.TreeItem(label, isFile && node.rows.length > 0 ? Expanded : None);
    item.description = node.description;
    if (isFile) {
      const isOut = node.configured === false;
      item.iconPath = isOut
        ? new vscode.ThemeIcon("circle-slash", new vscode.ThemeColor("disabledForeground"))
        : vscode.ThemeIcon.File;
      if (!isOut) item.resourceUri = vscode.Uri.parse(node.uri);
      item.contextValue = isOut ? "fileOut" : "file";
      if (node.rows.length > 0) return item;
    }
    item.command = { title: "Go to the Source", command: "vscode.open", arguments: target(node) };
    return item;
  }

  /** Which lines leave a file out is asked when the mouse rests on it. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind === "row") item.tooltip = `${node.row.file}:${node.row.line + 1}`;
    else if (node.configured === false) {
      const reasons = await reasonsOf(this.context, node);
      item.tooltip = [`${node.file} is not in the configured kernel`, ...reasons.map(reasonText)].join("\n");
    } else item.tooltip = node.file;
    return item;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function target(node: Node): [vscode.Uri, vscode.TextDocumentShowOptions] {
  if (node.kind === "file") return [vscode.Uri.parse(node.uri), { preview: true }];
  const { uri, line, start, end } = node.row;
  return [vscode.Uri.parse(uri), { selection: new vscode.Range(line, start, line, end), preview: true }];
}

const reasonsOf = ({ client }: ClockpathContext, { file }: FileNode): Promise<ReasonRow[]> =>
  client.request("clockpath/configurationReason", { part: "file", selected: false, name: file });

const reasonText = ({ text, note, where }: ReasonRow): string =>
  [where, text, note].filter(Boolean).join("  ");

/** The lines that leave a file out, to go to. */
async function showReasons(context: ClockpathContext, node: FileNode): Promise<void> {
  const reasons = await reasonsOf(context, node);
  const items = reasons.map(({ text, note, where, place }) => ({
    label: text,
    description: note,
    detail: where,
    place,
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(`Clockpath: no line of the configuration names ${node.file}`);
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: `Why ${node.file} is not in the kernel`,
  });
  if (!picked?.place) return;
  const { uri, line } = picked.place;
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
    selection: new vscode.Range(line, 0, line, 0),
  });
}
