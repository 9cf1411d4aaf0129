// The processor's state at a 64-bit entry, first page tables and descriptor table, for protocols that start in long mode.
// Must not know which protocol.

import {
  Block,
  type BootPlan,
  FREEBSD_PAGE_TABLES_ADDRESS,
  GDT_ADDRESS,
  IDENTITY_PAGE_TABLES_ADDRESS,
  type MemoryWrite,
} from "./layout.ts";

const PAGE = 0x1000;
const ENTRIES = 512;
const LARGE_PAGE = 0x200000;
/** Page-table entry: present, writable; and in a page directory: a 2 MB page. */
const PRESENT_WRITABLE = 0x3;
const LARGE = 0x80;

const CR0_PE_NE_PG = 0x80000021n;
const CR4_PAE = 0x20n;
const EFER_LME_LMA = 0x500n;

/** A code descriptor with L set, and a data descriptor, both flat and of ring 0 (SDM 3A 3.4.5). */
export const CODE64_DESCRIPTOR = 0x00af9b000000ffffn;
export const DATA_DESCRIPTOR = 0x00cf93000000ffffn;

/** The first GB over and over: whatever the kernel's linked address, its low 30 bits are physical. Gives the tables' root too. */
export function repeatingPageTables(): { root: number; write: MemoryWrite } {
  const root = FREEBSD_PAGE_TABLES_ADDRESS;
  const tables = new Block(3 * PAGE);
  for (let i = 0; i < ENTRIES; i++) {
    tables.u64(i * 8, (root + PAGE) | PRESENT_WRITABLE);
    tables.u64(PAGE + i * 8, (root + 2 * PAGE) | PRESENT_WRITABLE);
    tables.u64(2 * PAGE + i * 8, (i * LARGE_PAGE) | PRESENT_WRITABLE | LARGE);
  }
  return { root, write: { address: root, bytes: tables.bytes, what: "page tables" } };
}

/** The first 4 GB mapped to themselves. */
export function identityPageTables(): { root: number; write: MemoryWrite } {
  const root = IDENTITY_PAGE_TABLES_ADDRESS;
  const gigabytes = 4;
  const tables = new Block((2 + gigabytes) * PAGE);
  tables.u64(0, (root + PAGE) | PRESENT_WRITABLE);
  for (let i = 0; i < gigabytes; i++) tables.u64(PAGE + i * 8, (root + (2 + i) * PAGE) | PRESENT_WRITABLE);
  for (let i = 0; i < gigabytes * ENTRIES; i++)
    tables.u64(2 * PAGE + i * 8, i * LARGE_PAGE + (PRESENT_WRITABLE | LARGE));
  return { root, write: { address: root, bytes: tables.bytes, what: "page tables" } };
}

/** A descriptor table at GDT_ADDRESS. */
export function descriptorTable(descriptors: readonly bigint[]): {
  write: MemoryWrite;
  gdt: { base: bigint; limit: number };
} {
  const bytes = new Uint8Array(BigUint64Array.from(descriptors).buffer);
  return {
    write: { address: GDT_ADDRESS, bytes, what: "descriptor table" },
    gdt: { base: BigInt(GDT_ADDRESS), limit: bytes.length - 1 },
  };
}

/** 64-bit code at selector `code`, flat data at `data`, paging on with `root`, interrupts off. `entry` is linear. */
export function longMode(
  entry: bigint,
  root: number,
  selectors: { code: number; data: number },
  registers: BootPlan["registers"],
): Pick<BootPlan, "registers" | "segments"> {
  const data = { selector: selectors.data, base: 0n, limit: 0xffffffff, attributes: 0xc093 };
  return {
    registers: {
      rip: entry,
      eflags: 2n,
      cr3: BigInt(root),
      cr4: CR4_PAE,
      efer: EFER_LME_LMA,
      cr0: CR0_PE_NE_PG,
      ...registers,
    },
    segments: {
      cs: { ...data, selector: selectors.code, attributes: 0xa09b },
      ds: data,
      es: data,
      ss: data,
      fs: data,
      gs: data,
      tr: { selector: 0, base: 0n, limit: 0x67, attributes: 0x8b },
    },
  };
}
