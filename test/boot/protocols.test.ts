// Which protocol starts a kernel, and what each leaves in memory and registers: FreeBSD's native entry, Linux's 64-bit protocol,
// Multiboot 1, modules through PVH.

import { describe, expect, test } from "vitest";
import { loaderSettings } from "../../emulator/boot/freebsd-loader.ts";
import type { BootPlan } from "../../emulator/boot/layout.ts";
import { type BootProtocol, chooseProtocol, planBoot } from "../../emulator/boot/protocols.ts";
import type { BootRequest } from "../../emulator/boot/request.ts";
import { multibootElf } from "./elf32.ts";
import { pvhElf } from "./pvh-elf.ts";

const MEMORY = 64 << 20;
const CODE = [0xf4];

function plan(kernel: Uint8Array, more: Partial<BootRequest> = {}, protocol?: BootProtocol): BootPlan {
  return planBoot({ kernel, cmdline: "", memory: MEMORY, mpTable: undefined, ...more }, protocol);
}

/** Guest memory as the plan leaves it. */
class Guest {
  readonly ram = new Uint8Array(MEMORY);
  readonly view = new DataView(this.ram.buffer);

  constructor({ writes }: BootPlan) {
    for (const { address, bytes } of writes) this.ram.set(bytes, address);
  }

  u32 = (address: number) => this.view.getUint32(address, true);
  u64 = (address: number) => Number(this.view.getBigUint64(address, true));

  text(address: number): string {
    return String.fromCharCode(...this.ram.subarray(address, this.ram.indexOf(0, address)));
  }
}

function freeBsdElf(): Uint8Array {
  const kernel = pvhElf({ code: CODE, address: 0x200000, note: false });
  kernel[7] = 9;
  return kernel;
}

/** A bzImage with one setup sector. */
function bzImage(changes: (view: DataView) => void = () => {}): Uint8Array {
  const bytes = new Uint8Array(0x400 + 0x300);
  const view = new DataView(bytes.buffer);
  bytes[0x1f1] = 1;
  view.setUint16(0x1fe, 0xaa55, true);
  bytes.set([0xeb, 0x66], 0x200);
  view.setUint32(0x202, 0x53726448, true);
  view.setUint16(0x206, 0x20f, true);
  view.setUint32(0x22c, 0x7fffffff, true);
  view.setUint16(0x236, 1, true);
  view.setUint32(0x258, 0x1000000, true);
  view.setUint32(0x260, 0x100000, true);
  bytes.fill(0x90, 0x400);
  changes(view);
  return bytes;
}

describe("the kernel's file chooses", () => {
  test.each([
    ["an ELF file with a PVH note", pvhElf({ code: CODE }), "pvh"],
    ["a FreeBSD ELF file", freeBsdElf(), "freebsd"],
    ["a bzImage", bzImage(), "linux"],
    ["a 32-bit ELF file with a Multiboot header", multibootElf({ code: CODE }), "multiboot"],
  ])("%s: %s", (_name, kernel, protocol) => {
    expect(chooseProtocol(kernel)).toBe(protocol);
  });

  test("what shows nothing is told what is missing", () => {
    expect(() => plan(pvhElf({ code: CODE, note: false }))).toThrow(
      /no PVH entry point.*no Multiboot header/,
    );
    expect(() => plan(pvhElf({ code: CODE }), {}, "multiboot")).toThrow(/no Multiboot header/);
    expect(() => plan(multibootElf({ code: CODE }), {}, "pvh")).toThrow(/32-bit ELF/);
  });

  test("device words go behind the command line of kernels that read them, once", () => {
    const deviceWords = ["virtio_mmio.device=512@0xfeb00e00:12"];
    const cmdlineOf = (cmdline: string, kernel: Uint8Array) =>
      new Guest(plan(kernel, { cmdline, deviceWords })).text(0x20000);
    expect(cmdlineOf("root=ld0a", pvhElf({ code: CODE }))).toBe(`root=ld0a ${deviceWords[0]}`);
    expect(cmdlineOf(deviceWords[0]!, bzImage())).toBe(deviceWords[0]);
    expect(cmdlineOf("x", multibootElf({ code: CODE }))).toBe("kernel x");
  });
});

