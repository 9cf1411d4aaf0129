// Language of configuration files whose names tell nothing (MICROVM, GENERIC): told by where they are, in a conf folder of a kernel tree.
import * as vscode from "vscode";
import { configurationLanguage } from "../client.ts";
import type { ClockpathContext } from "../context.ts";

/** sys/arch/amd64/conf/MICROVM, sys/amd64/conf/GENERIC, sys/conf/NOTES, also below a tree that is opened at sys/. */
const configuration = /\/conf\/(?!Makefile|README|CVS)[A-Z][A-Za-z0-9_.-]*$/;
const notText = /\.(hints|mk|sh|awk|sed|ldscript|c|h|S|md)$/;

export function registerConfigurationFiles({ extension }: ClockpathContext): void {
  extension.subscriptions.push(vscode.workspace.onDidOpenTextDocument(recognise));
  vscode.workspace.textDocuments.forEach(recognise);
}

function recognise(document: vscode.TextDocument): void {
  const { uri, languageId } = document;
  if (uri.scheme !== "file" || languageId !== "plaintext") return;
  if (configuration.test(uri.path) && !notText.test(uri.path))
    void vscode.languages.setTextDocumentLanguage(document, configurationLanguage);
}
