// The thread with the socket: frames packets, acknowledges, hands replies over. One packet is under way at a time; while the
// guest runs, what comes is its stop reply.

import net from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { Mailbox } from "../../mailbox.ts";
import { FrameReader, frameOf } from "../framing.ts";
import type { LinkData, LinkEvent, LinkRequest } from "./link.ts";

const { place, shared } = workerData as LinkData;
const mailbox = new Mailbox(shared);
const tell = (event: LinkEvent): void => parentPort!.postMessage(event);

let awaiting: "nothing" | "reply" | "stop" = "nothing";
let acknowledges = true;
let lost: string | undefined;
let last = "";
let printed = "";

const socket = "path" in place ? net.connect(place.path) : net.connect(place.port, place.host);
socket.setNoDelay(true);
const reader = new FrameReader();

function send(packet: string): void {
  last = frameOf(packet);
  socket.write(last, "latin1");
}

function handleReply(data: string): void {
  if (data === "OK" && last === frameOf("QStartNoAckMode")) acknowledges = false;
  if (awaiting === "reply") {
    // Text of a qRcmd comes in pieces, then OK.
    if (/^O[0-9a-f]/i.test(data)) {
      if (printed.length < mailbox.capacity) printed += data.slice(1);
      return;
    }
    awaiting = "nothing";
    mailbox.put(printed && data === "OK" ? `O${printed}` : data);
    printed = "";
  } else if (awaiting === "stop") {
    // Console text comes before the stop reply; everything else ends the run.
    if (/^O[0-9a-f]/i.test(data)) {
      tell({ kind: "output", text: Buffer.from(data.slice(1), "hex").toString("utf8") });
      return;
    }
    awaiting = "nothing";
    tell({ kind: "stopped", reply: data });
  }
}

function loose(message: string): void {
  if (lost !== undefined) return;
  lost = message;
  if (awaiting === "reply") mailbox.fail(message);
  tell({ kind: "lost", message });
}

socket.on("connect", () => tell({ kind: "connected" }));
socket.on("error", (error: NodeJS.ErrnoException) => {
  if (socket.connecting || lost === undefined) tell({ kind: "failed", message: error.code ?? error.message });
  loose(error.message);
});
socket.on("close", () => loose("the connection has ended"));
socket.on("data", (data) => {
  for (const frame of reader.read(data.toString("latin1"))) {
    if (frame.kind === "nak") socket.write(last, "latin1");
    else if (frame.kind === "too-long") handleReply("E.reply too long");
    else if (frame.kind === "packet") {
      if (acknowledges) socket.write(frame.good ? "+" : "-", "latin1");
      if (frame.good || !acknowledges) handleReply(frame.data);
    }
  }
});

parentPort!.on("message", (request: LinkRequest) => {
  switch (request.kind) {
    case "exchange":
      if (lost !== undefined) return mailbox.fail(lost);
      awaiting = "reply";
      return send(request.packet);
    case "resume":
      if (lost !== undefined) return tell({ kind: "stopped", reply: "" });
      awaiting = "stop";
      return send(request.packet);
    case "interrupt":
      if (awaiting === "stop") socket.write("\x03", "latin1");
      return;
    case "close":
      socket.end(() => process.exit(0));
  }
});
