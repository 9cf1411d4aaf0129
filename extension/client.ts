// The language client: starts dist/server.js in its own process, and gives the features typed requests to it.
import * as vscode from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  ProgressType,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import type {
  InitializationOptions,
  Notifications,
  QueryParams,
  QueryProgress,
  QueryResult,
  Requests,
} from "../server/protocol.ts";
import { onSettingsChanged, rememberedConfiguration, settings } from "./config.ts";

export interface Client {
  /** Settles when the server has answered for the first time, or cannot start. */
  readonly ready: Promise<void>;
  /** Sends one of our own requests; rejects when the server is not running. */
  request<M extends keyof Requests>(method: M, params: Requests[M]["params"]): Promise<Requests[M]["result"]>;
  /** Asks one of cscope's questions; rows come through `onRows` while they are found. Rejects when the token is cancelled. */
  query(
    params: Omit<QueryParams, "token">,
    onRows: (progress: QueryProgress) => void,
    token: vscode.CancellationToken,
  ): Promise<QueryResult>;
  onNotification<M extends keyof Notifications>(
    method: M,
    listener: (params: Notifications[M]) => void,
  ): void;
  /** Calls the listener when the server runs, and again after each restart. */
  onRunning(listener: () => unknown): void;
  /** Shows the server's output channel. */
  showLog(): void;
}

/** The language of kernel configuration files, as package.json declares it. */
export const configurationLanguage = "bsd-kernel-config";

/** Headers are C++ to VS Code. */
export const kernelLanguages = ["c", "cpp"] as const;

/** Starts the server; features may use the client at once, requests wait until the server is ready. */
export function startClient(extension: vscode.ExtensionContext): Client {
  const client = new LanguageClient(
    "clockpath",
    "Clockpath",
    serverOptions(extension),
    clientOptions(extension.workspaceState),
  );
  const ready = client.start();
  ready.catch((error) => {
    void vscode.window.showErrorMessage(`Clockpath: the language server does not start: ${messageOf(error)}`);
  });
  extension.subscriptions.push(
    client,
    // Who changes the setting wants it, whatever was picked before.
    onSettingsChanged("index.configuration", () =>
      extension.workspaceState.update(rememberedConfiguration, undefined),
    ),
    onSettingsChanged("index", () => void client.restart()),
    onSettingsChanged("codeLens", () => void client.restart()),
  );
  const listeners = new Map<string, Listener[]>();
  return {
    ready: ready.catch(() => {}),
    request: async (method, params) => {
      await ready;
      return client.sendRequest(method, params);
    },
    query: async (params, onRows, cancellation) => {
      await ready;
      const token = `query ${++queries}`;
      const listening = client.onProgress(queryProgress, token, onRows);
      try {
        return await client.sendRequest<QueryResult>("clockpath/query", { ...params, token }, cancellation);
      } finally {
        listening.dispose();
      }
    },
    onNotification: (method, listener) => {
      // The connection keeps one handler a method: ours calls every listener.
      const known = listeners.get(method);
      if (known) known.push(listener as Listener);
      else {
        const all = [listener as Listener];
        listeners.set(method, all);
        const handler = (params: unknown) => {
          for (const one of all) one(params);
        };
        extension.subscriptions.push(client.onNotification(method, handler));
      }
    },
    onRunning: (listener) => {
      extension.subscriptions.push(
        client.onDidChangeState(({ oldState, newState }) => {
          if (oldState !== State.Running && newState === State.Running) listener();
        }),
      );
    },
    showLog: () => client.outputChannel.show(),
  };
}

type Listener = (params: unknown) => void;

const queryProgress = new ProgressType<QueryProgress>();
let queries = 0;

function serverOptions(extension: vscode.ExtensionContext) {
  const module = extension.asAbsolutePath("dist/server.js");
  const run = { module, transport: TransportKind.ipc };
  return {
    run,
    debug: { ...run, options: { execArgv: ["--nolazy", "--inspect=6009", "--enable-source-maps"] } },
  };
}

function clientOptions(memory: vscode.Memento): LanguageClientOptions {
  return {
    documentSelector: [...kernelLanguages, "asm", configurationLanguage].map((language) => ({
      scheme: "file",
      language,
    })),
    initializationOptions: () => initializationOptions(memory),
    progressOnInitialization: false,
  };
}

/** Asked anew at each start, so that a restart takes new settings. */
function initializationOptions(memory: vscode.Memento): InitializationOptions {
  const { indexDirectory, kernelConfiguration, callersLens } = settings();
  const remembered = memory.get<string>(rememberedConfiguration);
  const config = remembered ?? kernelConfiguration;
  return {
    showsIndexStatus: true,
    codeLens: callersLens,
    ...(indexDirectory === "" ? {} : { indexDir: indexDirectory }),
    ...(config === "" && remembered === undefined ? {} : { config }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
