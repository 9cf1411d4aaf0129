// Files that change on disk or are opened from elsewhere: asks the client to watch what the index holds, and passes changes on.
import {
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
  type InitializeParams,
  WatchKind,
} from "vscode-languageserver/node";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";
import { isFolder } from "./texts.ts";

const indexed = "**/*.{c,h,S,s,cc,l,y}";
const configurations = ["**/conf/*", "**/files.*"];
const source = /\.(c|h|S|s|cc|l|y)$/;
const configuration = /(^|[/\\])(conf[/\\][^/\\]+|files\.[^/\\]+)$/;

export function registerWatching(context: Context, params: InitializeParams | undefined): void {
  context.connection.onDidChangeWatchedFiles(({ changes }) => {
    const paths: string[] = [];
    const sources: string[] = [];
    for (const change of changes) {
      const path = pathOf(change.uri);
      if (path === undefined) continue;
      const isSource = source.test(path) || isFolderOf(context, path, change);
      if (isSource) sources.push(path);
      if (isSource || configuration.test(path)) paths.push(path);
    }
    context.trees().filesChanged(sources);
    if (paths.length > 0) context.filesChanged(paths);
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
    watchers: [
      ...[indexed, ...configurations].map((globPattern) => ({ globPattern })),
      { globPattern: "**/*", kind: WatchKind.Create | WatchKind.Delete },
    ],
  });
}

/** A folder that goes, comes or is renamed is one event: nothing is said of the files in it. */
function isFolderOf(context: Context, path: string, { type }: FileEvent): boolean {
  if (type === FileChangeType.Created) return isFolder(path);
  if (type !== FileChangeType.Deleted) return false;
  return context
    .trees()
    .indexes()
    .some((index) => index.hasFolder(path));
}
