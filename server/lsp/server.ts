// One server on one connection: says what it can do, opens the trees of the client's folders, and lets each feature register.
import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { IndexStatus, InitializationOptions } from "../protocol.ts";
import { registerCallGraph } from "./callGraph.ts";
import { registerCallHierarchy } from "./callHierarchy.ts";
import { registerClockSources } from "./clockSources.ts";
import { refreshCodeLens, registerCodeLens } from "./codeLens.ts";
import { registerConfigCompletion } from "./config/completion.ts";
import { registerConfigDiagnostics } from "./config/diagnostics.ts";
import { registerConfigurations } from "./configurations.ts";
import type { Context } from "./context.ts";
import { pathOf } from "./convert.ts";
import { registerDocumentLinks } from "./documentLinks.ts";
import { registerFolding } from "./folding.ts";
import { type Graphs, openGraphs } from "./graphs.ts";
import { registerHighlight } from "./highlight.ts";
import { registerHover } from "./hover.ts";
import { registerImplementation } from "./implementation.ts";
import { registerInactiveCode, semanticTokensLegend } from "./inactiveCode.ts";
import { type Kernels, openKernels } from "./kernels.ts";
import { registerMacros } from "./macros.ts";
import { registerNavigation } from "./navigation.ts";
import { registerQueries } from "./queries.ts";
import { registerRegisters } from "./registers.ts";
import { registerStatus, statusReporter } from "./status.ts";
import { prepareSymbols, registerSymbols } from "./symbols.ts";
import { openTrees, type Trees } from "./trees.ts";
import { openUnsaved } from "./unsaved.ts";
import { registerWatching } from "./watching.ts";

export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const unsaved = openUnsaved(documents);
  let params: InitializeParams | undefined;
  let trees: Trees | undefined;
  let kernels: Kernels | undefined;
  let graphs: Graphs | undefined;
  const listeners: ((paths: readonly string[]) => void)[] = [];
  const context: Context = {
    connection,
    documents,
    trees: () => {
      trees ??= openTrees([], { onStatus: () => {} });
      return trees;
    },
    kernels: () => {
      kernels ??= openKernels(() => context.trees(), documents, optionsOf(params).config);
      return kernels;
    },
    graphs: () => {
      graphs ??= openGraphs(context.kernels(), optionsOf(params).indexDir);
      return graphs;
    },
    unsaved: () => unsaved,
    indexFor: (path) => {
      const index = context.trees().indexFor(path);
      return index && unsaved.over(index);
    },
    indexes: () => context.trees().indexes().map(unsaved.over),
    onFilesChanged: (listener) => listeners.push(listener),
    filesChanged: (paths) => {
      for (const listener of listeners) listener(paths);
    },
  };

  connection.onInitialize((given): InitializeResult => {
    params = given;
    const lens = optionsOf(params).codeLens === true ? { codeLensProvider: { resolveProvider: true } } : {};
    return { serverInfo: { name: "clockpath" }, capabilities: { ...capabilities, ...lens } };
  });
  connection.onInitialized(() => {
    const options = optionsOf(params);
    const report = statusReporter(connection, {
      workDoneProgress: params?.capabilities.window?.workDoneProgress === true && !options.showsIndexStatus,
    });
    const hasLens =
      options.codeLens === true && params?.capabilities.workspace?.codeLens?.refreshSupport === true;
    const onStatus = (status: IndexStatus) => {
      report(status);
      if (status.state !== "ready") return;
      void prepareSymbols(context, () => !isShutDown);
      if (hasLens) refreshCodeLens(context);
    };
    trees = openTrees(foldersOf(params), { indexDir: options.indexDir, config: options.config, onStatus });
    registerWatching(context, params);
    registerClockSources(context);
    registerMacros(context);
    registerCallGraph(context);
    if (hasLens) context.graphs().onDidChange(() => refreshCodeLens(context));
    registerInactiveCode(context, params?.capabilities.workspace?.semanticTokens?.refreshSupport === true);
  });
  let isShutDown = false;
  connection.onShutdown(() => {
    isShutDown = true;
    graphs?.dispose();
    return trees?.dispose();
  });

  registerSymbols(context);
  registerNavigation(context);
  registerCallHierarchy(context);
  registerHover(context);
  registerRegisters(context);
  registerConfigurations(context);
  registerConfigCompletion(context);
  registerConfigDiagnostics(context);
  registerDocumentLinks(context);
  registerHighlight(context);
  registerImplementation(context);
  registerCodeLens(context);
  registerFolding(context);
  registerQueries(context);
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
  completionProvider: {},
  documentLinkProvider: {},
  documentHighlightProvider: true,
  implementationProvider: true,
  foldingRangeProvider: true,
  semanticTokensProvider: { legend: semanticTokensLegend, full: true },
};

function optionsOf(params: InitializeParams | undefined): InitializationOptions {
  return params?.initializationOptions ?? {};
}

/** The client's folders as absolute paths; older clients give one root. */
function foldersOf(params: InitializeParams | undefined): string[] {
  const uris = params?.workspaceFolders?.map(({ uri }) => uri) ?? (params?.rootUri ? [params.rootUri] : []);
  return uris.map(pathOf).filter((path) => path !== undefined);
}
