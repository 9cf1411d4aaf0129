// Which blocks become one region: a tree of blocks that have run, rooted at the hot one, within its page. Every block but the root has one
// predecessor, so what is known at its end holds at the start of the next; a block that two ways lead to is there twice. Ways back to the
// root make the region a loop. The page: the look-up of the root's entry then stands for all of them (core/block.ts).

import type { Block, BlockReader } from "./blocks.ts";
import { successors } from "./control.ts";

export interface Node {
  block: Block;
  /** What follows at an instruction pointer: a node, the root again, or (not there) the way out. */
  next: Map<bigint, Node | "root">;
}

export interface Tree {
  root: Node;
  /** Some way leads back to the root. */
  loops: boolean;
  /** Instructions on the longest way from the root. */
  longest: number;
  /** Blocks in it, the root first. */
  blocks: Set<number>;
}

const MAX_NODES = 24;
const MAX_DEPTH = 12;
const MAX_INSTRUCTIONS = 240;
/** A block belongs to a region when it has run at least this fraction of the root's times. */
const COLD = 1 / 16;

interface Candidate {
  parent: Node;
  path: Node[];
  target: bigint;
  at: number;
  heat: number;
}

export function growTree(
  reader: BlockReader,
  at: number,
  heatOf: (at: number) => number,
  isLoop: (at: number) => boolean,
): Tree {
  const root: Node = { block: reader.read(at), next: new Map() };
  const tree: Tree = { root, loops: false, longest: 0, blocks: new Set([at]) };
  const least = heatOf(at) * COLD;
  const open: Candidate[] = [];
  let nodes = 1;
  let instructions = root.block.records.length;

  const look = (node: Node, path: Node[]): void => {
    const way = [...path, node];
    tree.longest = Math.max(
      tree.longest,
      way.reduce((sum, n) => sum + n.block.records.length, 0),
    );
    const last = node.block.records.at(-1)!;
    for (const target of successors(last, node.block.next)) {
      if (target === root.block.start) {
        node.next.set(target, "root");
        tree.loops = true;
        continue;
      }
      const found = inPage(reader, root.block, target);
      if (found === undefined || isLoop(found) || way.length >= MAX_DEPTH) continue;
      if (way.some((n) => n.block.at === found)) continue; // an inner loop: its head has its own region
      const heat = heatOf(found);
      if (heat >= least && heat > 0) open.push({ parent: node, path: way, target, at: found, heat });
    }
  };

  look(root, []);
  while (open.length > 0 && nodes < MAX_NODES) {
    open.sort((a, b) => b.heat - a.heat || a.at - b.at);
    const { parent, path, target, at: child } = open.shift()!;
    const block = reader.read(child);
    if (instructions + block.records.length > MAX_INSTRUCTIONS) continue;
    const node: Node = { block, next: new Map() };
    parent.next.set(target, node);
    tree.blocks.add(child);
    nodes++;
    instructions += block.records.length;
    look(node, path);
  }
  return tree;
}

/** The block at an instruction pointer in the page of `block`, decoded already and without a breakpoint. */
function inPage(reader: BlockReader, block: Block, target: bigint): number | undefined {
  const offset = (block.physical & 0xfff) + Number(BigInt.asIntN(64, target - block.start));
  if (offset < 0 || offset > 0xfff) return undefined;
  const found = reader.find(block.physical - (block.physical & 0xfff) + offset, target, block.mode);
  return found === undefined || reader.hooked(found) ? undefined : found;
}
