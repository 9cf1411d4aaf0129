// Registers: g, G, p, P. Numbers and layout come from the register table that also makes the target description.

import { REGISTER_NAMES, type RegisterName } from "../../cpu/registers.ts";
import { bytesOf, unsignedOf } from "../../debugger/numbers.ts";
import type { Target } from "../../debugger/target.ts";
import { BadPacket, bytesOfHex, hexOf, smallNumberOf } from "../hex.ts";
import { REGISTERS, type StubRegister } from "../registers.ts";
import type { PacketGroup } from "./group.ts";

const INTEGERS: ReadonlySet<string> = new Set(REGISTER_NAMES);
const isInteger = (name: string): name is RegisterName => INTEGERS.has(name);

/** In hex, least significant byte first; `x` digits for what the target cannot tell. */
function read(target: Target, { name, size }: StubRegister): string {
  if (isInteger(name)) return hexOf(bytesOf(target.readRegister(name), size));
  if (!target.vectors) return "xx".repeat(size);
  const bytes = new Uint8Array(size);
  bytes.set(target.vectors.read(name).subarray(0, size));
  return hexOf(bytes);
}

function write(target: Target, { name, size }: StubRegister, hex: string): void {
  if (/^x+$/.test(hex)) return;
  const bytes = bytesOfHex(hex);
  if (bytes.length !== size) throw new BadPacket(`${name} has ${size} bytes`);
  if (isInteger(name)) target.writeRegister(name, unsignedOf(bytes));
  else if (target.vectors) target.vectors.write(name, bytes);
  else throw new Error(`${name} cannot be written here`);
}

function registerOf(number: string | undefined): StubRegister {
  const register = REGISTERS[smallNumberOf(number)];
  if (!register) throw new BadPacket(`no register ${number}`);
  return register;
}

export const registerPackets: PacketGroup = {
  packets: {
    g: ({ target }) => REGISTERS.map((register) => read(target, register)).join(""),
    G({ target }, rest) {
      const total = REGISTERS.reduce((sum, { size }) => sum + size, 0);
      if (rest.length !== total * 2) throw new BadPacket(`G takes ${total} bytes`);
      let at = 0;
      for (const register of REGISTERS) {
        const hex = rest.slice(at, at + register.size * 2);
        // Writing a control register has effects even where the value is the same.
        if (hex.toLowerCase() !== read(target, register)) write(target, register, hex);
        at += register.size * 2;
      }
      return "OK";
    },
    p: ({ target }, rest) => read(target, registerOf(rest)),
    P({ target }, rest) {
      const [number, hex = ""] = rest.split("=", 2);
      write(target, registerOf(number), hex);
      return "OK";
    },
  },
};
