// Macros in expressions, expanded as the preprocessor does (C11 6.10.3), symbols of the debug info left alone.

import { expect, test } from "vitest";
import { Macros } from "../../emulator/debugger/macros.ts";
import { macroText } from "../../server/query/macro.ts";

const SOURCE = `
#define	LAPIC_BASE	0xfee00000	/* where it
				   is */
#define CPUID_TSC 0x00000010 // bit 4
#define	BIT(n)	(1UL << (n))
#define BITS(a, b) \\
	(BIT(a) | BIT(b))
#define HZ hz
#define LOOP LOOP + 1
#define PING PONG
#define PONG PING
#define EMPTY
`;

const line = (name: string) =>
  SOURCE.split("\n").findIndex((each) => new RegExp(`^#define\\s+${name}\\b`).test(each)) + 1;
const read = (name: string) => macroText(SOURCE, line(name), name);

test("the text of a #define", () => {
  expect(read("LAPIC_BASE")).toEqual({ body: "0xfee00000" });
  expect(read("CPUID_TSC")).toEqual({ body: "0x00000010" });
  expect(read("BIT")).toEqual({ parameters: ["n"], body: "(1UL << (n))" });
  expect(read("BITS")).toEqual({ parameters: ["a", "b"], body: "(BIT(a) | BIT(b))" });
  expect(read("EMPTY")).toEqual({ body: "" });
  expect(macroText(SOURCE, 1, "BITS")).toBeUndefined();
  expect(macroText(SOURCE, line("CPUID_TSC"), "OTHER")).toBeUndefined();
});

function table(): Macros {
  const macros = new Macros();
  for (const name of ["CPUID_TSC", "HZ", "LOOP", "PING", "PONG"]) macros.learn(name, read(name));
  macros.learn("BIT", read("BIT"));
  macros.learn("BITS", read("BITS"));
  return macros;
}

const noSymbol = () => false;
const expand = (text: string) => table().expand(text, noSymbol);

test("names are replaced where they stand alone", () => {
  expect(expand("x & CPUID_TSC")).toBe("x & (0x00000010)");
  expect(expand("tc->HZ + $HZ + \"HZ\" + 'H' + s.HZ + struct HZ")).toBe(
    "tc->HZ + $HZ + \"HZ\" + 'H' + s.HZ + struct HZ",
  );
  expect(expand("HZ2 + HZ")).toBe("HZ2 + (hz)");
});

test("parameters, nested macros, recursion", () => {
  // What C makes of it, JavaScript makes of it too.
  expect(Function(`return ${expand("BITS(1, (3, 4))").replaceAll("UL", "")}`)()).toBe(0b10010);
  expect(expand("BIT + 1")).toBe("BIT + 1");
  expect(expand("BIT(1")).toBe("BIT(1");
  expect(expand("LOOP")).toBe("(LOOP + 1)");
  expect(expand("PING")).toBe("((PING))");
});

test("symbols stay, and what is not known is asked for once, through macros too", () => {
  const macros = table();
  expect(macros.expand("HZ", (name) => name === "HZ")).toBe("HZ");
  expect(macros.unasked("BITS(1, 2) + NEW + HZ", noSymbol)).toEqual(["NEW", "hz"]);
  macros.learn("NEW", undefined);
  expect(macros.unasked("NEW", noSymbol)).toEqual([]);
});
