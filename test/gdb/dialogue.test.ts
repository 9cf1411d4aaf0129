// Golden dialogues: stock gdb drives the embedded machine through the stub. On the bundled guest, and on a real kernel
// where CLOCKPATH_NETBSD_KERNEL names one. Rewrite the goldens with `npx vitest run test/gdb -u`.

import path from "node:path";
import { describe, expect, test } from "vitest";
import { dialogue, gdbVersion, root } from "./run.ts";

const golden = (name: string) => path.join(__dirname, "golden", name);
const guest = path.join(root, "emulator/guest/guest.elf");
const skipped = gdbVersion ? "" : " (skipped: no gdb on this machine)";

const INTERRUPT =
  "python import threading, os, signal; threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()";

describe.skipIf(!gdbVersion)(`stock gdb on the bundled guest${skipped}`, () => {
  test("break, continue, backtrace, step, finish, registers, monitor", async () => {
    const { text, served } = await dialogue(guest, [
      "info threads",
      "p $rip",
      "p $cr0",
      "b tc_init",
      "c",
      "bt 10",
      "p *tc",
      "info args",
      "stepi",
      "nexti",
      "next",
      "finish",
      "p $cr0",
      "p $efer",
      "p $xmm0",
      "info registers rip cs eflags fs_base",
      "p $rax = 0x1234",
      "p/x $rax",
      "p $st0",
      "set var tsc_freq = 5",
      "p tsc_freq",
      "hbreak lapic_calibrate_timer",
      "c",
      "x/2i $pc",
      "kill",
    ]);
    await expect(text).toMatchFileSnapshot(golden("guest.txt"));
    const { status, output } = await served.ended;
    expect(output).toContain("gdb switched the machine off");
    expect(status).toBe(0);
  });

  test("several processors are threads: each has its stack, one steps, a stop says whose it is", async () => {
    const kernel = path.join(root, "test/machine/smp/smp.elf");
    const commands = [
      "info threads",
      "hbreak ap_main",
      "continue",
      "info threads",
      "thread 1",
      "p $_thread",
      "thread 2",
      "stepi",
      "next",
      "info threads",
      "delete",
      "watch shared",
      "continue",
      "continue",
      "thread apply all bt 1",
      "kill",
    ];
    const { text, served } = await dialogue(kernel, commands, kernel, "--cpus", "3");
    await expect(text).toMatchFileSnapshot(golden("threads.txt"));
    await served.ended;
  });

  test("scheduler locking: what is not to run stands, whatever the others do", async () => {
    const kernel = path.join(root, "test/machine/smp/smp.elf");
    const places = (name: string) => [
      ...["thread 1", `set $${name}1 = $pc`, "thread 3", `set $${name}3 = $pc`, "thread 2"],
    ];
    const commands = [
      "hbreak ap_main",
      "continue",
      "delete",
      "set scheduler-locking on",
      ...places("before"),
      "next",
      "next",
      ...places("after"),
      "p $before1 == $after1 && $before3 == $after3",
      "set scheduler-locking step",
      "stepi",
      ...places("stepped"),
      "p $after1 == $stepped1 && $after3 == $stepped3",
      "set scheduler-locking off",
      "next",
      "thread 1",
      "set scheduler-locking on",
      "hbreak do_work",
      // The boot processor alone waits for the others, which stand.
      "python import threading, os, signal; threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()",
      "continue",
      "info threads",
      "set scheduler-locking off",
      "continue",
      "kill",
    ];
    const { text, served } = await dialogue(kernel, commands, kernel, "--cpus", "3");
    await expect(text).toMatchFileSnapshot(golden("scheduler.txt"));
    await served.ended;
  });

  test("find, memory of its own in bulk, and what a stub must leave unanswered", async () => {
    const { text, served } = await dialogue(guest, [
      "tbreak main",
      "c",
      "find &i8254_timecounter, +64, &i8254_get_timecount",
      "p $_ == (void *) &i8254_timecounter",
      "find /b tc_init, +4096, 0x11, 0x22, 0x33, 0x44, 0x55",
      "find /h 0x123456789000, +16, 5",
      'set var {char [16]} $sp = "a#b$c}d*e"',
      "x/s $sp",
      "maintenance packet vMustReplyEmpty",
      "maintenance packet qSearch:memory:zz",
      "kill",
    ]);
    await expect(text).toMatchFileSnapshot(golden("search.txt"));
    await served.ended;
  });

  test("monitor tells what the clock hardware says", async () => {
    const commands = [
      "b tsc_tc_init",
      "c",
      "monitor info tsc",
      "monitor counters",
      "monitor nonsense",
      "kill",
    ];
    const { text, served } = await dialogue(guest, commands);
    expect(text).toMatch(/^TSC: 1000\.000 MHz.*\n(?: .*\n)+/m);
    expect(text).toMatch(/instructions \d+\ntime \d+ ns\nstate [0-9a-f]+/);
    expect(text).toContain('No monitor command "nonsense". There are:');
    expect(text).toMatch(/info lapic \[REGISTER\] +Local APIC: registers, decoded/);
    await served.ended;
  });

  test("hardware watchpoints: write, read, and the condition is gdb's", async () => {
    const { text, served } = await dialogue(guest, [
      "tbreak cpu_configure",
      "c",
      "watch timecounters",
      "c",
      "c",
      "delete",
      "rwatch timecounters",
      "c",
      "bt 2",
      "delete",
      "awatch timecounters",
      "c",
      "info breakpoints",
      "kill",
    ]);
    await expect(text).toMatchFileSnapshot(golden("watch.txt"));
    await served.ended;
  });

  test("Ctrl-C, detach, and the guest runs on", async () => {
    const { text, served } = await dialogue(guest, [
      "tbreak main",
      "c",
      INTERRUPT,
      "c",
      "p $_siginfo",
      "detach",
    ]);
    expect(text).toContain("Program received signal SIGINT, Interrupt.");
    expect(text).toContain("[Inferior 1 (Remote target) detached]");
    await served.printed("gdb has detached: the guest runs on.");
    served.interrupt();
    expect((await served.ended).status).toBe(0);
  });

  test("memory that is not mapped is gdb's own error", async () => {
    const { text, served } = await dialogue(guest, ["tbreak main", "c", "x/2gx 0x123456789000"]);
    expect(text).toContain("Cannot access memory at address 0x…");
    served.interrupt();
    await served.ended;
  });
});
