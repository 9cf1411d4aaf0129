// The rules of FreeBSD's config(8): what is in, what is out, and the lines that decide.
import { describe, expect, test } from "vitest";
import { configureKernel, why, whyText } from "../../server/kernel/configure.ts";
import { complaints, fixtures, folderTree, inlineTree, reasonText } from "./trees.ts";

const small = (name: string) =>
  configureKernel(`sys/toy/conf/${name}`, folderTree(`${fixtures}/freebsd`).read);
const answers = (name: string, asked: string) => `\n${why(small(name), asked).map(whyText).join("\n")}\n`;

describe("is pvclock in this build? (x86/x86/pvclock.c optional kvm_clock | xenhvm)", () => {
  test("with `device kvm_clock`", () => {
    expect(answers("TOY", "pvclock.c")).toMatchInlineSnapshot(`
      "
      file sys/x86/x86/pvclock.c is in:
        sys/conf/files.x86:3: x86/x86/pvclock.c optional kvm_clock | xenhvm  (its condition holds)
        sys/toy/conf/TOY:20: device kvm_clock  (selects kvm_clock)
      "
    `);
  });
  test("with `options XENHVM`", () => {
    expect(answers("XEN", "pvclock.c")).toMatchInlineSnapshot(`
      "
      file sys/x86/x86/pvclock.c is in:
        sys/conf/files.x86:3: x86/x86/pvclock.c optional kvm_clock | xenhvm  (its condition holds)
        sys/toy/conf/XEN:3: options XENHVM  (selects xenhvm)
      "
    `);
  });
  test("with neither", () => {
    expect(answers("PLAIN", "pvclock.c")).toMatchInlineSnapshot(`
      "
      file sys/x86/x86/pvclock.c is out:
        sys/conf/files.x86:3: x86/x86/pvclock.c optional kvm_clock | xenhvm  (its condition does not hold)
        kvm_clock: no "device kvm_clock" and no "options KVM_CLOCK" in this configuration
        xenhvm: no "device xenhvm" and no "options XENHVM" in this configuration
      "
    `);
  });
});

describe("reasons", () => {
  test("of what `nodevice` and `nooptions` took away", () => {
    expect(answers("XEN", "clock.c")).toMatchInlineSnapshot(`
      "
      file sys/x86/isa/clock.c is out:
        sys/conf/files.x86:5: x86/isa/clock.c optional isa  (its condition does not hold)
        sys/toy/conf/XEN:4: nodevice isa  (takes isa away)
      "
    `);
    expect(answers("TOY", "WITNESS")).toMatchInlineSnapshot(`
      "
      option WITNESS is out:
        sys/toy/conf/TOY:8: nooption WITNESS  (takes WITNESS away)
      "
    `);
    expect(answers("TOY", "sched_ule")).toMatchInlineSnapshot(`
      "
      file sys/kern/sched_ule.c is out:
        sys/conf/files:5: kern/sched_ule.c optional sched_ule  (its condition does not hold)
        sys/toy/conf/TOY:9: nooptions SCHED_ULE  (takes sched_ule away)
      option SCHED_ULE is out:
        sys/toy/conf/TOY:9: nooptions SCHED_ULE  (takes SCHED_ULE away)
      "
    `);
  });
  test("of what DEFAULTS brings", () => {
    expect(
      reasonText(small("PLAIN").devices.find(({ name }) => name === "isa")?.reason),
    ).toMatchInlineSnapshot(`
      "
      sys/toy/conf/DEFAULTS:3: device isa (selects isa)
      "
    `);
  });
});

test("kinds: sources, interfaces and local files, helpers", () => {
  const kinds = small("TOY").files.map(({ file, kind }) => `${kind} ${file}`);
  expect(
    kinds
      .filter((text) => !text.startsWith("source sys/"))
      .concat(kinds.filter((text) => /boot|locore/.test(text))),
  ).toEqual([
    "generated sys/kern/device_if.m",
    "generated sys/dev/bus_if.m",
    "helper sys/toy_assym.h",
    "helper sys/beta.fwo",
    "generated vers_local.c",
    "source sys/boot/wakecode.S",
    "source sys/toy/toy/locore.S",
  ]);
});

