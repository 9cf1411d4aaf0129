// `clockpath boot` on the bundled guest: what people read, what scripts read, and how a run ends.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { pvhElf } from "../boot/pvh-elf.ts";
import { clockpath, objects } from "./run.ts";

const golden = (name: string) => path.join(__dirname, "golden", name);

test("npm start's command prints the four stops", async () => {
  const { status, stdout, stderr } = clockpath("boot", "--break", "tc_init", "--stops", "4");
  const text = stdout.replaceAll("\\", "/").replace(/0xffffffff[0-9a-f]{8}/g, "0x…");
  await expect(text).toMatchFileSnapshot(golden("four-stops.txt"));
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test("a guest that writes to isa-debug-exit ends the process as QEMU's would end", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "clockpath-exit-"));
  const kernel = path.join(folder, "kernel");
  writeFileSync(kernel, pvhElf({ code: [0xb0, 0x15, 0xe6, 0xf4] })); // mov al, 0x15; out 0xf4, al
  try {
    const boot = (...more: string[]) => clockpath("boot", kernel, "--machine", "debug-exit=on", ...more);
    expect(boot().status).toBe(0x2b);
    expect(boot("--until-console", "never").status).toBe(1); // what was asked for did not come
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("with several processors a stop names the one that made it", () => {
  const kernel = path.join(__dirname, "../machine/smp/smp.elf");
  const { stdout } = clockpath("boot", kernel, "--cpus", "2", "--break", "ap_main", "--stops", "1");
  expect(stdout).toMatch(/^Stop 1 · CPU 1 · Breakpoint 1, ap_main · .*\n#0 {2}ap_main \(\) at /m);
  expect(stdout).toMatch(/^ {4}Local APIC of CPU 1 {2}/m);
  const [stop] = objects(
    clockpath("boot", kernel, "--cpus", "2", "--break", "ap_main", "--stops", "1", "--json").stdout,
  );
  expect(stop).toMatchObject({ event: "stopped", processor: "CPU 1" });
});

test("--json prints the stops as objects, one a line", () => {
  const { status, stdout } = clockpath("boot", "--break", "tc_init", "--stops", "4", "--json");
  const events = objects(stdout);
  const stops = events.filter(({ event }) => event === "stopped");
  expect(stops.map(({ frames }) => frames[0].args[0].value.replace(/^0x[0-9a-f]+ /, ""))).toEqual([
    "<i8254_timecounter>",
    "<lapic_timecounter>",
    "<intr_timecounter>",
    "<tsc_timecounter>",
  ]);
  for (const stop of stops) {
    expect(stop).toMatchObject({ event: "stopped", reason: "breakpoint" });
    for (const key of ["instructions", "timeNs", "tsc"]) expect(stop[key]).toBeTypeOf("number");
    expect(stop.lapic.registers.version.value).toBe("0x50014");
    expect(stop.stateHash).toMatch(/^[0-9a-f]{16,64}$/);
    expect(stop.frames.at(-1)).toMatchObject({ function: "main", inlined: false, args: [] });
    for (const frame of stop.frames) expect(frame.address).toMatch(/^0xffffffff[0-9a-f]{8}$/);
  }
  expect(
    stops[0].frames.map((frame: { function: string; inlined: boolean }) => [frame.function, frame.inlined]),
  ).toEqual([
    ["tc_init", false],
    ["startrtclock", false],
    ["cpu_configure", false],
    ["configure", true],
    ["main", false],
  ]);
  const text = events
    .filter(({ event }) => event === "console")
    .map((event) => event.text)
    .join("");
  expect(text).toContain('Timecounter "i8254" frequency 1193182 Hz quality 100');
  expect(events.at(-1)).toMatchObject({ event: "exited", reason: "stops", stops: 4 });
  expect(status).toBe(0);
});

test("the same run twice is the same to the byte, state hashes included", () => {
  const args = ["boot", "--break", "tc_init", "--break", "lapic_calibrate_timer", "--stops", "6", "--json"];
  expect(clockpath(...args).stdout).toBe(clockpath(...args).stdout);
});

test("--until-console ends when the text has come", () => {
  const { status, stdout } = clockpath("boot", "--until-console", "lapic0: calibrated", "--json");
  expect(objects(stdout).at(-1)).toMatchObject({ event: "exited", reason: "console" });
  expect(status).toBe(0);
});

test("--until-console ends behind the very instruction that prints the last byte", () => {
  const text = "lapic0: calibrated";
  const end = objects(clockpath("boot", "--until-console", text, "--json").stdout).at(-1);
  const printed = (instructions: number) =>
    objects(clockpath("boot", "--max-instructions", String(instructions), "--json").stdout)
      .filter(({ event }) => event === "console")
      .map((event) => event.text)
      .join("");
  expect(printed(end.instructions - 1).endsWith(text.slice(0, -1))).toBe(true);
  expect(printed(end.instructions).endsWith(text)).toBe(true);
});

test("--input that is no WHEN=TEXT is told", () => {
  const { status, stderr } = clockpath("boot", "--input", "halt");
  expect(stderr).toContain('Input "halt" is not WHEN=TEXT');
  expect(status).toBe(1);
});

test("a breakpoint that is not reached within the limit is told, status 1", () => {
  const { status, stdout } = clockpath(
    "boot",
    "--break",
    "tc_init",
    "--stops",
    "99",
    "--max-instructions",
    "1M",
    "--json",
  );
  expect(objects(stdout).at(-1)).toMatchObject({
    event: "exited",
    reason: "limit",
    message: "1000000 instructions have retired; only 4 of 99 stops at tc_init",
  });
  expect(status).toBe(1);
});

test("breakpoints by line and by address", () => {
  const byLine = objects(clockpath("boot", "--break", "kern_tc.c:86", "--stops", "1", "--json").stdout);
  const { address, line } = byLine.find(({ event }) => event === "stopped").frames[0];
  expect(line).toBe(86);
  const byAddress = objects(clockpath("boot", "--break", `*${address}`, "--stops", "1", "--json").stdout);
  expect(byAddress.find(({ event }) => event === "stopped").frames[0].address).toBe(address);
});

test("the guest does not notice how much time an instruction takes, but its clocks do", () => {
  const stop = (ns: string) =>
    objects(
      clockpath("boot", "--break", "tc_init", "--stops", "2", "--ns-per-instruction", ns, "--json").stdout,
    )
      .filter(({ event }) => event === "stopped")
      .at(-1);
  expect(stop("10").instructions).toBeGreaterThan(stop("100").instructions);
});

test("machine switches: without an i8254 the summary says so", () => {
  const { stdout } = clockpath(
    "boot",
    "--machine",
    "pit=off",
    "--max-instructions",
    "100k",
    "--break",
    "main",
    "--stops",
    "1",
  );
  expect(stdout).toContain("absent (pit=off)");
});
