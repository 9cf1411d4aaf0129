// The language server's process: connects over node IPC, stdio or a socket, as the client's arguments say, and starts the server.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "./lsp/server.ts";

startServer(createConnection(ProposedFeatures.all));
