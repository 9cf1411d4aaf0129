// Virtio over MMIO (virtio 1.2, sections 2, 4.2 and 5): what a well-behaved driver gets, and that no ring a hostile one can
// build does any harm.

import { describe, expect, test } from "vitest";
import { DiskImage } from "../../emulator/devices/disk-image.ts";
import { virtioBlock } from "../../emulator/devices/virtio-blk.ts";
import { virtioConsole } from "../../emulator/devices/virtio-console.ts";
import { virtioNetwork } from "../../emulator/devices/virtio-net.ts";
import { virtioEntropy } from "../../emulator/devices/virtio-rng.ts";
import { blockHeader, PLACE, RAM, TestDriver } from "./virtio-driver.ts";

const NEEDS_RESET = 0x40;
const image = () => Uint8Array.from({ length: 64 * 512 }, (_, i) => (i >> 9) * 3 + (i & 7));
const disk = (readOnly = false) => virtioBlock("disk 0", new DiskImage(image(), readOnly));
const bytes = (text: string) => new TextEncoder().encode(text);

describe("registers (section 4.2.2)", () => {
  test("identity, and a block device's configuration", () => {
    const { transport } = new TestDriver(disk());
    const at = (offset: number) => transport.read(offset);
    expect([at(0), at(4), at(8), at(0x34)]).toEqual([0x74726976, 2, 2, 256]);
    expect([at(0x100), at(0x104), at(0x108), at(0x10c), at(0x114)]).toEqual([64, 0, 0x10000, 64, 512]);
    expect(new TestDriver(disk(), false).transport.read(4)).toBe(1);
  });

  test("features: word 1 offers VERSION_1; the read-only bit; nothing beyond", () => {
    const { transport } = new TestDriver(disk(true));
    const features = [0, 1, 2].map((word) => {
      transport.write(0x14, word);
      return transport.read(0x10);
    });
    expect(features).toEqual([0x266, 1, 0]);
  });

  test.each([
    ["all that is offered", 0x246, 1, 11],
    ["without VERSION_1", 0x246, 0, 3],
    ["a bit that is not offered", 0x80000246, 1, 3],
  ])("FEATURES_OK after %s: status %#", (_name, low, high, status) => {
    const driver = new TestDriver(disk());
    const w = (offset: number, value: number) => driver.transport.write(offset, value);
    w(0x70, 3);
    w(0x24, 0);
    w(0x20, low);
    w(0x24, 1);
    w(0x20, high);
    w(0x70, 11);
    expect(driver.status).toBe(status);
  });

  test("an interrupt stays until it is acknowledged; reset takes it back", () => {
    const driver = new TestDriver(disk()).start();
    driver.chain([blockHeader(0, 0)], [512, 1]);
    driver.submit();
    expect([driver.line, driver.transport.read(0x60)]).toEqual([true, 1]);
    driver.transport.write(0x64, 1);
    expect([driver.line, driver.transport.read(0x60)]).toEqual([false, 0]);
    driver.submit();
    driver.transport.write(0x70, 0);
    expect([driver.line, driver.status, driver.transport.read(0x44)]).toEqual([false, 0, 0]);
  });

  test("VIRTQ_AVAIL_F_NO_INTERRUPT is kept", () => {
    const driver = new TestDriver(disk()).start();
    driver.view.setUint16(PLACE.available, 1, true);
    driver.chain([blockHeader(0, 0)], [512, 1]);
    driver.submit();
    expect([driver.used.count, driver.line]).toEqual([1, false]);
  });
});

