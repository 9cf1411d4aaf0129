// SSE4.2's string comparisons and CRC32 on values (SDM 1 4.1, SDM 2 PCMPESTRI and CRC32). Must not know: registers, decoding.

const A = memory.data(16, 16);
const B = memory.data(16, 16);

/** Element i of an operand in memory, by the format bits of the control byte: unsigned or signed, bytes or words. */
// @ts-ignore: decorator
@inline function element(operand: usize, i: i32, control: u32): i32 {
  switch (control & 3) {
    case 0: return load<u8>(operand + i);
    case 1: return load<u16>(operand + (i << 1));
    case 2: return load<i8>(operand + i);
    default: return load<i16>(operand + (i << 1));
  }
}

/** Elements of an operand: 16 bytes or 8 words. */
// @ts-ignore: decorator
@inline export function elementCount(control: u32): i32 { return control & 1 ? 8 : 16; }

/** Length up to the first zero element (PCMPISTRx). */
export function implicitLength(operand: v128, control: u32): i32 {
  const count = elementCount(control);
  v128.store(A, operand);
  for (let i = 0; i < count; i++) if (element(A, i, control) == 0) return i;
  return count;
}

/** Whether element i of b against element j of a counts, for elements beyond the ends too (SDM 1 table 4-7, 4.1.6). */
function agrees(i: i32, j: i32, control: u32, lengthA: i32, lengthB: i32): bool {
  const validA = j < lengthA, validB = i < lengthB;
  const aggregation = (control >> 2) & 3;
  if (!validA || !validB) {
    if (aggregation < 2) return false;
    if (aggregation == 2) return !validA && !validB;
    return !validA;
  }
  const a = element(A, j, control), b = element(B, i, control);
  if (aggregation != 1) return a == b;
  return j & 1 ? b <= a : b >= a;
}

/** Intermediate result 1: one bit for each element of b. */
function aggregate(i: i32, control: u32, lengthA: i32, lengthB: i32): bool {
  const count = elementCount(control);
  switch ((control >> 2) & 3) {
    case 0: // equal any
      for (let j = 0; j < count; j++) if (agrees(i, j, control, lengthA, lengthB)) return true;
      return false;
    case 1: // ranges
      for (let j = 0; j < count; j += 2) {
        if (agrees(i, j, control, lengthA, lengthB) && agrees(i, j + 1, control, lengthA, lengthB)) return true;
      }
      return false;
    case 2: // equal each
      return agrees(i, i, control, lengthA, lengthB);
    default: // equal ordered
      for (let j = 0; j < count - i; j++) if (!agrees(i + j, j, control, lengthA, lengthB)) return false;
      return true;
  }
}

/** Intermediate result 2 of comparing a (the first operand) with b. */
export function compareStrings(a: v128, b: v128, control: u32, lengthA: i32, lengthB: i32): u32 {
  v128.store(A, a);
  v128.store(B, b);
  const count = elementCount(control);
  let bits: u32 = 0;
  for (let i = 0; i < count; i++) if (aggregate(i, control, lengthA, lengthB)) bits |= 1 << i;
  const all: u32 = (1 << count) - 1;
  const polarity = (control >> 4) & 3;
  if (polarity == 1) return ~bits & all;
  if (polarity == 3) return bits ^ (lengthB >= count ? all : (1 << lengthB) - 1);
  return bits;
}

/** CRC32C of `bits` bits of data, reflected polynomial 11EDC6F41. */
export function crc32(crc: u32, data: u64, bits: u32): u32 {
  for (let i: u32 = 0; i < bits; i += 8) {
    crc ^= <u32>(data >> i) & 0xff;
    for (let k = 0; k < 8; k++) crc = (crc >> 1) ^ (0x82f63b78 & (0 - (crc & 1)));
  }
  return crc;
}
