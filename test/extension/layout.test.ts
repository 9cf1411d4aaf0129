// The layered layout of call graphs: small ones by eye, random ones by what always holds.
import { describe, expect, it } from "vitest";
import { type LayoutEdge, type LayoutNode, layOut } from "../../extension/webview/layout.ts";
import { random } from "../random.ts";

const gaps = { layer: 40, row: 10 };

function graph(text: string): { nodes: LayoutNode[]; edges: LayoutEdge[] } {
  const edges = text
    .trim()
    .split(/\s+/)
    .flatMap((chain) => {
      const ids = chain.split(">");
      return ids.slice(1).map((to, i) => ({ from: ids[i]!, to }));
    });
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  return { nodes: ids.map((id) => ({ id, width: 100, height: 20 })), edges };
}

/** "layer:row" of each node. */
function grid({ nodes, edges }: ReturnType<typeof graph>): Record<string, string> {
  const placed = layOut(nodes, edges, gaps);
  return Object.fromEntries(
    nodes.map(({ id }, i) => [id, `${placed.nodes[i]!.x / 140}:${placed.nodes[i]!.y}`]),
  );
}

describe("a layout", () => {
  it("puts a chain on one line, each node a layer further", () => {
    expect(grid(graph("main>configure2>initclocks>tc_init"))).toEqual({
      main: "0:0",
      configure2: "1:0",
      initclocks: "2:0",
      tc_init: "3:0",
    });
  });

  it("puts a fork around its middle, and what joins behind it", () => {
    expect(grid(graph("a>b>d a>c>d"))).toEqual({ a: "0:15", b: "1:0", c: "1:30", d: "2:15" });
  });

  it("leads long edges past the nodes between", () => {
    const { nodes, edges } = graph("a>b>c a>c");
    const placed = layOut(nodes, edges, gaps);
    expect(placed.edges[2]!.length).toBe(4);
    const through = placed.edges[2]![1]!;
    const b = placed.nodes[1]!;
    expect(through.y < b.y || through.y > b.y + 20).toBe(true);
  });

  it("takes apart what crosses", () => {
    const { y } = { y: (id: string) => Number(grid(graph("a>x b>y c>z a>z2 c>x2"))[id]!.split(":")[1]) };
    expect(Math.sign(y("a") - y("b"))).toBe(Math.sign(y("x") - y("y")));
    expect(Math.sign(y("b") - y("c"))).toBe(Math.sign(y("y") - y("z")));
  });

  it("puts the last ones into the last layer", () => {
    const { nodes, edges } = graph("a>b>c a>clock");
    const placed = layOut(
      nodes.map((node) => ({ ...node, last: node.id === "clock" })),
      edges,
      gaps,
    );
    expect(placed.nodes.map(({ x }) => x / 140)).toEqual([0, 1, 2, 2]);
  });

  it("takes cycles, edges to itself, edges to nowhere, and nothing", () => {
    expect(() => layOut([], [], gaps)).not.toThrow();
    expect(layOut([], [{ from: "a", to: "b" }], gaps)).toEqual({
      width: 0,
      height: 0,
      nodes: [],
      edges: [[]],
    });
    const { nodes, edges } = graph("a>b>c>a b>b");
    const placed = layOut(nodes, edges, gaps);
    expect(new Set(placed.nodes.map(({ x }) => x)).size).toBe(3);
    expect(placed.edges.map((points) => points.length)).toEqual(
      [2, 2, 3, 0].map((n, i) => (i === 2 ? 4 : n)),
    );
  });
});

describe.each(Array.from({ length: 40 }, (_, i) => i + 1))("random graph, seed %i", (seed) => {
  const next = random(seed);
  const count = 1 + next(40);
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    width: 40 + next(100),
    height: 20 + next(20),
  }));
  const edges = Array.from({ length: next(80) }, () => ({
    from: `n${next(count)}`,
    to: `n${next(count)}`,
  }));
  const placed = layOut(nodes, edges, gaps);

  it("has no two nodes over each other, all inside, and is the same twice", () => {
    for (const [i, a] of placed.nodes.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.y).toBeGreaterThanOrEqual(0);
      expect(a.x + nodes[i]!.width).toBeLessThanOrEqual(placed.width);
      expect(a.y + nodes[i]!.height).toBeLessThanOrEqual(placed.height + 0.1);
      for (const [k, b] of placed.nodes.entries()) {
        if (k <= i || a.x !== b.x) continue;
        expect(a.y + nodes[i]!.height <= b.y + 0.2 || b.y + nodes[k]!.height <= a.y + 0.2).toBe(true);
      }
    }
    expect(layOut(nodes, edges, gaps)).toEqual(placed);
  });

  it("begins and ends each edge at its nodes", () => {
    for (const [i, { from, to }] of edges.entries()) {
      const points = placed.edges[i]!;
      if (from === to) expect(points).toEqual([]);
      else {
        const start = Number(from.slice(1));
        expect(points[0]!.y).toBeCloseTo(placed.nodes[start]!.y + nodes[start]!.height / 2, 0);
        const end = Number(to.slice(1));
        expect(points.at(-1)!.y).toBeCloseTo(placed.nodes[end]!.y + nodes[end]!.height / 2, 0);
      }
    }
  });
});
