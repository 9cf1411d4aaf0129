// Names as gdb writes them: basic types, declarations; and paths as compilers mean them.

import { describe, expect, it } from "vitest";
import type { Type } from "../../emulator/symbols/api.ts";
import { baseNameSpellings, canonicalBaseName } from "../../emulator/symbols/base-names.ts";
import { joinPath } from "../../emulator/symbols/dwarf/line.ts";
import { declare, typeName } from "../../emulator/symbols/type-name.ts";

const INT: Type = { kind: "base", name: "int", size: 4, encoding: "signed" };
const CHAR: Type = { kind: "base", name: "char", size: 1, encoding: "signed-char" };
const pointer = (target: Type): Type => ({ kind: "pointer", size: 8, target: () => target });
const constant = (target: Type): Type => ({ kind: "qualified", qualifier: "const", target: () => target });
const volatile = (target: Type): Type => ({ kind: "qualified", qualifier: "volatile", target: () => target });
const array = (element: Type, ...counts: (number | undefined)[]): Type => ({
  kind: "array",
  element,
  counts,
  size: 0,
});
const fn = (returns: Type, parameters: Type[], variadic = false, prototyped = true): Type => ({
  kind: "function",
  returns: () => returns,
  parameters: () => parameters,
  prototyped,
  variadic,
});
const CLOCK: Type = { kind: "struct", name: "clock", size: 8, declaration: false, members: () => [] };

describe("typeName and declare", () => {
  it.each<[string, string, Type]>([
    ["struct clock *", "struct clock *c", pointer(CLOCK)],
    ["const char [12]", "const char c[12]", array(constant(CHAR), 12)],
    ["char [2][12]", "char c[2][12]", array(CHAR, 2, 12)],
    ["char *[3]", "char *c[3]", array(pointer(CHAR), 3)],
    ["const char * const[3]", "const char * const c[3]", array(constant(pointer(constant(CHAR))), 3)],
    ["int []", "int c[]", array(INT, undefined)],
    ["const volatile int", "const volatile int c", volatile(constant(INT))],
    ["int * const volatile", "int * const volatile c", volatile(constant(pointer(INT)))],
    [
      "void (*)(struct clock *)",
      "void (*c)(struct clock *)",
      pointer(fn({ kind: "void" }, [pointer(CLOCK)])),
    ],
    [
      "int (*(*)(void))(int, ...)",
      "int (*(*c)(void))(int, ...)",
      pointer(fn(pointer(fn(INT, [INT], true)), [])),
    ],
    ["char (*)[12]", "char (*c)[12]", pointer(array(CHAR, 12))],
    ["int (void)", "int c(void)", fn(INT, [])],
    ["int ()", "int c()", fn(INT, [], false, false)],
    ["void *(*)(int)", "void *(*c)(int)", pointer(fn(pointer({ kind: "void" }), [INT]))],
  ])("%s", (name, declaration, type) => {
    expect(typeName(type)).toBe(name);
    expect(declare(type, "c")).toBe(declaration);
  });

  it("ends for a type that contains itself without a name", () => {
    const loop: Type = {
      kind: "function",
      returns: () => loop,
      parameters: () => [loop, loop],
      prototyped: true,
      variadic: false,
    };
    expect(typeName(loop).length).toBeLessThan(10_000);
  });
});

describe("basic types", () => {
  it.each([
    ["long unsigned int", "unsigned long"],
    ["long int", "long"],
    ["short unsigned int", "unsigned short"],
    ["long long int", "long long"],
    ["long long unsigned int", "unsigned long long"],
    ["unsigned int", "unsigned int"],
    ["signed char", "signed char"],
    ["unsigned char", "unsigned char"],
    ["long double", "long double"],
    ["__int128 unsigned", "unsigned __int128"],
    ["_Bool", "_Bool"],
    ["complex float", "complex float"],
  ])("%s is shown as %s", (dwarf, gdb) => {
    expect(canonicalBaseName(dwarf)).toBe(gdb);
    expect(baseNameSpellings(gdb)).toContain(dwarf);
  });
});

describe("joinPath", () => {
  it.each([
    ["/build", "main.c", "/build/main.c"],
    ["/build/obj", "../sys/kern/kern_tc.c", "/build/sys/kern/kern_tc.c"],
    ["/build", "/usr/src/sys/a.h", "/usr/src/sys/a.h"],
    ["/build", "./machine/cpu.h", "/build/machine/cpu.h"],
    ["", "sys/a.c", "sys/a.c"],
    ["sys", "../../a.c", "../a.c"],
    ["/", "../a.c", "/a.c"],
    ["/a/", "b//c.c", "/a/b/c.c"],
  ])("%s + %s = %s", (directory, path, whole) => expect(joinPath(directory, path)).toBe(whole));
});
