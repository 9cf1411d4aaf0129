// Tells the client where the index stands: our own notification always, LSP work-done progress where the client shows no status
// by itself, one log line for what ends.
import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver/node";
import type { IndexStatus, Notifications } from "../protocol.ts";
import type { Context } from "./context.ts";

type Reporter = WorkDoneProgressServerReporter;

const statusChanged: keyof Notifications = "clockpath/indexStatusChanged";

export function registerStatus(context: Context): void {
  context.connection.onRequest<IndexStatus, void>("clockpath/indexStatus", () => context.trees().status());
  context.connection.onRequest<IndexStatus, void>("clockpath/rebuildIndex", () => context.trees().rebuild());
}

export function statusReporter(
  connection: Connection,
  options: { workDoneProgress: boolean },
): (status: IndexStatus) => void {
  const report = options.workDoneProgress ? progressReporter(connection) : () => {};
  return (status) => {
    void connection.sendNotification(statusChanged, status);
    logEnd(connection, status);
    report(status);
  };
}

function logEnd(connection: Connection, status: IndexStatus): void {
  if (status.state === "none") connection.console.info(status.reason);
  if (status.state === "failed") connection.console.error(`index of ${status.tree}: ${status.message}`);
  if (status.state !== "ready") return;
  const { tree, files, symbols, bytes, seconds = 0, updated = 0, skippedCount } = status;
  connection.console.info(
    `index of ${tree}: ${files} files (${updated} updated, ${skippedCount} left out), ${symbols} symbols, ${bytes} bytes, ${seconds.toFixed(2)} s`,
  );
}

/** One progress from the first "building" to what ends it. The client answers when it likes: statuses wait for it in order. */
function progressReporter(connection: Connection): (status: IndexStatus) => void {
  let progress: Promise<Reporter | undefined> | undefined;
  return (status) => {
    if (status.state !== "building") {
      void progress?.then((reporter) => reporter?.done());
      progress = undefined;
      return;
    }
    progress ??= begin(connection, status.tree);
    const percentage = status.filesTotal === 0 ? 0 : Math.floor((100 * status.filesDone) / status.filesTotal);
    const message = `${status.filesDone} of ${status.filesTotal} files`;
    void progress.then((reporter) => reporter?.report(percentage, message));
  };
}

async function begin(connection: Connection, tree: string): Promise<Reporter | undefined> {
  try {
    const reporter = await connection.window.createWorkDoneProgress();
    reporter.begin("Indexing kernel sources", 0, tree, false);
    return reporter;
  } catch {
    return undefined; // The client does not want it after all.
  }
}
