// The Clock Paths panel: the calls that lead from the kernel's entry to each clock, or from one function to another, as a picture. The panel
// is webview/graph.ts; what it asks for is opened here.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { CallGraph, GraphAnswer, SourcePlace } from "../../server/protocol.ts";
import type { ClockpathContext } from "../context.ts";
import { isFromWebview, type ToWebview } from "../webview/messages.ts";

const viewType = "clockpath.clockPaths";

/** What a panel draws: the clocks, or the paths between two functions. */
export type Drawn = { readonly from: string; readonly to: string } | null;

export function registerClockPaths(context: ClockpathContext): void {
  const panels = new Panels(context);
  context.extension.subscriptions.push(
    panels,
    vscode.commands.registerCommand("clockpath.showClockPaths", () => panels.show(null)),
    vscode.commands.registerCommand("clockpath.drawPaths", (drawn: Drawn) => panels.show(drawn)),
  );
  context.client.onNotification("clockpath/graphChanged", () => panels.refresh());
  context.client.onNotification("clockpath/configurationChanged", () => panels.refresh());
}

interface Open {
  readonly panel: vscode.WebviewPanel;
  readonly drawn: Drawn;
  isReady: boolean;
}

/** One panel for each thing that is drawn. */
class Panels implements vscode.Disposable {
  private readonly open = new Map<string, Open>();
  private readonly context: ClockpathContext;

  constructor(context: ClockpathContext) {
    this.context = context;
  }

  show(drawn: Drawn): void {
    const key = drawn ? `${drawn.from} ${drawn.to}` : "";
    const known = this.open.get(key);
    if (known) {
      known.panel.reveal();
      return;
    }
    const title = drawn ? `${drawn.from} → ${drawn.to}` : "Clock Paths";
    const folder = vscode.Uri.joinPath(this.context.extension.extensionUri, "dist/webview");
    const panel = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [folder],
      retainContextWhenHidden: true,
    });
    panel.iconPath = vscode.Uri.joinPath(this.context.extension.extensionUri, "extension/clockpath.svg");
    const open: Open = { panel, drawn, isReady: false };
    this.open.set(key, open);
    panel.onDidDispose(() => this.open.delete(key));
    panel.webview.onDidReceiveMessage((message: unknown) => this.hear(open, message));
    panel.webview.html = page(panel.webview, folder);
  }

  async refresh(): Promise<void> {
    await Promise.all([...this.open.values()].map((open) => this.tell(open)));
  }

  private async hear(open: Open, message: unknown): Promise<void> {
    if (!isFromWebview(message)) return;
    if (message.what === "open") await openSource(open.panel, message.place);
    else {
      open.isReady = true;
      await this.tell(open);
    }
  }

  private async tell({ panel, drawn, isReady }: Open): Promise<void> {
    if (!isReady) return;
    const answer = await this.context.client.request("clockpath/callGraph", drawn);
    const text = problem(answer, drawn);
    const { title, nodes, edges } = answer;
    const message: ToWebview =
      text === undefined ? { what: "graph", graph: { title, nodes, edges } } : { what: "text", text };
    await panel.webview.postMessage(message);
  }

  dispose(): void {
    for (const { panel } of this.open.values()) panel.dispose();
  }
}

/** Why there is no graph to draw. */
function problem(
  { state, message, missing, nodes }: GraphAnswer & CallGraph & { missing?: string },
  drawn: Drawn,
): string | undefined {
  if (nodes.length > 0) return undefined;
  if (state === "building") return "Reading the configured kernel…";
  if (state === "none")
    return "Choose a kernel configuration in the status bar: the paths are those of the configured kernel.";
  if (state === "failed") return message ?? "The call graph could not be made.";
  if (missing !== undefined) return `${missing} is no function of the configured kernel.`;
  if (drawn === null) return "No timecounter is defined in this tree.";
  return `No path of calls leads from ${drawn.from} to ${drawn.to} in the configured kernel.`;
}

/** Beside the picture, in the column where the last source went. */
async function openSource(panel: vscode.WebviewPanel, { uri, line }: SourcePlace): Promise<void> {
  const other = vscode.window.visibleTextEditors.find(({ viewColumn }) => viewColumn !== panel.viewColumn);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
    selection: new vscode.Range(line, 0, line, 0),
    viewColumn: other?.viewColumn ?? vscode.ViewColumn.Beside,
    preview: true,
  });
}

/** Nothing but our own script and style runs in the page, and nothing can be loaded. */
function page(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64url");
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri("graph.css")}">
<title>Clock Paths</title>
</head>
<body>
<script nonce="${nonce}" src="${uri("graph.js")}"></script>
</body>
</html>`;
}
