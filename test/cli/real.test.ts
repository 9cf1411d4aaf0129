// The main job on a real NetBSD kernel: the four stops are those that gdb sees on QEMU. Needs CLOCKPATH_NETBSD_KERNEL (the
// MICROVM kernel that docs name); the table is ../shared/clock-paths.md's, file:line of the 2025-01-11 sources.
import { expect, test } from "vitest";
import { clockpath, objects } from "./run.ts";

const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
const why = kernel ? "" : " (skipped: CLOCKPATH_NETBSD_KERNEL is not set)";

const MAIN_547 = "main kern/init_main.c:547";
const MAIN_570 = "main kern/init_main.c:570";
const TC_INIT = "tc_init kern/kern_tc.c:713";
const STOPS = [
  [
    "<i8254_timecounter>",
    TC_INIT,
    "startrtclock x86/isa/clock.c:340",
    "cpu_configure amd64/amd64/autoconf.c:99",
    "configure kern/init_main.c:789 (inlined)",
    MAIN_547,
  ],
  [
    "<lapic_timecounter>",
    TC_INIT,
    "lapic_initclock x86/x86/lapic.c:617",
    "initclocks kern/kern_clock.c:245",
    "configure2 kern/init_main.c:806 (inlined)",
    MAIN_570,
  ],
  [
    "<intr_timecounter>",
    TC_INIT,
    "initclocks kern/kern_clock.c:256",
    "configure2 kern/init_main.c:806 (inlined)",
    MAIN_570,
  ],
  [
    "<tsc_timecounter>",
    TC_INIT,
    "tsc_tc_init x86/x86/tsc.c:245",
    "cpu_boot_secondary_processors x86/x86/cpu.c:788",
    "configure2 kern/init_main.c:827 (inlined)",
    MAIN_570,
  ],
];

interface Frame {
  function: string;
  file: string;
  line: number;
  inlined: boolean;
}

const describe = ({ function: name, file, line, inlined }: Frame): string =>
  `${name} ${file.replace(/^.*\/sys\/(?:arch\/)?/, "")}:${line}${inlined ? " (inlined)" : ""}`;

// biome-ignore lint/suspicious/noExplicitAny: an event of the run
const stopsOf = (events: any[]): string[][] =>
  events
    .filter(({ event }) => event === "stopped")
    .map(({ frames }) => [frames[0].args[0].value.replace(/^0x[0-9a-f]+ /, ""), ...frames.map(describe)]);

test.skipIf(!kernel)(`the four tc_init stops of a real NetBSD kernel${why}`, () => {
  const args = [
    "boot",
    kernel!,
    "--cmdline",
    "console=com -a",
    "--break",
    "tc_init",
    "--stops",
    "4",
    "--json",
  ];
  const first = clockpath(...args);
  expect(stopsOf(objects(first.stdout))).toEqual(STOPS);
  expect(first.status).toBe(0);
  // Twice the same: instruction counts, times, state hashes.
  expect(clockpath(...args).stdout).toBe(first.stdout);
});

test.skipIf(!kernel)(`a real NetBSD kernel boots to its root device prompt${why}`, () => {
  const { status, stdout } = clockpath(
    ...["boot", kernel!, "--cmdline", "console=com -a", "--until-console", "root device:"],
  );
  expect(stdout).toContain("NetBSD ");
  expect(status).toBe(0);
});

test.skipIf(!kernel)(
  `--input answers "root device:", and the kernel halts${why}`,
  { timeout: 60_000 },
  () => {
    const args = ["--input", "root device:=halt", "--until-console", "press any key to reboot", "--json"];
    const run = () => clockpath("boot", kernel!, "--cmdline", "console=com -a", ...args);
    const { status, stdout } = run();
    expect(stdout).toContain("The operating system has halted.");
    expect(objects(stdout).at(-1)).toMatchObject({ event: "exited", reason: "console" });
    expect(status).toBe(0);
    expect(run().stdout).toBe(stdout);
  },
);
