// Hover: the signature, the comment above it, how often it is used, and what a clock register's constant names.
import { MarkupKind } from "vscode-languageserver/node";
import { predefinedMacros } from "../lang/preprocess/predefined.ts";
import type { Definition, KernelIndex } from "../query/api.ts";
import { constantOf } from "../query/constant.ts";
import { type MacroText, macroText } from "../query/macro.ts";
import { signature } from "../query/signature.ts";
import { countCallers } from "./callers.ts";
import { commentAbove } from "./comments.ts";
import { isConfig } from "./config/document.ts";
import { configHover } from "./config/hover.ts";
import { type Context, meanings, type Target, targetAt, wordAtCursor } from "./context.ts";
import { pathOf, rangeAt } from "./convert.ts";
import { describeFileState, describeOptionMacro } from "./kernelState.ts";
import { describeRegister } from "./registers.ts";
import { visibleFrom } from "./visible.ts";

export function registerHover(context: Context): void {
  context.connection.onHover((params) => {
    if (isConfig(context, params.textDocument.uri)) return configHover(context, params);
    const word = wordAtCursor(context, params);
    if (!word) return null;
    const target = targetAt(context, params);
    const root = target?.index.tree.root ?? treeRoot(context, params.textDocument.uri);
    const parts = [
      describeRegister(word.name),
      root === undefined ? undefined : describeOptionMacro(context, root, word.name),
      target ? describeSymbol(context, target) : undefined,
    ].filter((part) => part !== undefined);
    if (parts.length === 0) return null;
    return {
      contents: { kind: MarkupKind.Markdown, value: parts.join("\n\n---\n\n") },
      range: rangeAt(word.line + 1, word.character, word.name),
    };
  });
}

/** An option can be told before the index is there. */
function treeRoot(context: Context, uri: string): string | undefined {
  const path = pathOf(uri);
  return path === undefined ? undefined : context.kernels().inTree(path)?.tree.root;
}

function describeSymbol(context: Context, target: Target): string | undefined {
  const { index } = target;
  const found = meanings(target);
  const defined = found.filter((definition) => !definition.declaration);
  const best = visibleFrom(context, index, target.file, defined)[0] ?? found[0];
  if (!best) return undefined;
  const comment = commentAbove(Buffer.from(index.text(best.file)).toString(), best.line);
  return [
    ["```c", signature(index, best), "```"].join("\n"),
    macroValue(context, index, best),
    comment === "" ? undefined : escapeMarkdown(comment),
    [whereDefined(best, found), ...usage(context, index, best), ...callees(index, best)].join(" · "),
    describeFileState(context, index.tree.root, best),
  ]
    .filter((part) => part !== undefined)
    .join("\n\n");
}

function whereDefined(best: Definition, found: readonly Definition[]): string {
  const others = found.filter((definition) => !definition.declaration).length - 1;
  const elsewhere = others > 0 ? `, and ${count(others, "other definition")}` : "";
  return `${best.declaration ? "declared" : "defined"} in ${best.file}:${best.line}${elsewhere}`;
}

/** What compilers define themselves, `__CHAR_BIT__`. */
const predefined = new Map<string, MacroText>(
  predefinedMacros("netbsd").flatMap((line) => {
    const [name, body] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    return /^\w+$/.test(name) ? [[name, { body }]] : [];
  }),
);

/** What a macro comes to, where its text does not say so itself. */
function macroValue(context: Context, index: KernelIndex, best: Definition): string | undefined {
  if (best.kind !== "macro") return undefined;
  const textOf = (name: string): MacroText | undefined => {
    const macros = index.definitions(name, { from: best.file }).filter(({ kind }) => kind === "macro");
    const meant = name === best.name ? best : visibleFrom(context, index, best.file, macros)[0];
    if (!meant) return predefined.get(name);
    return macroText(Buffer.from(index.text(meant.file)).toString(), meant.line, name);
  };
  const value = constantOf(best.name, textOf)?.value;
  if (value === undefined || /^\(?-?\d\w*\)?$/.test(textOf(best.name)!.body)) return undefined;
  const hex = value > 9n ? ` (\`0x${value.toString(16)}\`)` : "";
  return `value \`${value}\`${hex}`;
}

/** Nobody waits to learn how many thousands they are. */
const MOST_COUNTED = 5000;

/** How often the name is called, assigned and used otherwise; of what is no function the index knows names, not what they are bound to. */
function usage(context: Context, index: KernelIndex, best: Definition): string[] {
  const uses = index.references(best.name, {
    kinds: ["call", "write", "address", "use"],
    limit: MOST_COUNTED + 1,
  });
  if (uses.length > MOST_COUNTED) return [`more than ${count(MOST_COUNTED, "use")}`];
  const writes = uses.filter(({ kind }) => kind === "write").length;
  // A macro that is used at file scope has no caller.
  const others = uses.filter(({ kind, scope }) =>
    kind === "call" ? scope === undefined : kind !== "write",
  ).length;
  const { calls, callers, callersInKernel, throughPointers } = countCallers(
    context,
    index,
    best.name,
    best.file,
  );
  const inKernel =
    callersInKernel === undefined || callersInKernel === callers
      ? ""
      : `, ${callersInKernel.toLocaleString("en")} of them in the kernel`;
  const parts = [
    ...(calls > 0 ? [`${count(calls, "call")} in ${count(callers, "function")}${inKernel}`] : []),
    ...(writes > 0 ? [count(writes, "assignment")] : []),
    ...(others > 0 ? [count(others, calls + writes > 0 ? "other use" : "use")] : []),
    ...(throughPointers > 0
      ? [`may be called by ${count(throughPointers, "function")} through pointers`]
      : []),
  ];
  return parts.length > 0 ? parts : ["not used"];
}

function callees(index: KernelIndex, { kind, name, file, declaration }: Definition): string[] {
  if (kind !== "function" || declaration) return [];
  const called = new Set(index.callees(name, { file }).map(({ callee }) => callee)).size;
  return called === 0 ? [] : [`calls ${count(called, "function")}`];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Comments are plain text; paragraphs and line ends stay. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#+!|~-]/g, "\\$&").replace(/\n(?=\S)/g, "  \n");
}
