// Hot blocks to WebAssembly: the core says which block has become hot, regions are made of them in batches, compiled, and put into the core's
// function table. What is translated, and when, follows from counts alone, and changes nothing that a guest or a debugger could see.

import * as L from "../layout.ts";
import { BlockReader } from "./blocks.ts";
import { isTranslated } from "./control.ts";
import { CORE_FUNCTIONS } from "./emitter.ts";
import { emitRegion } from "./region.ts";
import { growTree, type Tree } from "./tree.ts";
import { type FunctionType, I32, I64, moduleBytes } from "./wasm.ts";

/** A module costs about 0.3 ms whatever is in it: so many hot blocks wait for each other, or until one of them is hot once more. */
const BATCH = 24;
/** That is, after this fraction of the executions that made it hot. */
const AGAIN = 4;
/** Regions made for one page of RAM; one whose code changes all the time is not worth more. */
const REGIONS_PER_PAGE = 256;
const NEVER = -0x8000_0000;
const SPARE_SLOTS = 256;
/** asconfig.json: initialMemory. */
const CORE_PAGES = 1024;

const TYPES: FunctionType[] = [
  { parameters: [I64], results: [I32] },
  { parameters: [I32, I32, I64], results: [I32] },
  { parameters: [I32, I32, I64], results: [] },
  { parameters: [I32], results: [I32] },
  { parameters: [], results: [I32] },
  { parameters: [I32, I32], results: [] },
  { parameters: [I64, I64], results: [I64] },
];
const IMPORTS = CORE_FUNCTIONS.map((name) => ({
  name,
  type: {
    interpret: 1,
    interpretAndLeave: 2,
    conditionOf: 3,
    carryFlag: 4,
    rotateFlags: 5,
    mulHighSigned: 6,
    segmentsAreFlat: 3,
  }[name],
}));

export class Translator {
  readonly #memory: WebAssembly.Memory;
  readonly #core: Record<string, unknown>;
  readonly #table: WebAssembly.Table;
  readonly #view: DataView;
  readonly #reader: BlockReader;
  readonly #firstSlot: number;
  #after = 0;
  /** Regions made so far. */
  made = 0;
  /** Of the arena that all below belongs to. */
  #epoch = 0;
  #nextSlot: number;
  #queue: number[] = [];
  readonly #loops = new Set<number>();
  readonly #regionsOfPage = new Map<number, number>();

  constructor(memory: WebAssembly.Memory, core: Record<string, unknown>) {
    this.#memory = memory;
    this.#core = core;
    this.#table = core.table as WebAssembly.Table;
    this.#view = new DataView(memory.buffer);
    this.#reader = new BlockReader(this.#view);
    this.#firstSlot = this.#table.length;
    this.#nextSlot = this.#firstSlot;
  }

  /** Executions that make a block hot; 0: nothing is translated. Blocks that are decoded already keep what they have. */
  set after(executions: number) {
    this.#after = executions;
    this.#view.setInt32(L.HOT_AFTER, -executions, true);
  }
  get after(): number {
    return this.#after;
  }

  /** The core: block `at` has become hot. Its translation may be there when this returns, or later, or never. */
  hot(at: number): void {
    const epoch = this.#view.getUint32(L.ARENA_EPOCH, true);
    if (epoch !== this.#epoch) this.#forget(epoch);
    const again = this.#queue.includes(at);
    if (!again) this.#queue.push(at);
    this.#setCode(at, -Math.ceil(this.#after / AGAIN));
    if (again || this.#queue.length >= BATCH || this.#after === 1) this.#translateQueue();
  }

  /** All blocks are gone, and their translations with them. */
  #forget(epoch: number): void {
    this.#epoch = epoch;
    this.#nextSlot = this.#firstSlot;
    this.#queue = [];
    this.#loops.clear();
    this.#regionsOfPage.clear();
  }

  #setCode(at: number, code: number): void {
    this.#view.setInt32(at + L.B_CODE, code, true);
  }

  #translateQueue(): void {
    const queue = this.#queue.filter((at) => this.#isAlive(at));
    const trees: Tree[] = [];
    const covered = new Set<number>();
    for (const at of queue) {
      if (covered.has(at) || !this.#mayTranslate(at)) continue;
      const tree = growTree(
        this.#reader,
        at,
        (b) => this.#heatOf(b, queue),
        (b) => this.#loops.has(b),
      );
      trees.push(tree);
      if (tree.loops) this.#loops.add(at);
      for (const b of tree.blocks) covered.add(b);
    }
    this.#queue = [];
    if (trees.length > 0) this.#install(trees);
  }

  /** The block has not been invalidated since it was queued. */
  #isAlive(at: number): boolean {
    const block = this.#reader.read(at);
    return this.#reader.find(block.physical, block.start, block.mode) === at;
  }

  #mayTranslate(at: number): boolean {
    const page = this.#reader.page(at);
    const made = this.#regionsOfPage.get(page) ?? 0;
    this.#regionsOfPage.set(page, made + 1);
    if (made < REGIONS_PER_PAGE && isTranslated(this.#reader.mode(at))) return true;
    this.#setCode(at, NEVER);
    return false;
  }

  /** Executions so far, as far as they are counted: those of a translated or queued block count as enough. */
  #heatOf(at: number, queue: readonly number[]): number {
    const code = this.#reader.code(at);
    return code > 0 || queue.includes(at) ? this.#after : this.#after + code;
  }

  #install(trees: readonly Tree[]): void {
    this.made += trees.length;
    const tableIndex = this.#nextSlot;
    this.#nextSlot += trees.length;
    if (this.#nextSlot > this.#table.length)
      this.#table.grow(this.#nextSlot - this.#table.length + SPARE_SLOTS);
    const functions = trees.map(emitRegion);
    const bytes = moduleBytes({
      types: TYPES,
      imports: IMPORTS,
      functions,
      memoryPages: CORE_PAGES,
      tableIndex,
    });
    new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory: this.#memory, table: this.#table },
      core: this.#core,
    });
    for (const [i, tree] of trees.entries()) this.#setCode(tree.root.block.at, tableIndex + i);
  }
}
