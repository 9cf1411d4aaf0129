// The code of the Clock Paths webview: draws a graph of calls as SVG, and lets mouse and keyboard walk along it. Every text goes into the page as
// text, never as markup; places are opened by the extension.
import type { CallEdge, CallGraph, CallNode, SourcePlace } from "../../server/protocol.ts";
import { type Layout, layOut, type Point } from "./layout.ts";
import type { FromWebview, ToWebview } from "./messages.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromWebview): void };

const vscode = acquireVsCodeApi();
const gaps = { layer: 56, row: 14 };
const padding = { x: 10, y: 5 };
const lineHeight = 15;
const margin = 16;

const title = document.createElement("h1");
const picture = document.createElement("main");
const details = document.createElement("p");
const leftOut = document.createElement("label");
const legend = document.createElement("ul");
const checkbox = document.createElement("input");
let graph: CallGraph | undefined;
/** Of the picture; "fit" makes it as wide as the panel at most. */
let zoom: number | "fit" = "fit";

/** A node on the screen, with what leads to it and from it. */
interface Shown {
  readonly node: CallNode;
  readonly group: SVGGElement;
  readonly at: Point;
  readonly before: CallEdge[];
  readonly behind: CallEdge[];
}

let shown = new Map<string, Shown>();

window.addEventListener("message", ({ data }: MessageEvent<ToWebview>) => {
  if (data.what === "graph") show(data.graph);
  else say(data.text);
});
build();
vscode.postMessage({ what: "ready" });

function build(): void {
  checkbox.type = "checkbox";
  checkbox.addEventListener("change", () => graph && show(graph));
  leftOut.append(checkbox, document.createTextNode(""));
  details.setAttribute("role", "status");
  const bar = document.createElement("header");
  bar.append(title, leftOut, legend);
  document.body.append(bar, picture, details);
  window.addEventListener("resize", scale);
  window.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (ctrlKey || metaKey) return;
    if (key === "+" || key === "-") zoomTo(scaleNow() * (key === "+" ? 1.25 : 0.8));
    else if (key === "0") zoomTo("fit");
  });
}

function say(text: string): void {
  graph = undefined;
  title.textContent = text;
  leftOut.hidden = true;
  legend.hidden = true;
  picture.replaceChildren();
  details.textContent = "";
}

function show(given: CallGraph): void {
  graph = given;
  const out = given.nodes.filter(({ kind, configured }) => kind === "clock" && !configured);
  leftOut.hidden = out.length === 0;
  leftOut.lastChild!.textContent = ` ${out.length} clock${out.length === 1 ? " that is" : "s that are"} not in the kernel`;
  const nodes = given.nodes.filter((node) => checkbox.checked || !out.includes(node));
  title.textContent = given.title;
  draw(nodes, given.edges);
  showLegend(given.edges);
  details.textContent =
    "Arrow keys go along the calls, Enter opens the source, Shift+Enter the call; + - 0 for the size.";
}

/** Smaller than this nobody reads it: it is scrolled. */
const smallest = 0.6;

function scaleNow(): number {
  if (zoom !== "fit") return zoom;
  const width = picture.querySelector("svg")?.viewBox.baseVal.width ?? 1;
  return Math.min(1, Math.max(smallest, picture.clientWidth / width));
}

function zoomTo(wanted: number | "fit"): void {
  zoom = wanted === "fit" ? wanted : Math.min(4, Math.max(0.2, wanted));
  scale();
}

function scale(): void {
  const canvas = picture.querySelector("svg");
  if (!canvas) return;
  const { width, height } = canvas.viewBox.baseVal;
  canvas.setAttribute("width", String(width * scaleNow()));
  canvas.setAttribute("height", String(height * scaleNow()));
}

const kindNames: Record<CallEdge["kind"], string> = {
  direct: "call",
  macro: "call in a macro",
  pointer: "may call, through a pointer",
  set: "from a linker set",
  alias: "another name",
  ifunc: "chosen at boot",
  registers: "registers",
};

/** Only the kinds that are drawn. */
function showLegend(edges: readonly CallEdge[]): void {
  const used = Object.entries(kindNames).filter(([kind]) => edges.some((edge) => edge.kind === kind));
  legend.hidden = used.length < 2;
  legend.replaceChildren(
    ...used.map(([kind, name]) => {
      const line = svg("svg", { width: 34, height: 10, "aria-hidden": "true" });
      line.append(svg("path", { d: "M1 5H33", class: `edge ${kind}` }));
      const item = document.createElement("li");
      item.append(line, ` ${name}`);
      return item;
    }),
  );
}

function draw(nodes: readonly CallNode[], edges: readonly CallEdge[]): void {
  const groups = nodes.map(nodeGroup);
  const canvas = svg("svg", { role: "group", "aria-label": graph?.title ?? "" });
  canvas.append(arrowHead(), ...groups);
  picture.replaceChildren(canvas);
  const sizes = groups.map((group) => sizeOf(group));
  const layout = layOut(
    nodes.map(({ id, kind }, i) => ({ id, ...sizes[i]!, last: kind === "clock" })),
    edges,
    gaps,
  );
  canvas.setAttribute("viewBox", `0 0 ${layout.width + 2 * margin} ${layout.height + 2 * margin}`);
  scale();
  shown = new Map(
    nodes.map((node, i) => {
      const at = layout.nodes[i]!;
      place(groups[i]!, at, sizes[i]!);
      return [node.id, { node, group: groups[i]!, at, before: [], behind: [] }];
    }),
  );
  drawEdges(canvas, edges, layout);
  groups[0]?.setAttribute("tabindex", "0");
}

