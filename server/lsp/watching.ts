// Files that change on disk or are opened from elsewhere: asks the client to watch what the index holds, and passes changes on.
import { DidChangeWatchedFilesNotification, type InitializeParams } from "vscode-languageserver/node";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";

const indexed = "**/*.{c,h,S,s,cc,l,y}";
const configurations = ["**/conf/*", "**/files.*"];
const source = /\.(c|h|S|s|cc|l|y)$/;

export function registerWatching(context: Context, params: InitializeParams | undefined): void {
  context.connection.onDidChangeWatchedFiles(({ changes }) => {
    const paths = changes.map(({ uri }) => pathOf(uri)).filter((path) => path !== undefined);
    context.trees().filesChanged(paths.filter((path) => source.test(path)));
    context.filesChanged(paths);
  });
  context.documents.onDidOpen(({ document }) => {
    const path = pathOf(document.uri);
    if (path !== undefined) context.trees().cover(path);
  });
  // A client that cannot watch still tells what it saves itself.
  context.documents.onDidSave(({ document }) => {
    const path = pathOf(document.uri);
    if (path !== undefined) context.trees().filesChanged([path]);
  });
  if (params?.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  void context.connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [indexed, ...configurations].map((globPattern) => ({ globPattern })),
  });
}
