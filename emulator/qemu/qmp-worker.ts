// The thread with the QMP socket: hands commands out and replies over. One command is under way at a time.

import net from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { Mailbox } from "../mailbox.ts";
import { Conversation } from "./qmp-conversation.ts";
import type { QmpEvent, QmpLinkData, QmpOrder } from "./qmp-link.ts";

const { place, shared } = workerData as QmpLinkData;
const mailbox = new Mailbox(shared);
const tell = (event: QmpEvent): void => parentPort!.postMessage(event);

/** The command that is waited for. */
let awaited: number | undefined;
let lost: string | undefined;

const socket = "path" in place ? net.connect(place.path) : net.connect(place.port, place.host);
socket.setNoDelay(true);
socket.setEncoding("utf8");

function loose(message: string): void {
  if (lost !== undefined) return;
  lost = message;
  if (awaited !== undefined) mailbox.fail(message);
  tell({ kind: "lost", message });
}

const conversation = new Conversation(
  {
    ready: (version) => tell({ kind: "ready", version }),
    refused(why) {
      tell({ kind: "failed", code: why });
      socket.destroy();
    },
    event: (name, data) => tell({ kind: "event", name, data }),
    replied(id, reply) {
      // A reply that comes late is nobody's.
      if (id !== awaited) return;
      awaited = undefined;
      const text = "value" in reply ? `+${reply.value}` : `-${reply.error}`;
      mailbox.put(Buffer.from(text, "utf8").toString("latin1"));
    },
  },
  (text) => socket.write(`${text}\r\n`),
);

socket.on("data", (data) => conversation.receive(String(data)));
socket.on("error", (error: NodeJS.ErrnoException) => {
  if (socket.connecting) tell({ kind: "failed", code: error.code ?? error.message });
  loose(error.message);
});
socket.on("close", () => loose("the connection has ended"));

parentPort!.on("message", (order: QmpOrder) => {
  if (order.kind === "close") socket.end(() => process.exit(0));
  else if (lost !== undefined) mailbox.fail(lost);
  else {
    awaited = order.request.id;
    socket.write(`${JSON.stringify(order.request)}\r\n`);
  }
});