describe("block (section 5.2.6)", () => {
  /** Sends a request; gives status byte, bytes that came, and the used length. */
  function request(driver: TestDriver, type: number, sector: number, data: Uint8Array | number) {
    const out = typeof data === "number" ? [] : [data];
    const room = typeof data === "number" && data > 0 ? [data] : [];
    const places = driver.chain([blockHeader(type, sector), ...out], [...room, 1]);
    const status = places.at(-1)!;
    driver.submit();
    const at = places.at(-2)!;
    return {
      status: driver.ram[status],
      data: typeof data === "number" ? driver.ram.slice(at, at + data) : undefined,
      used: driver.used.length,
    };
  }

  test("reads sectors", () => {
    const { status, data, used } = request(new TestDriver(disk()).start(), 0, 5, 1024);
    expect([status, used]).toEqual([0, 1025]);
    expect(data).toEqual(image().slice(5 * 512, 7 * 512));
  });

  test("what is written is read back, and the image stays", () => {
    const original = image();
    const device = virtioBlock("disk 0", new DiskImage(original, false));
    const driver = new TestDriver(device).start();
    const data = Uint8Array.from({ length: 1536 }, (_, i) => i * 7);
    expect(request(driver, 1, 7, data).status).toBe(0);
    expect(request(driver, 0, 7, 1536).data).toEqual(data);
    expect(request(driver, 0, 6, 512).data).toEqual(original.slice(6 * 512, 7 * 512));
    expect(original).toEqual(image());
  });

  test.each([
    ["read beyond the end", 0, 64, 512, 1],
    ["read across the end", 0, 63, 1024, 1],
    ["read at a sector of 2^63", 0, 2 ** 63, 512, 1],
    ["write beyond the end", 1, 64, new Uint8Array(512), 1],
    ["write of half a sector", 1, 0, new Uint8Array(256), 1],
    ["flush", 4, 0, 0, 0],
    ["identity", 8, 0, 20, 0],
    ["discard, not offered", 11, 0, new Uint8Array(16), 2],
  ])("%s", (_name, type, sector, data, status) => {
    expect(request(new TestDriver(disk()).start(), type, sector, data).status).toBe(status);
  });

  test("a read-only disk refuses writes", () => {
    expect(request(new TestDriver(disk(true)).start(), 1, 0, new Uint8Array(512)).status).toBe(1);
  });

  test("the legacy interface: page number and alignment give the same ring", () => {
    const driver = new TestDriver(disk(), false);
    const w = (offset: number, value: number) => driver.transport.write(offset, value);
    w(0x28, 0x1000);
    w(0x70, 0);
    w(0x70, 3);
    w(0x30, 0);
    w(0x38, 8);
    w(0x3c, 0x1000);
    w(0x40, 1);
    w(0x70, 7);
    driver.chain([blockHeader(0, 1)], [512, 1]);
    const available = 0x1000 + 16 * 8;
    driver.view.setUint16(available + 2, 1, true);
    driver.kick();
    expect([driver.view.getUint16(0x2002, true), driver.view.getUint32(0x2008, true)]).toEqual([1, 513]);
    expect(driver.transport.read(0x40)).toBe(1);
  });

  test("save and load: overlay and ring; equal states have equal forms", () => {
    const driver = new TestDriver(disk()).start();
    request(driver, 1, 3, new Uint8Array(512).fill(9));
    const saved = driver.transport.save();
    request(driver, 1, 3, new Uint8Array(512).fill(1));
    expect(JSON.stringify(driver.transport.save())).not.toBe(JSON.stringify(saved));
    driver.transport.load(saved);
    expect(JSON.stringify(driver.transport.save())).toBe(JSON.stringify(saved));
    const other = disk();
    other.load(saved.device);
    expect(JSON.stringify(other.save())).toBe(JSON.stringify(saved.device));
  });
});

