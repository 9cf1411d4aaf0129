// Hover: the signature, the comment above it, how often it is used, and what a clock register's constant names.
import { MarkupKind } from "vscode-languageserver/node";
import type { Definition, KernelIndex } from "../query/api.ts";
import { signature } from "../query/signature.ts";
import { commentAbove } from "./comments.ts";
import { isConfig } from "./config/document.ts";
import { configHover } from "./config/hover.ts";
import { type Context, meanings, type Target, targetAt, wordAtCursor } from "./context.ts";
import { pathOf, rangeAt } from "./convert.ts";
import { indirectCallers } from "./indirectCalls.ts";
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
    comment === "" ? undefined : escapeMarkdown(comment),
    [
      whereDefined(best, found),
      ...usage(index, best),
      ...indirectUsage(context, index, best),
      ...callees(index, best),
    ].join(" · "),
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

/** How often the name is called, assigned and used otherwise; the index knows names, not what they are bound to. */
function usage(index: KernelIndex, best: Definition): string[] {
  const uses = index
    .references(best.name)
    .filter(({ kind }) => kind !== "definition" && kind !== "declaration");
  const calls = uses.filter(({ kind }) => kind === "call").length;
  const writes = uses.filter(({ kind }) => kind === "write").length;
  const others = uses.length - calls - writes;
  const callers = new Set(index.callers(best.name).map(({ file, caller }) => `${file}:${caller.name}`)).size;
  const parts = [
    ...(calls > 0 ? [`${count(calls, "call")} in ${count(callers, "function")}`] : []),
    ...(writes > 0 ? [count(writes, "assignment")] : []),
    ...(others > 0 ? [count(others, calls + writes > 0 ? "other use" : "use")] : []),
  ];
  return parts.length > 0 ? parts : ["not used"];
}

function callees(index: KernelIndex, { kind, name, file, declaration }: Definition): string[] {
  if (kind !== "function" || declaration) return [];
  const called = new Set(index.callees(name, { file }).map(({ callee }) => callee)).size;
  return called === 0 ? [] : [`calls ${count(called, "function")}`];
}

/** Calls through pointers and linker sets, where the call graph is there. */
function indirectUsage(context: Context, index: KernelIndex, best: Definition): string[] {
  if (best.kind !== "function") return [];
  const data = { name: best.name, file: best.file, root: index.tree.root };
  const callers = indirectCallers(context, index, data).length;
  return callers === 0 ? [] : [`may be called by ${count(callers, "function")} through pointers`];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Comments are plain text; paragraphs and line ends stay. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#+!|~-]/g, "\\$&").replace(/\n(?=\S)/g, "  \n");
}
