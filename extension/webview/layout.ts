// A layered layout of a directed graph, from left to right (after Sugiyama, Tagawa, Toda 1981): each node in the layer behind its last
// predecessor, long edges through places of their own in between, few crossings, straight chains. Pure and deterministic; knows no DOM.

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Stands in the last layer, whatever leads to it. */
  readonly last?: boolean;
}

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Upper left corners, in the order of the nodes. */
  readonly nodes: readonly Point[];
  /** From the right side of one node to the left side of the other, in the order of the edges; empty for an edge to itself. */
  readonly edges: readonly (readonly Point[])[];
}

export interface Gaps {
  readonly layer: number;
  readonly row: number;
}

/** A node, or a place through which a long edge goes (`node` undefined). */
interface Slot {
  readonly node: number | undefined;
  readonly layer: number;
  readonly width: number;
  readonly height: number;
  readonly before: Slot[];
  readonly behind: Slot[];
  order: number;
  y: number;
}

export function layOut(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], gaps: Gaps): Layout {
  const number = new Map(nodes.map(({ id }, i) => [id, i]));
  const pairs = edges.map(({ from, to }) => [number.get(from) ?? -1, number.get(to) ?? -1] as const);
  const isDrawn = ([from, to]: readonly [number, number]) => from >= 0 && to >= 0 && from !== to;
  const forward = pairs.map((pair) => (isDrawn(pair) ? pair : undefined));
  const layers = layersOf(nodes, withoutCycles(nodes.length, forward));
  const slots = nodes.map(
    ({ width, height }, node): Slot => ({
      node,
      layer: layers[node]!,
      width,
      height,
      before: [],
      behind: [],
      order: 0,
      y: 0,
    }),
  );
  const all = [...slots];
  const ways = forward.map((pair) => pair && connect(slots[pair[0]]!, slots[pair[1]]!, all));
  const columns = columnsOf(all);
  orderRows(columns);
  placeRows(columns, gaps.row);
  return drawn(nodes, slots, ways, columns, gaps);
}

/** The pairs with those turned round that lead back to a node on the way to them. */
function withoutCycles(
  count: number,
  pairs: readonly (readonly [number, number] | undefined)[],
): (readonly [number, number])[] {
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const pair of pairs) if (pair) out[pair[0]]!.push(pair[1]);
  const state = new Uint8Array(count); // 0 new, 1 on the way, 2 done
  const kept: (readonly [number, number])[] = [];
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    const way: { node: number; next: number }[] = [{ node: root, next: 0 }];
    state[root] = 1;
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const to = out[top.node]![top.next++];
      if (to === undefined) {
        state[top.node] = 2;
        way.pop();
      } else if (state[to] === 1) kept.push([to, top.node]);
      else {
        kept.push([top.node, to]);
        if (state[to] === 0) {
          state[to] = 1;
          way.push({ node: to, next: 0 });
        }
      }
    }
  }
  return kept;
}

/** The layer of each node: one behind the last of those that lead to it. */
function layersOf(nodes: readonly LayoutNode[], pairs: readonly (readonly [number, number])[]): number[] {
  const layers = nodes.map(() => 0);
  const open = nodes.map(() => 0);
  const out: number[][] = nodes.map(() => []);
  for (const [from, to] of pairs) {
    open[to]!++;
    out[from]!.push(to);
  }
  const ready = nodes.flatMap((_, node) => (open[node] === 0 ? [node] : []));
  for (let node = ready.shift(); node !== undefined; node = ready.shift())
    for (const to of out[node]!) {
      layers[to] = Math.max(layers[to]!, layers[node]! + 1);
      if (--open[to]! === 0) ready.push(to);
    }
  const last = Math.max(0, ...layers);
  return nodes.map((node, i) => (node.last ? last : layers[i]!));
}

/** Joins two slots through a place in each layer between; gives the slots from the first to the last. */
function connect(from: Slot, to: Slot, all: Slot[]): Slot[] {
  const step = from.layer < to.layer ? 1 : -1;
  const way = [from];
  for (let layer = from.layer + step; layer !== to.layer && from.layer !== to.layer; layer += step) {
    const place = { node: undefined, layer, width: 0, height: 0, before: [], behind: [], order: 0, y: 0 };
    all.push(place);
    way.push(place);
  }
  way.push(to);
  for (let i = 1; i < way.length; i++) {
    const [a, b] = step > 0 ? [way[i - 1]!, way[i]!] : [way[i]!, way[i - 1]!];
    a.behind.push(b);
    b.before.push(a);
  }
  return way;
}

function columnsOf(slots: readonly Slot[]): Slot[][] {
  const columns: Slot[][] = [];
  for (const slot of slots) {
    while (columns.length <= slot.layer) columns.push([]);
    slot.order = columns[slot.layer]!.length;
    columns[slot.layer]!.push(slot);
  }
  return columns;
}