describe("console, entropy, network", () => {
  test("console: out, and in when somebody types", () => {
    const printed: number[] = [];
    const device = virtioConsole((byte) => printed.push(byte));
    const out = new TestDriver(device).start(1);
    out.chain([bytes("hello "), bytes("there")], []);
    out.submit(0, 1);
    expect(String.fromCharCode(...printed)).toBe("hello there");

    const input = new TestDriver(device).start(0);
    const [place] = input.chain([], [16]);
    input.submit();
    expect(input.used.count).toBe(0);
    device.receive(bytes("ls\n"));
    input.transport.wake(0);
    input.settle();
    expect([input.used.count, input.used.length]).toEqual([1, 3]);
    expect(input.ram.slice(place, place! + 3)).toEqual(bytes("ls\n"));
  });

  test("entropy: the same seed, the same bytes; another seed, others", () => {
    const draw = (seed: number) => {
      const driver = new TestDriver(virtioEntropy(seed)).start();
      const [place] = driver.chain([], [32]);
      driver.submit();
      expect(driver.used.length).toBe(32);
      return driver.ram.slice(place, place! + 32);
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(new Set(draw(1)).size).toBeGreaterThan(20);
  });

  test("network: sends into the void, receives nothing, has an address", () => {
    const driver = new TestDriver(virtioNetwork()).start(1);
    driver.chain([new Uint8Array(12), new Uint8Array(60)], []);
    driver.submit(0, 1);
    expect([driver.used.count, driver.used.length]).toEqual([1, 0]);
    expect([driver.transport.read(0x100), driver.transport.read(0x104) & 0xffff]).toEqual([
      0x12005452, 0x5634,
    ]);
    const receiving = new TestDriver(virtioNetwork()).start(0);
    receiving.chain([], [1526]);
    receiving.submit();
    expect(receiving.used.count).toBe(0);
  });
});

describe("a driver that breaks the rules needs a reset, and nothing else happens", () => {
  const header = { address: PLACE.buffers, length: 16, flags: 1, next: 1 };
  const broken: [string, (driver: TestDriver) => void, RegExp][] = [
    ["a chain that loops", (d) => d.describe(0, { ...header, next: 0 }), /loops/],
    ["a buffer outside RAM", (d) => d.describe(0, { ...header, address: RAM - 8 }), /outside RAM/],
    ["a buffer at 2^63", (d) => d.describe(0, { ...header, address: 2 ** 63 }), /outside RAM/],
    ["a buffer of 4 GB", (d) => d.describe(0, { ...header, length: 0xffffffff }), /outside RAM/],
    ["a next outside of the table", (d) => d.describe(0, { ...header, next: 0xffff }), /descriptor 65535/],
    ["an indirect table", (d) => d.describe(0, { ...header, flags: 4 }), /indirect/],
    ["readable after writable", (d) => {
      d.describe(0, { ...header, flags: 3 });
      d.describe(1, { ...header, flags: 0 });
    }, /readable buffer follows/],
    ["no header", (d) => d.describe(0, { ...header, length: 3, flags: 0 }), /without header/],
  ]; // biome-ignore format: a table
  test.each(broken)("%s", (_name, build, why) => {
    const driver = new TestDriver(disk()).start();
    build(driver);
    driver.submit();
    expect(driver.notices).toEqual([expect.stringMatching(why)]);
    expect([driver.status & NEEDS_RESET, driver.used.count, driver.transport.read(0x60)]).toEqual([
      NEEDS_RESET,
      0,
      2,
    ]);
    // Further requests are not served; after a reset they are.
    driver.submit();
    expect(driver.used.count).toBe(0);
    driver.ram.fill(0);
    const again = driver.start();
    expect(again.status).toBe(15);
  });

  test("more new chains than the queue has entries", () => {
    const driver = new TestDriver(disk()).start();
    driver.view.setUint16(PLACE.available + 2, 0x7fff, true);
    driver.kick();
    expect(driver.notices[0]).toMatch(/32767 new chains in a queue of 8/);
  });

  test.each([
    ["3 entries", 3, 0x1000],
    ["65,536 entries", 65536, 0x1000],
    ["a ring outside RAM", 8, 0xfffffff0],
  ])("a queue of %s does not start", (_name, size, place) => {
    const driver = new TestDriver(disk());
    for (const [offset, value] of [[0x70, 3], [0x30, 0], [0x38, size], [0x80, place], [0x90, place], [0xa0, place], [0x84, 1], [0x44, 1]]) driver.transport.write(offset!, value!); // biome-ignore format: short
    expect([driver.transport.read(0x44), driver.status & NEEDS_RESET]).toEqual([0, NEEDS_RESET]);
  });

  test.each([1, 2, 3, 4])(
    "random rings and registers, seed %i: nothing outside RAM is touched, nothing is thrown",
    (seed) => {
      let state = seed;
      const next = (below: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      const devices = [disk(), virtioConsole(() => {}), virtioEntropy(1), virtioNetwork()];
      for (let round = 0; round < 400; round++) {
        const driver = new TestDriver(devices[round % devices.length]!).start(next(2));
        for (let i = 0; i < 8; i++)
          driver.describe(i, {
            address: next(4) === 0 ? next(2 ** 32) : next(RAM),
            length: next(3) === 0 ? next(2 ** 32) : next(0x2000),
            flags: next(8),
            next: next(10),
          });
        for (let step = 0; step < 20; step++) {
          if (next(3) === 0) driver.transport.write(next(0x40) * 4, next(2 ** 32));
          else if (next(4) === 0) driver.view.setUint16(PLACE.available + 2, next(0x10000), true);
          else driver.submit(next(9), next(3));
          driver.transport.read(next(0x80) * 4);
          driver.settle();
        }
      }
    },
  );
});
