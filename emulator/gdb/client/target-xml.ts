// What registers a stub has and where they lie in its `g` packet: read from its target description (gdb manual, appendix G).
// A stub without one, or with one that names no registers (Firecracker), uses gdb's default amd64 layout.

export interface RemoteRegister {
  name: string;
  /** gdb's number, for `p` and `P`. */
  number: number;
  /** In the `g` packet, in bytes. */
  offset: number;
  size: number;
}

export type Layout = ReadonlyMap<string, RemoteRegister>;

/** Longest description that is read, with all that it includes. */
const MAX_DESCRIPTION = 1 << 20;
const MAX_REGISTERS = 2000;

/** Reads a document of the stub by name. */
export type ReadDocument = (name: string) => string | undefined;

/** The layout that a target description tells. Throws an Error with a message for the user where it is not amd64. */
export function layoutOf(read: ReadDocument): Layout {
  const text = expand("target.xml", read, new Set()) ?? "";
  const architecture = /<architecture>\s*([^<\s]+)\s*<\/architecture>/.exec(text)?.[1];
  if (architecture !== undefined && !architecture.startsWith("i386"))
    throw new Error(`the machine is a ${architecture}, not an x86-64`);
  const registers = new Map<string, RemoteRegister>();
  let number = 0;
  let offset = 0;
  for (const { name, bits, explicit } of descriptions(text)) {
    number = explicit ?? number;
    const size = bits / 8;
    registers.set(name, { name, number, offset, size });
    number++;
    offset += size;
    if (registers.size > MAX_REGISTERS)
      throw new Error(`a description of more than ${MAX_REGISTERS} registers`);
  }
  return registers.has("rip") ? registers : DEFAULT_LAYOUT;
}

/** The document with its inclusions in place: `<xi:include href="i386-64bit.xml"/>`. */
function expand(name: string, read: ReadDocument, seen: Set<string>): string | undefined {
  if (seen.has(name) || seen.size > 32) return "";
  seen.add(name);
  const text = read(name)?.replace(/<!--[\s\S]*?-->/g, "");
  const whole = text?.replace(/<xi:include\s+href="([^"]*)"\s*\/>/g, (_, href: string) => expand(href, read, seen) ?? ""); // biome-ignore format: one thought
  if (whole && whole.length > MAX_DESCRIPTION) throw new Error("a target description of more than 1 MiB");
  return whole;
}

function* descriptions(
  text: string,
): Generator<{ name: string; bits: number; explicit: number | undefined }> {
  for (const [, attributes = ""] of text.matchAll(/<reg\s([^>]*?)\/?>/g)) {
    const attribute = (key: string) => new RegExp(`\\b${key}="([^"]*)"`).exec(attributes)?.[1];
    const name = attribute("name");
    const bits = Number(attribute("bitsize"));
    const regnum = attribute("regnum");
    if (!name || !Number.isInteger(bits) || bits <= 0 || bits % 8 !== 0 || bits > 4096) continue;
    yield { name, bits, explicit: regnum === undefined ? undefined : Number(regnum) };
  }
}

/** gdb's amd64 without a description: general registers, rip, eflags, segments, x87, SSE. */
const DEFAULT_LAYOUT: Layout = (() => {
  const sizes: [string, number][] = [
    ..."rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split(" ").map((name): [string, number] => [name, 8]),
    ..."eflags cs ss ds es fs gs".split(" ").map((name): [string, number] => [name, 4]),
    ...Array.from({ length: 8 }, (_, i): [string, number] => [`st${i}`, 10]),
    ..."fctrl fstat ftag fiseg fioff foseg fooff fop".split(" ").map((name): [string, number] => [name, 4]),
    ...Array.from({ length: 16 }, (_, i): [string, number] => [`xmm${i}`, 16]),
    ["mxcsr", 4],
  ]; // biome-ignore format: a table
  let offset = 0;
  return new Map(
    sizes.map(([name, size], number) => {
      const register = { name, number, offset, size };
      offset += size;
      return [name, register];
    }),
  );
})();