function drawEdges(canvas: SVGElement, edges: readonly CallEdge[], layout: Layout): void {
  for (const [i, edge] of edges.entries()) {
    const points = layout.edges[i]!;
    const [from, to] = [shown.get(edge.from), shown.get(edge.to)];
    if (!from || !to || points.length === 0) continue;
    from.behind.push(edge);
    to.before.push(edge);
    const d = curve(points);
    const wide = svg("path", { d, class: "reach" });
    wide.append(tooltip(edgeText(edge)));
    wide.addEventListener("click", () => open(edge.place));
    const group = svg("g", { class: "call" });
    group.append(svg("path", { d, class: `edge ${edge.kind}`, "marker-end": "url(#arrow)" }), wide);
    canvas.insertBefore(group, canvas.firstChild);
  }
}

function nodeGroup(node: CallNode): SVGGElement {
  const { label, detail, kind, configured, place: source } = node;
  const group = svg("g", { class: `node ${kind}${configured ? "" : " out"}`, tabindex: -1, role: "button" });
  const name = svg("text", { class: "label", x: padding.x, y: padding.y + lineHeight - 4 });
  name.textContent = label;
  group.append(svg("rect", { rx: kind === "clock" ? 9 : 3 }), name);
  if (kind === "clock" && detail !== "") {
    for (const [i, line] of detail.split(", ").entries()) {
      const below = svg("text", { class: "detail", x: padding.x, y: padding.y + (i + 2) * lineHeight - 5 });
      below.textContent = line;
      group.append(below);
    }
  }
  group.setAttribute("aria-label", [kind, label, detail].filter(Boolean).join(", "));
  group.append(tooltip([label, detail].filter(Boolean).join("\n")));
  group.addEventListener("click", () => source && open(source));
  group.addEventListener("focus", () => tell(node.id));
  group.addEventListener("keydown", (event) => walk(event, node.id));
  return group;
}

function sizeOf(group: SVGGElement): { width: number; height: number } {
  const texts = [...group.querySelectorAll("text")];
  const width = Math.max(...texts.map((text) => text.getComputedTextLength()));
  return { width: Math.ceil(width) + 2 * padding.x, height: texts.length * lineHeight + 2 * padding.y };
}

function place(
  group: SVGGElement,
  { x, y }: Point,
  { width, height }: { width: number; height: number },
): void {
  group.setAttribute("transform", `translate(${x + margin} ${y + margin})`);
  const box = group.querySelector("rect")!;
  box.setAttribute("width", String(width));
  box.setAttribute("height", String(height));
}

/** Level where it leaves and comes. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points.map(({ x, y }) => ({ x: x + margin, y: y + margin }));
  let d = `M${first!.x} ${first!.y}`;
  let before = first!;
  for (const point of rest) {
    const middle = (before.x + point.x) / 2;
    d += `C${middle} ${before.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    before = point;
  }
  return d;
}

function arrowHead(): SVGElement {
  const marker = svg("marker", {
    id: "arrow",
    viewBox: "0 0 8 8",
    refX: 7,
    refY: 4,
    markerWidth: 7,
    markerHeight: 7,
    orient: "auto-start-reverse",
  });
  marker.append(svg("path", { d: "M0 0 8 4 0 8z", class: "arrow" }));
  const definitions = svg("defs", {});
  definitions.append(marker);
  return definitions;
}

function tooltip(text: string): SVGElement {
  const made = svg("title", {});
  made.textContent = text;
  return made;
}

function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function open(place: SourcePlace): void {
  vscode.postMessage({ what: "open", place });
}

const where = ({ uri, line }: SourcePlace): string =>
  `${decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1))}:${line + 1}`;

function edgeText({ from, to, kind, how, place }: CallEdge): string {
  const name = (id: string) => shown.get(id)?.node.label ?? id;
  const verbs: Partial<Record<CallEdge["kind"], string>> = { direct: "calls", registers: "registers" };
  const about = verbs[kind] === undefined ? how || kindNames[kind] : "";
  return [`${name(from)} ${verbs[kind] ?? "→"} ${name(to)}`, about, where(place)].filter(Boolean).join(", ");
}

/** Says below the picture what the focused node is, and how it is called. */
function tell(id: string): void {
  const found = shown.get(id);
  if (!found) return;
  const { node, before } = found;
  for (const other of shown.values()) other.group.setAttribute("tabindex", other === found ? "0" : "-1");
  const self = [node.label, node.detail, node.place && where(node.place)].filter(Boolean).join(", ");
  details.textContent = [self, ...before.map(edgeText)].join(". ");
}

/** Right and left along the calls, up and down within a layer. */
function walk(event: KeyboardEvent, id: string): void {
  const here = shown.get(id)!;
  const target = {
    ArrowRight: () =>
      nearest(
        here,
        here.behind.map(({ to }) => to),
      ),
    ArrowLeft: () =>
      nearest(
        here,
        here.before.map(({ from }) => from),
      ),
    ArrowUp: () => neighbour(here, -1),
    ArrowDown: () => neighbour(here, 1),
  }[event.key];
  if (target) target()?.group.focus();
  else if (event.key === "Enter" || event.key === " ") {
    const source = event.shiftKey ? here.before[0]?.place : here.node.place;
    if (source) open(source);
  } else return;
  event.preventDefault();
}

function nearest(here: Shown, ids: readonly string[]): Shown | undefined {
  const found = ids.flatMap((id) => shown.get(id) ?? []);
  return found.sort((a, b) => Math.abs(a.at.y - here.at.y) - Math.abs(b.at.y - here.at.y))[0];
}

function neighbour(here: Shown, step: 1 | -1): Shown | undefined {
  const column = [...shown.values()].filter(({ at }) => at.x === here.at.x);
  const further = column.filter(({ at }) => (at.y - here.at.y) * step > 0);
  return further.sort((a, b) => (a.at.y - b.at.y) * step)[0];
}