const SWEEPS = 12;

/** Sorts each column by the middle of its neighbours, to and fro; the order with the fewest crossings stays. */
function orderRows(columns: Slot[][]): void {
  let best = columns.map((column) => [...column]);
  let fewest = crossings(columns);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const column of isForward ? columns.slice(1) : columns.slice(0, -1).reverse())
      sortByNeighbours(column, isForward ? "before" : "behind");
    const now = crossings(columns);
    if (now >= fewest) continue;
    fewest = now;
    best = columns.map((column) => [...column]);
  }
  for (const [i, column] of best.entries()) {
    columns[i] = column;
    for (const [order, slot] of column.entries()) slot.order = order;
  }
}

function sortByNeighbours(column: Slot[], side: "before" | "behind"): void {
  const middle = new Map(
    column.map((slot) => [slot, mean(slot[side].map(({ order }) => order)) ?? slot.order]),
  );
  column.sort((a, b) => middle.get(a)! - middle.get(b)! || a.order - b.order);
  for (const [order, slot] of column.entries()) slot.order = order;
}

function crossings(columns: readonly Slot[][]): number {
  let count = 0;
  for (const column of columns) {
    const ends = column.flatMap(({ behind }, row) => behind.map(({ order }) => [row, order] as const));
    for (const [i, [row, order]] of ends.entries())
      for (let k = i + 1; k < ends.length; k++) if ((row - ends[k]![0]) * (order - ends[k]![1]) < 0) count++;
  }
  return count;
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Moves the slots of each column towards the middle of their neighbours, as far as order and gaps let them. */
function placeRows(columns: readonly Slot[][], gap: number): void {
  for (const column of columns) {
    let y = 0;
    for (const slot of column) {
      slot.y = y;
      y += slot.height + gap;
    }
  }
  for (let round = 0; round < 2 * SWEEPS; round++) {
    const isForward = round % 2 === 0;
    for (const column of isForward ? columns : [...columns].reverse()) {
      const wanted = column.map((slot) => {
        const neighbours = isForward ? slot.before : slot.behind;
        return (mean(neighbours.map(centre)) ?? centre(slot)) - slot.height / 2;
      });
      settle(column, wanted, gap);
    }
  }
  const all = columns.flat();
  const top = all.reduce((least, { y }) => Math.min(least, y), Number.POSITIVE_INFINITY);
  for (const slot of all) slot.y -= top;
}

const centre = ({ y, height }: Slot): number => y + height / 2;

/** Neighbours that would overlap become a block, which stands where its members want to be on the average. */
function settle(column: readonly Slot[], wanted: readonly number[], gap: number): void {
  const blocks: { slots: Slot[]; offsets: number[]; sum: number; y: number; height: number }[] = [];
  for (const [i, slot] of column.entries()) {
    let block = { slots: [slot], offsets: [0], sum: wanted[i]!, y: wanted[i]!, height: slot.height };
    for (
      let before = blocks.at(-1);
      before && before.y + before.height + gap > block.y;
      before = blocks.at(-1)
    ) {
      blocks.pop();
      const shift = before.height + gap;
      const slots = [...before.slots, ...block.slots];
      const sum = before.sum + block.sum - shift * block.slots.length;
      block = {
        slots,
        offsets: [...before.offsets, ...block.offsets.map((offset) => offset + shift)],
        sum,
        y: sum / slots.length,
        height: shift + block.height,
      };
    }
    blocks.push(block);
  }
  for (const { slots, offsets, y } of blocks)
    for (const [i, slot] of slots.entries()) slot.y = y + offsets[i]!;
}

function drawn(
  nodes: readonly LayoutNode[],
  slots: readonly Slot[],
  ways: readonly (readonly Slot[] | undefined)[],
  columns: readonly Slot[][],
  gaps: Gaps,
): Layout {
  const left: number[] = [];
  const widths = columns.map((column) => Math.max(0, ...column.map(({ width }) => width)));
  let x = 0;
  for (const width of widths) {
    left.push(x);
    x += width + gaps.layer;
  }
  const round = (value: number) => Math.round(value * 10) / 10;
  const at = (slot: Slot, dx: number): Point => ({
    x: round(left[slot.layer]! + dx),
    y: round(centre(slot)),
  });
  return {
    width: Math.max(0, x - gaps.layer),
    height: round(Math.max(0, ...slots.map(({ y, height }) => y + height))),
    nodes: nodes.map((_, i) => ({ x: left[slots[i]!.layer]!, y: round(slots[i]!.y) })),
    edges: ways.map((way) =>
      (way ?? []).flatMap((slot, i) => {
        if (slot.node === undefined) return [at(slot, 0), at(slot, widths[slot.layer]!)];
        return [at(slot, i === 0 ? slot.width : 0)];
      }),
    ),
  };
}
