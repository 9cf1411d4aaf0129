// What a hit leads to, and how locations are read: tables of text in, text out.
import { expect, test } from "vitest";
import { type Breakpoint, hitConditionError, judge } from "../../emulator/debugger/breakpoints.ts";
import { parseLocation } from "../../emulator/debugger/locations.ts";

const by = {
  isTrue(expression: string): boolean {
    if (expression === "broken") throw new Error('No symbol "broken" in current context.');
    return expression === "yes";
  },
  text(expression: string): string {
    if (expression === "broken") throw new Error('No symbol "broken" in current context.');
    return expression.toUpperCase();
  },
};

const made = (options: Partial<Breakpoint>): Breakpoint => ({
  id: 7,
  where: { kind: "function", name: "tc_init" },
  sites: [],
  hits: 0,
  enabled: true,
  ...options,
});

test.each([
  ["3", "..*......"],
  ["==3", "..*......"],
  [">3", "...******"],
  [">= 3", "..*******"],
  ["<3", "**......."],
  ["<=3", "***......"],
  ["%3", "..*..*..*"],
  ["%0", "........."],
])("hit condition %s", (hitCondition, expected) => {
  const breakpoint = made({ hitCondition });
  const stops = Array.from(expected, () => (judge(breakpoint, by).kind === "stop" ? "*" : "."));
  expect(stops.join("")).toBe(expected);
});

test("what is no hit condition is said", () => {
  expect(hitConditionError("5")).toBeUndefined();
  expect(hitConditionError("often")).toContain('"often" is no hit condition');
});

test("a false condition counts no hit; one that fails stops and says why", () => {
  const breakpoint = made({ condition: "no" });
  expect(judge(breakpoint, by)).toEqual({ kind: "ignore" });
  expect(breakpoint.hits).toBe(0);
  expect(judge(made({ condition: "yes" }), by)).toEqual({ kind: "stop" });
  expect(judge(made({ condition: "broken" }), by)).toEqual({
    kind: "stop",
    message: 'Error in testing condition for breakpoint 7:\nNo symbol "broken" in current context.',
  });
});

test("log messages replace expressions, and errors are told in place", () => {
  const text = judge(made({ logMessage: "tc {tc->tc_name} {broken}, {unclosed" }), by);
  expect(text).toEqual({
    kind: "log",
    text: 'tc TC->TC_NAME <No symbol "broken" in current context.>, {unclosed',
  });
});

test.each([
  ["tc_init", { kind: "function", name: "tc_init" }],
  ["kern_tc.c:713", { kind: "line", file: "kern_tc.c", line: 713 }],
  ["C:\\sys\\kern\\kern_tc.c:713", { kind: "line", file: "C:\\sys\\kern\\kern_tc.c", line: 713 }],
  ["*0xffffffff80365f20", { kind: "address", address: 0xffffffff80365f20n }],
  ["0x1000", { kind: "address", address: 0x1000n }],
  ["*4096", { kind: "address", address: 4096n }],
])("location %s", (text, where) => {
  expect(parseLocation(text)).toEqual(where);
});
