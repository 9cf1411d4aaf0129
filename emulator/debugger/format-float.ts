// Binary floating point as gdb writes it: %g with 9, 17 or 21 digits for float, double and x87 long double.

/** C's `%.{digits}g` of a finite double. */
export function formatG(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
  return arrange(mantissa.replace("-", "").replace(".", ""), Number(exponent), digits, value < 0);
}

/** Puts decimal digits (d.ddd times 10^exponent) in %g's shape. */
function arrange(digitText: string, exponent: number, digits: number, negative: boolean): string {
  const significant = digitText.replace(/0+$/, "") || "0";
  const sign = negative ? "-" : "";
  if (exponent < -4 || exponent >= digits) {
    const fraction = significant.length > 1 ? `.${significant.slice(1)}` : "";
    const magnitude = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${significant[0]}${fraction}e${exponent < 0 ? "-" : "+"}${magnitude}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${significant}`;
  const whole = significant.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = significant.slice(exponent + 1);
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`;
}

/** A float (4 bytes), double (8) or x87 extended (10 to 16) as gdb prints it; undefined for other sizes. */
export function formatFloat(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 4) return formatNumber(view.getFloat32(0, true), 9, fraction32(view));
  if (bytes.length === 8) return formatNumber(view.getFloat64(0, true), 17, fraction64(view));
  if (bytes.length >= 10) return formatExtended(view);
  return undefined;
}

/** The number in a float (4 bytes), double (8) or x87 extended value (SDM 1, 4.2.2). */
export function floatOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 4) return view.getFloat32(0, true);
  if (bytes.length === 8) return view.getFloat64(0, true);
  const top = view.getUint16(8, true);
  const magnitude = Number(view.getBigUint64(0, true)) * 2 ** ((top & 0x7fff) - 16383 - 63);
  return top & 0x8000 ? -magnitude : magnitude;
}

const fraction32 = (view: DataView) => ({
  negative: view.getInt32(0, true) < 0,
  fraction: BigInt(view.getUint32(0, true) & 0x7fffff),
});

const fraction64 = (view: DataView) => ({
  negative: view.getInt32(4, true) < 0,
  fraction: view.getBigUint64(0, true) & 0xfffffffffffffn,
});

function formatNumber(value: number, digits: number, raw: { negative: boolean; fraction: bigint }): string {
  const sign = raw.negative ? "-" : "";
  if (Number.isNaN(value)) return `${sign}nan(0x${raw.fraction.toString(16)})`;
  if (!Number.isFinite(value)) return `${sign}inf`;
  return formatG(value, digits);
}

/** x87 double extended: explicit integer bit, 15-bit exponent (SDM 1, 4.2.2). */
function formatExtended(view: DataView): string {
  const mantissa = view.getBigUint64(0, true);
  const top = view.getUint16(8, true);
  const negative = (top & 0x8000) !== 0;
  const exponent = top & 0x7fff;
  const sign = negative ? "-" : "";
  if (exponent === 0x7fff) {
    const fraction = mantissa & 0x7fffffffffffffffn;
    return fraction === 0n ? `${sign}inf` : `${sign}nan(0x${mantissa.toString(16)})`;
  }
  if (mantissa === 0n) return `${sign}0`;
  const scale = Math.max(exponent, 1) - 16383 - 63;
  const { digits, exponent: decimal } = decimalDigits(mantissa, scale, 21);
  return arrange(digits, decimal, 21, negative);
}

/** The `count` leading decimal digits of mantissa * 2^scale, rounded to nearest even, and the power of the first. */
function decimalDigits(mantissa: bigint, scale: number, count: number): { digits: string; exponent: number } {
  const numerator = scale >= 0 ? mantissa << BigInt(scale) : mantissa;
  const denominator = scale >= 0 ? 1n : 1n << BigInt(-scale);
  let exponent = numerator.toString().length - denominator.toString().length;
  for (;;) {
    const shift = count - 1 - exponent;
    const up = shift >= 0 ? numerator * 10n ** BigInt(shift) : numerator;
    const down = shift >= 0 ? denominator : denominator * 10n ** BigInt(-shift);
    let quotient = up / down;
    const twice = (up % down) * 2n;
    if (twice > down || (twice === down && (quotient & 1n) === 1n)) quotient += 1n;
    const digits = quotient.toString();
    if (digits.length === count) return { digits, exponent };
    exponent += digits.length > count ? 1 : -1;
  }
}