describe("PVH modules (struct hvm_modlist_entry)", () => {
  test("initrd and modules: address, size and name of each, the kernel untouched", () => {
    const initrd = new Uint8Array(5000).fill(1);
    const modules = [{ name: "b.ko", bytes: new Uint8Array(3).fill(2) }];
    const guest = new Guest(plan(pvhElf({ code: CODE }), { initrd, modules }));
    const list = guest.u64(0x6000 + 16);
    expect(guest.u32(0x6000 + 12)).toBe(2);
    const entries = [0, 1].map((i) => {
      const [address, size, name] = [0, 8, 16].map((o) => guest.u64(list + 32 * i + o)) as [
        number,
        number,
        number,
      ];
      return [
        address % 0x1000,
        size,
        guest.text(name),
        guest.ram[address],
        guest.ram[address + size - 1],
        guest.ram[address + size],
      ];
    });
    expect(entries).toEqual([
      [0, 5000, "initrd", 1, 1, 0],
      [0, 3, "b.ko", 2, 2, 0],
    ]);
    expect(guest.ram[0x100000]).toBe(0xf4);
  });

  test("what does not fit says so", () => {
    expect(() => plan(pvhElf({ code: CODE }), { initrd: new Uint8Array(MEMORY) })).toThrow(
      /module initrd \(67108864 bytes\) does not fit/,
    );
  });
});

