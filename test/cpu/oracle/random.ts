// Seeded random numbers for generated cases (splitmix64 on two 32-bit halves would cost BigInt; this is sfc32), with a taste for the
// values at which processors differ: zeros, ones, signs, carries, special floats.

export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = (seed ^ 0x9e3779b9) | 0;
    this.c = Math.imul(seed, 0x85ebca6b);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** 32 random bits, unsigned (sfc32, Chris Doty-Humphrey). */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  below(limit: number): number {
    return this.next() % limit;
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  bits64(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next());
  }

  /** A 64-bit operand: random bits, boundary values of every size, or small numbers. */
  integer(): bigint {
    switch (this.below(4)) {
      case 0:
        return this.boundary();
      case 1:
        return BigInt(this.below(130));
      case 2:
        return BigInt.asUintN(64, BigInt.asIntN(32, BigInt(this.next())));
      default:
        return this.bits64();
    }
  }

  private boundary(): bigint {
    const power = 1n << BigInt(this.pick([0, 7, 8, 15, 16, 31, 32, 63, 64]));
    return BigInt.asUintN(64, power + BigInt(this.below(3) - 1));
  }

  /** Bits of a binary64, with zeros, denormals, infinities, NaNs and near neighbours often enough. */
  double(): bigint {
    return this.float(52n, 11n);
  }

  single(): bigint {
    return this.float(23n, 8n);
  }

  private float(fractionBits: bigint, exponentBits: bigint): bigint {
    const sign = BigInt(this.below(2)) << (fractionBits + exponentBits);
    const fraction = this.fraction(fractionBits);
    const special = (1n << exponentBits) - 1n;
    const bias = special >> 1n;
    const exponents = [
      0n,
      0n,
      1n,
      2n,
      special,
      special - 1n,
      bias,
      bias + BigInt(this.below(70)),
      bias - BigInt(this.below(30)),
    ];
    const exponent = this.chance(3) ? this.bits64() & special : this.pick(exponents);
    return sign | (exponent << fractionBits) | fraction;
  }

  /** A fraction: zero, all ones, one bit, few bits, or random. */
  fraction(bits: bigint): bigint {
    const mask = (1n << bits) - 1n;
    switch (this.below(6)) {
      case 0:
        return 0n;
      case 1:
        return mask;
      case 2:
        return 1n << (this.bits64() % bits);
      case 3:
        return (this.bits64() << (bits / 2n)) & mask;
      default:
        return this.bits64() & mask;
    }
  }

  /** An 80-bit extended value, including the encodings that the 80387 rejects. */
  extended(): bigint {
    const sign = BigInt(this.below(2)) << 79n;
    const fraction = this.fraction(63n);
    const exponent = this.chance(4)
      ? this.bits64() & 0x7fffn
      : this.pick([
          0n,
          0n,
          1n,
          0x7fffn,
          0x7ffen,
          0x3fffn,
          0x3fffn + BigInt(this.below(70)),
          0x3fffn - BigInt(this.below(70)),
          0x3f81n,
          0x3c01n,
          0x407en,
          0x43fen,
        ]);
    const odd = this.chance(24);
    const integerBit = (exponent !== 0n) !== odd ? 1n << 63n : 0n;
    return sign | (exponent << 64n) | integerBit | fraction;
  }
}
