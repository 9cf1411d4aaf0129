// Completion in configuration files: what can be written here. Options behind `options`, devices, what a device attaches to, names of
// conditions, the keywords at the start of a line.
import { type CompletionItem, CompletionItemKind, MarkupKind } from "vscode-languageserver/node";
import { choicesOf } from "../../kernel/declarations.ts";
import type { Dialect, NameRole } from "../../kernel/names.ts";
import type { Context, Cursor } from "../context.ts";
import { lineOf } from "../word.ts";
import { configDocument, isConfig } from "./document.ts";
import { code } from "./hover.ts";

export function registerConfigCompletion(context: Context): void {
  context.connection.onCompletion((params) =>
    isConfig(context, params.textDocument.uri) ? configCompletion(context, params) : null,
  );
}

function configCompletion(context: Context, { textDocument, position }: Cursor): CompletionItem[] | null {
  const document = configDocument(context, textDocument.uri);
  const before = document && lineOf(document.text, position.line)?.slice(0, position.character);
  if (!document || before === undefined || before.includes("#")) return null;
  const wanted = expected(before, document.dialect);
  if (wanted === undefined) return null;
  if (wanted === "keyword")
    return keywords[document.dialect.system][document.dialect.kind].map((label) => ({
      label,
      kind: CompletionItemKind.Keyword,
    }));
  const configuration = document.configuration();
  if (!configuration) return null;
  return choicesOf(configuration, wanted).map(({ name, detail, selected, declared }) => ({
    label: name,
    kind: kinds[wanted],
    detail: selected ? `${detail}, in ${configuration.name}` : detail,
    ...(declared
      ? { documentation: { kind: MarkupKind.Markdown, value: code(`${declared.file}:${declared.line}`) } }
      : {}),
    // What is selected already is rarely wanted again.
    sortText: `${selected && document.dialect.kind === "configuration" ? 1 : 0}${name}`,
  }));
}

const kinds: Record<NameRole, CompletionItemKind> = {
  file: CompletionItemKind.File,
  include: CompletionItemKind.File,
  option: CompletionItemKind.Constant,
  "file-system": CompletionItemKind.Constant,
  device: CompletionItemKind.Module,
  attribute: CompletionItemKind.Interface,
  condition: CompletionItemKind.Value,
};

/** What the text before the cursor asks for. */
function expected(before: string, dialect: Dialect): NameRole | "keyword" | undefined {
  if (/^\s*[\w-]*$/.test(before)) {
    if (dialect.kind === "files" && /^\s/.test(before)) return "condition";
    return dialect.kind === "options" ? undefined : "keyword";
  }
  for (const [pattern, role] of patterns[dialect.system][dialect.kind]) if (pattern.test(before)) return role;
  return undefined;
}

type Patterns = readonly (readonly [RegExp, NameRole])[];

const patterns: Record<Dialect["system"], Record<Dialect["kind"], Patterns>> = {
  netbsd: {
    configuration: [
      [/^(no\s+)?options\s+(.*,\s*)?\w*$/, "option"],
      [/^(no\s+)?file-system\s+[\w\s,]*$/, "file-system"],
      [/^(no\s+)?pseudo-device\s+\w*$/, "device"],
      [/^(no\s+)?select\s+\w*$/, "attribute"],
      [/\bat\s+\w*$/, "attribute"],
      [/^no\s+\w*$/, "device"],
    ],
    files: [
      [/^(file|object)\s+\S+\s+[^"]*$/, "condition"],
      [/^\w[\w-]*\s.*:[^"]*$/, "condition"],
      [/\b(at|with)\s+[\w, ]*$/, "attribute"],
      [/^attach\s+\w*$/, "device"],
    ],
    options: [],
  },
  freebsd: {
    configuration: [
      [/^\s*(no)?(options?|cpu)\s+(.*,\s*)?\w*$/, "option"],
      [/^\s*(no)?devices?\s+\w*$/, "device"],
    ],
    files: [[/^\S+\s+optional\s+[^"]*$/, "condition"]],
    options: [],
  },
};

const words = (text: string): string[] => text.split(" ");

const keywords: Record<Dialect["system"], Record<Dialect["kind"], readonly string[]>> = {
  netbsd: {
    configuration: words(
      "include cinclude machine ident maxusers makeoptions options no file-system pseudo-device select config package",
    ),
    files: words(
      "file object define device attach defflag defparam deffs defpseudo defpseudodev devclass obsolete include cinclude prefix " +
        "buildprefix makeoptions maxpartitions version device-major ifdef ifndef elifdef elifndef else endif package",
    ),
    options: [],
  },
  freebsd: {
    configuration: words(
      "include ident machine cpu options nooptions device nodevice makeoptions nomakeoptions maxusers profile envvar env hints files",
    ),
    files: ["include"],
    options: [],
  },
};