describe("Multiboot 0.6.96, section 3", () => {
  const modules = [{ name: "env A=1", bytes: new TextEncoder().encode("A=1\n") }];

  test("machine state (3.2): magic, information, 32-bit protected mode, paging off", () => {
    const { registers, segments } = plan(multibootElf({ code: CODE }));
    expect(registers).toMatchObject({
      rax: 0x2badb002n,
      rbx: 0x6000n,
      rip: 0x100020n,
      cr0: 0x11n,
      eflags: 2n,
    });
    expect(segments.cs).toMatchObject({ base: 0n, limit: 0xffffffff, attributes: 0xc09b });
  });

  test("information (3.3): memory, command line, modules, memory map, loader", () => {
    const guest = new Guest(plan(multibootElf({ code: CODE }), { cmdline: "-x 1", modules }));
    const at = (offset: number) => guest.u32(0x6000 + offset);
    expect([at(0), at(4), at(8), at(20)]).toEqual([0x24d, 639, 63 * 1024, 1]);
    expect([guest.text(at(16)), guest.text(at(64))]).toEqual(["kernel -x 1", "clockpath"]);
    const [start, end, name] = [0, 4, 8].map((o) => guest.u32(at(24) + o)) as [number, number, number];
    expect([start % 0x1000, end - start, guest.text(name), guest.text(start)]).toEqual([
      0,
      4,
      "env A=1",
      "A=1\n",
    ]);
    const map: string[] = [];
    for (let entry = at(48); entry < at(48) + at(44); entry += guest.u32(entry) + 4)
      map.push(
        [guest.u64(entry + 4), guest.u64(entry + 12), guest.u32(entry + 20)]
          .map((n) => n.toString(16))
          .join(" "),
      );
    expect(map).toEqual(["0 9fc00 1", "9fc00 400 2", "f0000 10000 2", "100000 3f00000 1"]);
  });

  test("modules lie behind the kernel's bss", () => {
    const guest = new Guest(plan(multibootElf({ code: CODE }), { modules }));
    expect(guest.u32(guest.u32(0x6000 + 24))).toBeGreaterThanOrEqual(0x101021);
  });

  test("the header's own addresses (flag bit 16): load, bss, entry", () => {
    const fields = [0x300000, 0x300000, 0x300000 + 33, 0x301000, 0x300020]; // header, load, end, bss end, entry
    const kernel = multibootElf({ code: CODE, multiboot: 0x10000, fields });
    const boot = plan(kernel);
    expect(boot.registers.rip).toBe(0x300020n);
    expect(new Guest(boot).ram[0x300020]).toBe(0xf4);
    const outside = multibootElf({
      code: CODE,
      multiboot: 0x10000,
      fields: [0xf0000000, 0xf0000000, 0, 0, 0],
    });
    expect(() => plan(outside)).toThrow(/outside the guest's 64 MiB/);
  });
});

describe("Linux, 64-bit entry (Documentation/arch/x86/boot.rst)", () => {
  test("state: long mode, RSI the zero page, CS 0x10, DS 0x18, identity mapping", () => {
    const boot = plan(bzImage());
    expect(boot.registers).toMatchObject({
      rip: 0x1000200n,
      rsi: 0x8000n,
      efer: 0x500n,
      cr4: 0x20n,
      eflags: 2n,
    });
    expect([boot.segments.cs?.selector, boot.segments.ds?.selector]).toEqual([0x10, 0x18]);
    const guest = new Guest(boot);
    const root = Number(boot.registers.cr3);
    const directory = (gigabyte: number) => guest.u64(guest.u64(root) - 3 + 8 * gigabyte) - 3;
    expect([guest.u64(directory(0)), guest.u64(directory(3) + 8 * 511)]).toEqual([0x83, 0xffe00083]);
    expect([guest.view.getBigUint64(0x5010, true).toString(16), boot.gdt]).toEqual([
      "af9b000000ffff",
      { base: 0x5000n, limit: 31 },
    ]);
  });

  test("zero page: the setup header of the file, loader type, command line, RAM disk, memory map", () => {
    const initrd = new Uint8Array(10).fill(7);
    const guest = new Guest(plan(bzImage(), { cmdline: "console=ttyS0", initrd }));
    const page = 0x8000;
    expect([guest.u32(page + 0x202), guest.ram[page + 0x210], guest.ram[page + 0x1e8]]).toEqual([
      0x53726448, 0xff, 4,
    ]);
    expect(guest.text(guest.u32(page + 0x228))).toBe("console=ttyS0");
    const [address, size] = [guest.u32(page + 0x218), guest.u32(page + 0x21c)];
    expect([size, address % 0x1000, guest.ram[address + 9]]).toEqual([10, 0, 7]);
    expect([guest.u64(page + 0x2d0 + 60), guest.u64(page + 0x2d0 + 68)]).toEqual([
      0x100000,
      MEMORY - 0x100000,
    ]);
    expect(guest.ram[0x1000200]).toBe(0x90);
  });

  test.each([
    ["no 64-bit entry", bzImage((v) => v.setUint16(0x236, 0, true)), /no 64-bit entry/],
    ["an old protocol", bzImage((v) => v.setUint16(0x206, 0x204, true)), /boot protocol 2.4/],
    ["cut short", bzImage().subarray(0, 0x400), /cut short/],
    ["outside RAM", bzImage((v) => v.setUint32(0x260, MEMORY, true)), /outside the guest's 64 MiB/],
  ])("%s", (_name, kernel, message) => {
    expect(() => plan(kernel)).toThrow(message);
  });

  test("vmlinux starts at its ELF entry with a header of our own", () => {
    const boot = plan(pvhElf({ code: CODE }), {}, "linux");
    const guest = new Guest(boot);
    expect([boot.registers.rip, guest.u32(0x8202), guest.view.getUint16(0x81fe, true)]).toEqual([
      0x100000n,
      0x53726448,
      0xaa55,
    ]);
  });
});

describe("FreeBSD's native entry (clock-paths.md)", () => {
  /** The metadata chain at modulep: {type, data}. */
  function records(guest: Guest): Map<number, Uint8Array> {
    const found = new Map<number, Uint8Array>();
    for (let at = guest.u32(0x1004); guest.u32(at) !== 0; at += 8 + ((guest.u32(at + 4) + 7) & ~7))
      if (!found.has(guest.u32(at)))
        found.set(guest.u32(at), guest.ram.slice(at + 8, at + 8 + guest.u32(at + 4)));
    return found;
  }
  const number = (bytes: Uint8Array | undefined) =>
    bytes ? Number(new DataView(bytes.buffer).getBigUint64(0, true)) : -1;

  test("long mode at the ELF entry; RSP at 0x1000 with 0, modulep, kernend; the first GB repeated everywhere", () => {
    const boot = plan(freeBsdElf());
    expect(boot.registers).toMatchObject({
      rip: 0x200000n,
      rsp: 0x1000n,
      cr3: 0x2000n,
      efer: 0x500n,
      cr0: 0x80000021n,
    });
    const guest = new Guest(boot);
    expect([guest.u32(0x1000), guest.u32(0x1004)]).toEqual([0, 0x201000]);
    expect([guest.u64(0x2ff8), guest.u64(0x3ff8), guest.u64(0x4000), guest.u64(0x4ff8)]).toEqual([
      0x3003, 0x4003, 0x83, 0x3fe00083,
    ]);
  });

  test("metadata: name, type, place, map, environment", () => {
    const guest = new Guest(plan(freeBsdElf(), { cmdline: "kern.hz=100" }));
    const found = records(guest);
    const text = (type: number) => String.fromCharCode(...found.get(type)!);
    expect([...found.keys()].map((k) => k.toString(16))).toEqual([
      "1",
      "2",
      "3",
      "4",
      "8007",
      "8006",
      "8008",
      "9001",
    ]);
    expect([text(1), text(2)]).toEqual(["/boot/kernel/kernel\0", "elf kernel\0"]);
    expect([number(found.get(3)), number(found.get(4)), found.get(0x9001)!.length]).toEqual([
      0x200000, 1, 80,
    ]);
    expect(guest.text(number(found.get(0x8006)))).toBe("console=comconsole");
    expect(number(found.get(0x8008))).toBe(guest.u32(0x1008));
  });

  test("an initial RAM disk is a preloaded md_image behind the kernel", () => {
    const guest = new Guest(plan(freeBsdElf(), { initrd: new Uint8Array(9).fill(3) }));
    expect(guest.ram[0x201000]).toBe(3);
    expect(guest.u32(0x1004)).toBe(0x202000);
    const text = String.fromCharCode(...guest.ram.slice(0x202000, 0x202400));
    expect(text).toContain("md_image");
  });

  test.each([
    ["", 0x1000, ["console=comconsole", "hw.uart.console=io:0x3f8,br:115200"]],
    ["-sv", 0x1802, ["console=comconsole", "hw.uart.console=io:0x3f8,br:115200"]],
    [
      'console=vidconsole a="b c" flag',
      0x1000,
      ["console=vidconsole", "hw.uart.console=io:0x3f8,br:115200", "a=b c", "flag=YES"],
    ],
  ])("command line %j", (cmdline, howto, variables) => {
    const settings = loaderSettings(cmdline);
    const text = String.fromCharCode(...settings.environment);
    expect([settings.howto, text.split("\0").slice(0, -2)]).toEqual([howto, variables]);
    expect(text.endsWith("\0\0")).toBe(true);
  });

  test("an unknown flag is an error", () => {
    expect(() => loaderSettings("-q")).toThrow('Unknown boot flag "-q"; known: -a, -s, -d, -v, -h, -D.');
  });
});

test("every truncation of every kind of kernel is an ElfError or boots; nothing else is thrown", () => {
  const kernels = [
    freeBsdElf(),
    bzImage(),
    multibootElf({ code: CODE }),
    multibootElf({ code: CODE, multiboot: 0x10000, fields: [1, 2, 3, 4, 5] }),
  ];
  for (const kernel of kernels) {
    for (let size = 0; size <= kernel.length; size++) {
      try {
        plan(kernel.subarray(0, size));
      } catch (error) {
        expect((error as Error).name, `${size} bytes: ${error}`).toBe("ElfError");
      }
    }
  }
});