test("what every file gets: _KERNEL and the macros of opt_global.h", () => {
  expect(Object.fromEntries(small("XEN").defines.map(({ name, value }) => [name, value]))).toEqual({
    _KERNEL: "1",
    HAVE_KERNEL_OPTION_HEADERS: "1",
    XENHVM: "1",
    DIAGNOSTIC: undefined,
    INVARIANTS: undefined,
    WITNESS: undefined,
  });
});

describe("complaints", () => {
  const configure = (configuration: string, files = "", options = "") =>
    configureKernel(
      "sys/toy/conf/SMALL",
      inlineTree(`
  --- sys/conf/options
  TRACE
  ${options}
  --- sys/conf/options.toy
  TOY_CPU opt_cpu.h
  --- sys/conf/files
  kern/main.c standard
  kern/isa.c optional isa
  ${files}
  --- sys/conf/files.toy
  --- sys/toy/conf/SMALL
  machine toy
  cpu TOY_CPU
  ident SMALL
  ${configuration}
`).read,
    );

  test.each([
    [
      "device nobody",
      "sys/toy/conf/SMALL:4: error: device nobody is not known: no line of conf/files asks for it",
    ],
    ["device isa\n  device isa", "sys/toy/conf/SMALL:5: warning: device isa is there already (line 4)"],
    [
      "options UNKNOWN",
      "sys/toy/conf/SMALL:4: error: option UNKNOWN is not known: neither conf/options nor conf/options.toy has it",
    ],
    ["options", "sys/toy/conf/SMALL:4: error: syntax error: expected an option, found the end of the line"],
    [
      "device isa isa",
      'sys/toy/conf/SMALL:4: error: syntax error: expected the end of the line, found "isa"',
    ],
    ["nonsense isa", 'sys/toy/conf/SMALL:4: error: syntax error: expected a keyword, found "nonsense"'],
    ["machine other", "sys/toy/conf/SMALL:4: error: there is a second machine, other: only one is allowed"],
    [
      "include absent",
      "sys/toy/conf/SMALL:4: error: cannot include absent: there is no sys/toy/conf/absent and no sys/conf/absent",
    ],
    ["include SMALL", "sys/toy/conf/SMALL:4: error: sys/toy/conf/SMALL includes itself"],
    [
      'hints "SMALL.hints"',
      "sys/toy/conf/SMALL:4: error: cannot read sys/toy/conf/SMALL.hints: there is no such file",
    ],
  ])("%j", (line, message) => {
    const configuration = configure(line);
    expect(complaints(configuration)).toContain(message);
    expect(configuration.files[0]?.file).toBe("sys/kern/main.c");
  });

  test.each([
    ["kern/x.c", 'kern/x.c must be followed by "standard" or "optional", not nothing'],
    ["kern/x.c sometimes isa", 'kern/x.c must be followed by "standard" or "optional", not "sometimes"'],
    ["kern/x.c optional", "kern/x.c is optional and names nothing that it depends on"],
    ["kern/x.c standard isa", "the standard file kern/x.c cannot depend on isa"],
    ["kern/x.c optional | isa", 'there is nothing before "|" in the line of kern/x.c'],
    ['kern/x.c optional isa compile-with "cc', "the string cc has no closing quote"],
    ['include "conf/absent"', "cannot read sys/conf/absent: there is no such file"],
  ])("conf/files: %j", (line, message) => {
    expect(complaints(configure("", line))).toEqual([`sys/conf/files:3: error: ${message}`]);
  });

  test("an option that is declared twice", () => {
    expect(complaints(configure("", "", "TRACE"))).toEqual([
      "sys/conf/options:2: error: option TRACE is declared twice (first in sys/conf/options:1)",
    ]);
  });
});
