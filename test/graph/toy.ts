// Call graphs of small trees that stand in a text.
import { collect } from "../../server/graph/collect.ts";
import { graphData } from "../../server/graph/data.ts";
import { openGraph } from "../../server/graph/graph.ts";
import type { KernelConfiguration } from "../../server/kernel/api.ts";
import { inlineTree } from "../kernel/trees.ts";

/** A graph of every .c file of a tree; `headers` are those that config(1) writes. */
export function graphOf(
  text: string,
  headers: Record<string, string> = {},
  system: "netbsd" | "freebsd" = "netbsd",
) {
  const { read } = inlineTree(text);
  const files = [...text.matchAll(/^ *--- (.*)$/gm)].map(([, file]) => file!);
  const configuration: KernelConfiguration = {
    system,
    name: "TOY",
    path: "sys/conf/TOY",
    machine: "toy",
    sys: "sys/",
    files: files
      .filter((file) => /\.[cm]$/.test(file))
      .map((file) => ({
        file,
        kind: file.endsWith("c") ? "source" : "generated",
        condition: "",
        reason: [],
      })),
    excluded: [],
    options: [],
    devices: [],
    attributes: [],
    unselected: [],
    headers: Object.entries(headers).map(([name, content]) => ({ name, macros: [], text: content })),
    defines: [{ name: "_KERNEL", value: "1" }],
    includePath: ["sys"],
    links: [{ name: "machine", target: "sys/arch/toy/include" }],
    inputs: [],
    diagnostics: [],
  };
  return openGraph(graphData(configuration, collect(configuration, read)));
}
