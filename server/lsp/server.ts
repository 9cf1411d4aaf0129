// One server on one connection: says what it can do, opens the trees of the client's folders, and lets each feature register.
import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { InitializationOptions } from "../protocol.ts";
import { registerCallHierarchy } from "./callHierarchy.ts";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";
import { registerHover } from "./hover.ts";
import { registerNavigation } from "./navigation.ts";
import { registerRegisters } from "./registers.ts";
import { registerStatus, statusReporter } from "./status.ts";
import { registerSymbols } from "./symbols.ts";
import { openTrees, type Trees } from "./trees.ts";
import { registerWatching } from "./watching.ts";

export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  let params: InitializeParams | undefined;
  let trees: Trees | undefined;
  const context: Context = {
    connection,
    documents,
    trees: () => {
      trees ??= openTrees([], { onStatus: () => {} });
      return trees;
    },
  };

  connection.onInitialize((given): InitializeResult => {
    params = given;
    return { serverInfo: { name: "clockpath" }, capabilities };
  });
  connection.onInitialized(() => {
    const options = (params?.initializationOptions ?? {}) as InitializationOptions;
    const onStatus = statusReporter(connection, {
      workDoneProgress: params?.capabilities.window?.workDoneProgress === true && !options.showsIndexStatus,
    });
    trees = openTrees(foldersOf(params), { indexDir: options.indexDir, config: options.config, onStatus });
    registerWatching(context, params);
  });
  connection.onShutdown(() => trees?.dispose());

  registerSymbols(context);
  registerNavigation(context);
  registerCallHierarchy(context);
  registerHover(context);
  registerRegisters(context);
  registerStatus(context);
  documents.listen(connection);
  connection.listen();
}

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  workspaceSymbolProvider: true,
  documentSymbolProvider: true,
  definitionProvider: true,
  declarationProvider: true,
  referencesProvider: true,
  callHierarchyProvider: true,
  hoverProvider: true,
};

/** The client's folders as absolute paths; older clients give one root. */
function foldersOf(params: InitializeParams | undefined): string[] {
  const uris = params?.workspaceFolders?.map(({ uri }) => uri) ?? (params?.rootUri ? [params.rootUri] : []);
  return uris.map(pathOf).filter((path) => path !== undefined);
}
