// Where the frequencies of clocks come from, followed back through variables, fields, results and what calls fill; and how a terminal shows it.
import { expect, test } from "vitest";
import { clocksText } from "../../server/clocks-text.ts";
import { graphOf } from "./toy.ts";

const TREE = `
  --- sys/clock.c
  #define QUALITY 100
  struct timecounter { unsigned (*tc_get_timecount)(struct timecounter *); unsigned long tc_frequency; const char *tc_name; int tc_quality; };
  struct cpu { struct { unsigned long cc_freq; } data; struct cpu *next; };
  static struct cpu first;
  static unsigned long tsc_freq, tsc_shift = 4;
  void cpuid(unsigned leaf, unsigned *regs);
  unsigned long rdtsc(void);
  static unsigned get_tsc(struct timecounter *tc) { return rdtsc(); }
  static struct timecounter tsc = { get_tsc, 0, "TSC", 1000 };
  static struct timecounter none = { .tc_name = "none", .tc_frequency = 1000000, .tc_quality = -QUALITY };
  static unsigned long tsc_freq_cpuid(void)
  {
    unsigned regs[4], khz = 0;
    x86_cpuid(0x15, regs);
    khz = regs[2] / 1000;
    if (khz == 0) return 0;
    return khz * 1000;
  }
  static unsigned long calibrate(void)
  {
    unsigned long freq, t0 = rdtsc();
    delay(1000);
    freq = rdtsc() - t0;
    freq *= 1000;
    return freq;
  }
  static void other(void) { unsigned long freq = 7; use(freq); }
  static void find(struct cpu *ci)
  {
    ci->data.cc_freq = tsc_freq_cpuid();
    if (ci->data.cc_freq == 0) ci->data.cc_freq = calibrate();
    tsc_freq = ci->data.cc_freq;
  }
  void tsc_tc_init(void) { find(&first); tsc.tc_frequency = tsc_freq >> tsc_shift; tc_init(&tsc); }
  int main(void) { tsc_tc_init(); }
`;

test("a frequency is followed to constants and to what reads the hardware", () => {
  const [source] = graphOf(TREE).clockSources();
  const [assigned] = source!.frequency.filter(({ function: by }) => by !== undefined);
  const leaves: string[] = [];
  const walk = (one: typeof assigned, depth: number): void => {
    leaves.push(
      `${" ".repeat(depth)}${one!.target ?? "frequency"}: ${one!.value}${one!.reads === undefined ? "" : ` (${one!.reads})`}`,
    );
    for (const next of one!.from ?? []) walk(next, depth + 1);
  };
  walk(assigned, 0);
  expect(leaves).toMatchInlineSnapshot(`
    [
      "frequency: tsc_freq >> tsc_shift",
      " tsc_freq: ci->data.cc_freq",
      "  cc_freq: tsc_freq_cpuid()",
      "   tsc_freq_cpuid(): khz * 1000",
      "    khz: regs[2] / 1000",
      "     regs: x86_cpuid(0x15, regs) (x86_cpuid)",
      "  cc_freq: calibrate()",
      "   calibrate(): freq",
      "    freq: rdtsc() - t0 (rdtsc)",
      "     t0: rdtsc() (rdtsc)",
      "    freq: *=1000",
      " tsc_shift: 4",
    ]
  `);
});

test("a terminal shows a table, then each clock", () => {
  const graph = graphOf(TREE);
  const out = {
    what: "timecounter" as const, variable: "sc->tc", place: { file: "sys/dev/x.c", line: 3 }, name: "device_xname(dev)", quality: "900",
    later: [], frequency: [], configured: false, registrations: [],
  }; // biome-ignore format: a record
  expect(`\n${[...clocksText([...graph.clockSources(), out], graph)].join("\n")}\n`).toMatchInlineSnapshot(`
    "
      name    quality  what         reads or starts by  registered by
      "TSC"      1000  timecounter  get_tsc             tsc_tc_init
      "none"     -100  timecounter  ?                   nothing

    timecounter "TSC" = tsc sys/clock.c:9
      frequency   0  sys/clock.c:9
      frequency   tsc_freq >> tsc_shift  in tsc_tc_init sys/clock.c:34
                  <- tsc_freq = ci->data.cc_freq  in find sys/clock.c:32
                     <- cc_freq = tsc_freq_cpuid()  in find sys/clock.c:30
                        <- tsc_freq_cpuid() returns khz * 1000  in tsc_freq_cpuid sys/clock.c:17
                           <- khz = regs[2] / 1000  in tsc_freq_cpuid sys/clock.c:15
                              <- regs = x86_cpuid(0x15, regs)  in tsc_freq_cpuid sys/clock.c:14  [reads x86_cpuid]
                     <- cc_freq = calibrate()  in find sys/clock.c:31
                        <- calibrate() returns freq  in calibrate sys/clock.c:25
                           <- freq = rdtsc() - t0  in calibrate sys/clock.c:23  [reads rdtsc]
                              <- t0 = rdtsc()  in calibrate sys/clock.c:21  [reads rdtsc]
                           <- freq *= 1000  in calibrate sys/clock.c:24
                  <- tsc_shift = 4  sys/clock.c:5
      registered  by tsc_tc_init sys/clock.c:34
        main sys/clock.c:35
          -> tsc_tc_init sys/clock.c:35

    timecounter "none" = none sys/clock.c:10
      frequency   1000000  sys/clock.c:10
      registered  by nothing in this configuration

    not in this configuration (clockpath config TREE CONFIG why FILE says why):
      name                        quality  what         where
      sc->tc (device_xname(dev))      900  timecounter  sys/dev/x.c:3
    "
  `);
});

test("what feeds itself ends", () => {
  const graph = graphOf(`
  --- sys/a.c
  struct timecounter { unsigned long tc_frequency; const char *tc_name; };
  static unsigned long a_freq, b_freq;
  static unsigned long get_freq(void) { a_freq = b_freq; b_freq = a_freq + get_freq(); return a_freq; }
  static struct timecounter t = { .tc_name = "t" };
  int main(void) { t.tc_frequency = get_freq(); tc_init(&t); }
  `);
  expect(JSON.stringify(graph.clockSources()[0]!.frequency).length).toBeLessThan(2000);
});
