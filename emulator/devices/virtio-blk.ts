// A virtio block device (virtio 1.2 section 5.2) over a disk image. Must not know transport or ring.

import { type DiskImage, type OverlayState, SECTOR } from "./disk-image.ts";
import type { VirtioDevice } from "./virtio-device.ts";
import { type Chain, QueueError } from "./virtqueue.ts";

const FEATURE = {
  sizeMax: 1 << 1,
  segMax: 1 << 2,
  readOnly: 1 << 5,
  blockSize: 1 << 6,
  flush: 1 << 9,
} as const;
const REQUEST = { read: 0, write: 1, flush: 4, getId: 8 } as const;
const RESULT = { ok: 0, error: 1, unsupported: 2 } as const;
const HEADER_SIZE = 16;
const ID_SIZE = 20;
/** With these a request stays far below the longest chain. */
const SEGMENT_SIZE_MAX = 0x10000;
const SEGMENTS_MAX = 64;

export function virtioBlock(name: string, disk: DiskImage): VirtioDevice {
  const readOnly = disk.readOnly ? FEATURE.readOnly : 0;
  return {
    name,
    id: 2,
    features: FEATURE.sizeMax | FEATURE.segMax | FEATURE.blockSize | FEATURE.flush | readOnly,
    queues: 1,
    config: configuration(disk.sectors),
    serve: (_queue, chain) => serve(name, disk, chain),
    reset() {},
    save: () => disk.save(),
    load: (state) => disk.load(state as OverlayState),
  };
}

/** struct virtio_blk_config: capacity in sectors, size_max, seg_max, geometry, blk_size. */
function configuration(sectors: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(60));
  view.setBigUint64(0, BigInt(sectors), true);
  view.setUint32(8, SEGMENT_SIZE_MAX, true);
  view.setUint32(12, SEGMENTS_MAX, true);
  view.setUint32(20, SECTOR, true);
  return new Uint8Array(view.buffer);
}

/** Header {type, reserved, sector}, data, and a status byte that is the last byte of the chain's room. */
function serve(name: string, disk: DiskImage, chain: Chain): number {
  if (chain.readableBytes < HEADER_SIZE || chain.writableBytes < 1)
    throw new QueueError("a block request without header or status byte");
  const given = chain.read();
  const header = new DataView(given.buffer);
  const sector = header.getUint32(8, true) + header.getUint32(12, true) * 2 ** 32;
  const data = given.subarray(HEADER_SIZE);
  const room = chain.writableBytes - 1;
  const { result, written } = answer(
    name,
    disk,
    header.getUint32(0, true),
    sector * SECTOR,
    data,
    room,
    chain,
  );
  chain.write(Uint8Array.of(result), room);
  return written + 1;
}

function answer(
  name: string,
  disk: DiskImage,
  type: number,
  offset: number,
  data: Uint8Array,
  room: number,
  chain: Chain,
): { result: number; written: number } {
  const failed = { result: RESULT.error, written: 0 };
  const done = { result: RESULT.ok, written: 0 };
  switch (type) {
    case REQUEST.read:
      if (room % SECTOR !== 0 || !disk.has(offset, room)) return failed;
      return { ...done, written: chain.write(disk.read(offset, room)) };
    case REQUEST.write:
      if (disk.readOnly || data.length % SECTOR !== 0 || !disk.has(offset, data.length)) return failed;
      disk.write(offset, data);
      return done;
    case REQUEST.flush:
      return done;
    case REQUEST.getId: {
      const id = new Uint8Array(Math.min(room, ID_SIZE));
      id.set(new TextEncoder().encode(name).subarray(0, id.length));
      return { ...done, written: chain.write(id) };
    }
    default:
      return { ...done, result: RESULT.unsupported };
  }
}
