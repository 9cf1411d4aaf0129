// Warnings in the open configuration files: what config(1) or config(8) would say, and options that the tree does not declare.
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver/node";
import { shortName } from "../../kernel/configure.ts";
import { namesIn } from "../../kernel/names.ts";
import type { Context } from "../context.ts";
import { lineOf } from "../word.ts";
import { type ConfigDocument, configDocument, isConfig, rangeOf } from "./document.ts";

/** How long a text must rest. */
const settleMs = 300;

export function registerConfigDiagnostics(context: Context): void {
  let timer: NodeJS.Timeout | undefined;
  /** One configuration reads many files: a change in any can change what is wrong in all. */
  const checkAll = () => {
    for (const { uri } of context.documents.all()) if (isConfig(context, uri)) check(context, uri);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(checkAll, settleMs);
  };
  context.documents.onDidChangeContent(({ document }) => {
    if (isConfig(context, document.uri)) later();
  });
  context.documents.onDidClose(({ document: { uri } }) => {
    void context.connection.sendDiagnostics({ uri, diagnostics: [] });
    later();
  });
  context.onFilesChanged(later);
  context.connection.onShutdown(() => clearTimeout(timer));
}

function check(context: Context, uri: string): void {
  const document = configDocument(context, uri);
  const diagnostics = document ? diagnosticsOf(document) : [];
  void context.connection.sendDiagnostics({ uri, diagnostics });
}

function diagnosticsOf(document: ConfigDocument): Diagnostic[] {
  const { text, at } = document;
  const configuration = document.configuration();
  if (!configuration) return [];
  const said = configuration.diagnostics
    .filter(({ place }) => place?.file === at.file)
    .map(({ place, severity, message }) => ({
      range: lineRange(text, place!.line - 1),
      severity: severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      source: configuration.system === "netbsd" ? "config(1)" : "config(8)",
      message: at.file === configuration.path ? message : `${message} (in ${shortName(configuration.path)})`,
    }));
  return [...said, ...undeclared(document)];
}

/** NetBSD passes what no file declares to the compiler's command line: -DNAME. Most often it is a misspelling. */
function undeclared({ text, at, dialect, configuration }: ConfigDocument): Diagnostic[] {
  const kernel = configuration();
  if (!kernel || dialect.system !== "netbsd" || dialect.kind !== "configuration") return [];
  const unknown = new Set(
    kernel.options
      .filter(
        ({ kind, declared, reason }) => kind === "option" && !declared && reason[0]?.place?.file === at.file,
      )
      .map(({ name }) => name),
  );
  return namesIn(text, dialect)
    .filter(({ role, name }) => role === "option" && unknown.has(name))
    .map((name) => ({
      range: rangeOf(name),
      severity: DiagnosticSeverity.Warning,
      source: "Clockpath",
      message: `option ${name.name} is declared nowhere in this tree (no defflag or defparam): it goes to the compiler's command line as -D${name.name}, and no opt_*.h has it`,
    }));
}

function lineRange(text: string, line: number) {
  const content = lineOf(text, line) ?? "";
  const start = content.length - content.trimStart().length;
  return {
    start: { line, character: start },
    end: { line, character: Math.max(start, content.trimEnd().length) },
  };
}
