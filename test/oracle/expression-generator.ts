// Random C expressions over what a frame sees, and commands that look at them: walks through the types of variables, so that most of them mean
// something. Seeded; must not know gdb's process.

import type { Debugger } from "../../emulator/debugger/debugger.ts";
import type { Frame } from "../../emulator/debugger/frames.ts";
import { lookupAddress } from "../../emulator/debugger/frames.ts";
import { isScalar, resolve } from "../../emulator/debugger/types.ts";
import type { Type } from "../../emulator/symbols/api.ts";
import type { Random } from "../random.ts";

interface Walk {
  text: string;
  type: Type;
  /** Is there something to take the address of? */
  placed?: boolean;
}

const INT: Type = { kind: "base", name: "int", size: 4, encoding: "signed" };
const CASTS = ["char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long", "uint8_t", "int16_t", "uint32_t", "int64_t", "_Bool", "float", "double", "long double", "char *", "void *", "unsigned char *", "struct cpu_info *"]; // biome-ignore format: a list
const LITERALS = ["0", "1", "-1", "2", "7", "0x10", "255", "0xff", "0x80000000", "4294967296", "077", "'a'", "'\\n'", "1.5", "2.0f", "1u", "3ul", "1ll", "\"abc\""]; // biome-ignore format: a list
const BINARY = ["+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "==", "!=", "<", ">", "<=", ">=", "&&", "||"]; // biome-ignore format: a list
const REGISTERS = ["$rip", "$rsp", "$rbp", "$rax", "$eax", "$ax", "$al", "$r12", "$cs", "$pc", "$sp", "$fp"]; // biome-ignore format: a list
const FORMATS = ["x", "d", "u", "o", "t", "c", "a", "z", "f", "s"];

export class Generator {
  private readonly globals: string[];

  constructor(
    private readonly engine: Debugger,
    private readonly pick: Random,
  ) {
    const all = engine.symbols.symbolsWithPrefix("", 1_000_000);
    this.globals = all
      .filter(({ kind, name }) => kind !== "other" && /^[a-z]\w*$/i.test(name))
      .map(({ name }) => name);
  }

  /** A command that shows something of the frame. */
  command(frame: Frame): string {
    const walk = this.expression(frame);
    const { text } = walk;
    const kind = this.pick(20);
    if (kind < 9) return `output ${text}`;
    if (kind < 14) return `output/${this.of(FORMATS)} ${text}`;
    if (kind < 16) return `whatis ${text}`;
    if (kind < 17) return `ptype ${text}`;
    if (kind < 18) return `output sizeof(${text})`;
    return this.examine(walk);
  }

  private examine({ text, type, placed }: Walk): string {
    const format = `${1 + this.pick(6)}${this.of(["x", "d", "u", "o", "t", "c", "a", "z"])}${this.of(["b", "h", "w", "g"])}`;
    const { kind } = resolve(type);
    if (kind === "pointer" && this.pick(3) === 0) return `x/${this.of(["s", "2s", "3i"])} ${text}`;
    return `x/${format} ${kind === "pointer" || kind === "array" || !placed ? text : `&${wrapped(text)}`}`;
  }

  expression(frame: Frame): Walk {
    let walk = this.leaf(frame);
    // An array that `@` has made is not walked on: gdb wants room for it in the guest.
    for (let steps = this.pick(5); steps > 0 && !walk.text.includes("@"); steps--)
      walk = this.step(walk, frame);
    return walk;
  }

  private leaf(frame: Frame): Walk {
    const variables = [
      ...(frame.instance?.parameters() ?? []),
      ...(frame.instance?.locals(lookupAddress(frame.state)) ?? []),
    ].filter(({ label, name }) => !label && name !== "");
    const kind = this.pick(10);
    if (kind < 6 && variables.length > 0) {
      const { name, type } = this.of(variables);
      return { text: name, type, placed: true };
    }
    if (kind === 9) return { text: this.of([...LITERALS, ...REGISTERS]), type: INT };
    for (let tries = 0; tries < 50; tries++) {
      const name = this.of(this.globals);
      const variable = this.engine.symbols.globalNamed(name, lookupAddress(frame.state));
      if (variable) return { text: name, type: variable.type, placed: true };
      // Most symbols are functions, of which there is little to say.
      const type = this.pick(12) === 0 ? this.engine.symbols.functionType?.(name) : undefined;
      if (type) return { text: name, type };
    }
    return { text: "0", type: INT };
  }

  private step(walk: Walk, frame: Frame): Walk {
    const type = resolve(walk.type);
    const inner = wrapped(walk.text);
    const choice = this.pick(10);
    if (choice === 0 && walk.placed)
      return { text: `&${inner}`, type: { kind: "pointer", size: 8, target: () => walk.type } };
    if (choice === 1 && isScalar(type)) return { text: `(${this.of(castsFrom(type))}) ${inner}`, type: INT };
    switch (type.kind) {
      case "struct":
      case "union":
        return this.member(inner, type, ".") ?? walk;
      case "pointer":
        return this.through(walk, inner, type);
      case "array":
        return this.element(walk, inner, type);
      case "function":
        return choice < 5 ? { text: `*${inner}`, type } : walk;
      default:
        return this.arithmetic(inner, frame);
    }
  }

  private member(inner: string, type: Type, access: string): Walk | undefined {
    if (type.kind !== "struct" && type.kind !== "union") return undefined;
    const named = type.members().filter(({ name }) => name !== "");
    if (named.length === 0) return undefined;
    const member = this.of(named);
    return { text: `${inner}${access}${member.name}`, type: member.type, placed: !member.bits };
  }

  private through(walk: Walk, inner: string, pointer: Extract<Type, { kind: "pointer" }>): Walk {
    const target = pointer.target();
    const choice = this.pick(8);
    if (choice < 4) {
      const member = this.member(inner, resolve(target), "->");
      if (member) return member;
    }
    if (choice === 4) return { text: `${inner}[${this.pick(4)}]`, type: target, placed: true };
    if (choice === 5) return { text: `${inner} ${this.of(["+", "-"])} ${this.pick(5)}`, type: walk.type };
    if (choice === 6 && resolve(target).kind !== "function")
      return {
        text: `*${inner}@${1 + this.pick(3)}`,
        type: { kind: "array", element: target, counts: [1], size: 0 },
      };
    return { text: `*${inner}`, type: target, placed: true };
  }

  private element(walk: Walk, inner: string, { element, counts }: Extract<Type, { kind: "array" }>): Walk {
    const below: Type =
      counts.length > 1 ? { kind: "array", element, counts: counts.slice(1), size: 0 } : element;
    const choice = this.pick(6);
    if (choice === 0) return { text: `*${inner}`, type: below };
    if (choice === 1) return { text: `${inner}[0]@${1 + this.pick(3)}`, type: walk.type };
    if (choice === 2)
      return { text: `${inner} + ${this.pick(3)}`, type: { kind: "pointer", size: 8, target: () => below } };
    return { text: `${inner}[${this.pick(Math.max(1, counts[0] ?? 1))}]`, type: below, placed: true };
  }

  private arithmetic(inner: string, frame: Frame): Walk {
    const choice = this.pick(8);
    if (choice < 2) return { text: `${this.of(["-", "~", "!", "+"])}${inner}`, type: INT };
    if (choice === 2) return { text: `${inner} ? ${this.of(LITERALS)} : ${this.of(LITERALS)}`, type: INT };
    const right = choice < 5 ? this.of(LITERALS) : wrapped(this.leaf(frame).text);
    return { text: `${inner} ${this.of(BINARY)} ${right}`, type: INT };
  }

  private of<T>(list: readonly T[]): T {
    return list[this.pick(list.length)]!;
  }
}

/** What C lets a type be cast to. */
function castsFrom({ kind }: Type): readonly string[] {
  return kind === "base" || kind === "enum" ? CASTS : CASTS.filter((each) => !/float|double/.test(each));
}

const wrapped = (text: string): string => (/^\$?\w+$/.test(text) ? text : `(${text})`);
