// Hover in configuration files: is this option, device, attribute or file in the kernel, and which lines decide?
import { type Hover, MarkupKind } from "vscode-languageserver/node";
import type { KernelConfiguration, Reason, WhyAnswer } from "../../kernel/api.ts";
import { shortName, why } from "../../kernel/configure.ts";
import { declarationsOf } from "../../kernel/declarations.ts";
import type { NameInText } from "../../kernel/names.ts";
import type { Tree } from "../../query/api.ts";
import type { Context, Cursor } from "../context.ts";
import { uriIn } from "../kernels.ts";
import { nameAtCursor, rangeOf } from "./document.ts";

export function configHover(context: Context, cursor: Cursor): Hover | null {
  const found = nameAtCursor(context, cursor);
  const configuration = found?.configuration();
  if (!found || !configuration || found.name.role === "include") return null;
  const name = found.name.role === "file" ? fullPath(found.at.tree, found.name) : found.name.name;
  const answers = withoutShadows(why(configuration, name));
  const kernel = shortName(configuration.path);
  const parts =
    answers.length > 0
      ? answers.slice(0, 3).map((answer) => describe(found.at.tree, configuration, answer, kernel))
      : [unknown(found.at.tree, configuration, found.name)];
  return {
    contents: { kind: MarkupKind.Markdown, value: parts.join("\n\n---\n\n") },
    range: rangeOf(found.name),
  };
}

/** Each option is an attribute of the same name in lower case, too: once is enough. */
function withoutShadows(answers: readonly WhyAnswer[]): WhyAnswer[] {
  const options = new Set(
    answers.filter(({ what }) => what === "option").map(({ name }) => name.toLowerCase()),
  );
  return answers.filter(({ what, name }) => what !== "attribute" || !options.has(name));
}

const fullPath = ({ sys }: Tree, { name }: NameInText) => (sys === "" ? name : `${sys}/${name}`);

function describe(tree: Tree, configuration: KernelConfiguration, answer: WhyAnswer, kernel: string): string {
  const option = configuration.options.find(({ name }) => answer.what === "option" && name === answer.name);
  const value = option?.value === undefined ? "" : ` = ${code(option.value)}`;
  const header = option?.header === undefined ? "" : `, in ${code(option.header)}`;
  const undeclared =
    option?.kind === "option" && !option.declared ? "; no line of this tree declares it" : "";
  const state = answer.selected ? "in" : "not in";
  return [
    `**${answer.what}** ${code(answer.name)}${value} is **${state}** ${code(kernel)}${header}${undeclared}`,
    reasonLines(tree, answer.reason),
  ].join("\n\n");
}

/** A chain of reasons as a Markdown list with links to its lines. */
export function reasonLines(tree: Tree, reason: Reason): string {
  return reason
    .slice(0, 8)
    .map(({ place, text, note }) => {
      const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
      if (!place) return `- ${code(shown)}: ${plain(note)}`;
      const where = `${place.file.slice(place.file.lastIndexOf("/") + 1)}:${place.line}`;
      return `- ${code(shown)}: ${plain(note)} ([${where}](${uriIn(tree, place.file)}#L${place.line}))`;
    })
    .join("\n");
}

function unknown(tree: Tree, configuration: KernelConfiguration, { name, role }: NameInText): string {
  const places = declarationsOf(configuration, name, role).slice(0, 5);
  const asked = places.map(({ file, line }) => `- [${file}:${line}](${uriIn(tree, file)}#L${line})`);
  const what = role === "condition" ? "name" : role;
  return asked.length > 0
    ? [`${what} ${code(name)}: asked for by`, ...asked].join("\n")
    : `${what} ${code(name)} is declared nowhere in this tree`;
}

/** Text of files as code: it cannot be read as Markdown. */
export const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``;

/** Notes are ours, but for names in backticks. */
const plain = (note: string): string =>
  note.replace(/`([^`']*)[`']/g, (_, name: string) => code(name)).replace(/[*_<>[\]]/g, "\\$&");
