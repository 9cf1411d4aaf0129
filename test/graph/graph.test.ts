// The call graph over small trees of our own: text in, edges and paths as text out.
import { expect, test } from "vitest";
import type { Edge } from "../../server/graph/api.ts";
import { leftOutClocks } from "../../server/graph/left-out.ts";
import type { KernelConfiguration } from "../../server/kernel/api.ts";
import { inlineTree } from "../kernel/trees.ts";
import { graphOf } from "./toy.ts";

const scoped = ({ name, scope }: Edge["caller"]) => (scope === undefined ? name : `${name}@${scope}`);

/** "caller -> callee kind file:line (evidence)" */
function edgeLines(edges: Iterable<Edge>): string[] {
  return [...edges].map(({ caller, callee, kind, file, line, through, registered, macro, order }) => {
    const notes = [
      through,
      registered && `${registered.file}:${registered.line}`,
      macro && `${macro.name} ${macro.file}:${macro.line}`,
      order,
    ];
    const shown = notes.filter((note) => note !== undefined).join("; ");
    return `${scoped(caller)} -> ${scoped(callee)} ${kind} ${file}:${line}${shown === "" ? "" : ` (${shown})`}`;
  });
}

test("direct calls, statics of each file, old-style heads, attributes and macros", () => {
  const graph = graphOf(`
  --- sys/a.c
  #include <sys/macros.h>
  static int helper(void);
  int
  old(a, f)
  	int a;
  	char *f;
  {
  	return helper() + a;
  }
  static int helper(void) { LOG("x"); return sizeof(helper()); }
  --- sys/b.c
  #include <sys/macros.h>
  static inline int helper(void) { return 1; }
  int start(void) { int (*f)(void) = helper; (void)f; return helper() ? old(1, 0) : (stop)("no"), 0; }
  __strong_alias(begin, start)
  int again(void) { return begin(); }
  --- sys/sys/macros.h
  #define __dead
  __dead void stop(const char *) __attribute__((__noreturn__));
  #define	__strong_alias(alias,sym) __asm(".global " #alias "\\n" #alias " = " #sym);
  #define	LOG(x) do { \\
  	printf(x); \\
  } while (0)
  `);
  expect(edgeLines(graph.edges())).toMatchInlineSnapshot(`
    [
      "old -> helper@sys/a.c direct sys/a.c:8",
      "helper@sys/a.c -> printf macro sys/a.c:10 (LOG sys/sys/macros.h:4)",
      "start -> helper@sys/b.c direct sys/b.c:3",
      "start -> old direct sys/b.c:3",
      "start -> stop direct sys/b.c:3",
      "again -> begin direct sys/b.c:5",
      "begin -> start alias sys/b.c:4",
    ]
  `);
});

test("#if under the configuration decides, and what it leaves out is named by line", () => {
  const graph = graphOf(
    `
  --- sys/a.c
  #include "opt_ddb.h"
  #if defined(DDB) && NCOM > 1
  void in(void) { one(); }
  #elif __GNUC__ >= 4
  void in(void) { two(); }
  #else
  void in(void) { three(); }
  #endif
  #ifdef XEN
  int xen;
  #endif
  `,
    { "opt_ddb.h": "#define DDB 1\n#define NCOM 2\n" },
  );
  expect(edgeLines(graph.edges())).toEqual(["in -> one direct sys/a.c:3"]);
  expect(graph.inactive("sys/a.c")).toMatchInlineSnapshot(`
    [
      {
        "first": 5,
        "last": 5,
      },
      {
        "first": 7,
        "last": 7,
      },
      {
        "first": 10,
        "last": 10,
      },
    ]
  `);
  expect(graph.inactive("sys/none.c")).toBeUndefined();
});

test("calls through fields, variables, arguments that the callee keeps, unions and tables", () => {
  const graph = graphOf(`
  --- sys/a.c
  struct timecounter { unsigned (*tc_get)(struct timecounter *); unsigned mask; const char *name; };
  struct hook { void (*fn)(void *); void *arg; };
  static unsigned get_a(struct timecounter *tc) { return 1; }
  static unsigned get_b(struct timecounter *tc) { return 2; }
  static struct timecounter a = { .tc_get = get_a, .name = "a" };
  static struct timecounter b = { get_b, ~0u, "b" };
  void (*clock_func)(void);
  static void lapic(void) { }
  static void later(void *arg) { }
  static struct hook *hooks;
  void keep(struct hook *h, void (*fn)(void *), void *arg) { h->fn = fn; h->arg = arg; }
  void setup(void) { clock_func = lapic; keep(hooks, later, &later); }
  void run(struct timecounter *tc) {
  	tc->tc_get(tc);
  	(*clock_func)();
  	(*hooks->fn)(hooks->arg);
  }
  `);
  expect(edgeLines(graph.callees("run"))).toMatchInlineSnapshot(`
    [
      "run -> get_a@sys/a.c pointer sys/a.c:14 (tc->tc_get; sys/a.c:5)",
      "run -> get_b@sys/a.c pointer sys/a.c:14 (tc->tc_get; sys/a.c:6)",
      "run -> lapic@sys/a.c pointer sys/a.c:15 ((*clock_func); sys/a.c:12)",
      "run -> later@sys/a.c pointer sys/a.c:16 ((*hooks->fn); sys/a.c:12)",
    ]
  `);
  expect(edgeLines(graph.callers("get_a"))).toHaveLength(1);
});

test("SYSINIT: from who walks the linker set, with subsystem and order; shortest paths", () => {
  const graph = graphOf(
    `
  --- sys/a.c
  #include <sys/kernel.h>
  static void clocks(void *p) { cpu_initclocks(); }
  SYSINIT(clocks, SI_SUB_CLOCKS, SI_ORDER_FIRST, clocks, 0)
  --- sys/b.c
  #include <sys/kernel.h>
  void cpu_initclocks(void) { tc_init(&x); }
  void mi_startup(void) { extern struct sysinit *__start_set_sysinit_set[]; struct sysinit **sipp = __start_set_sysinit_set; (*((*sipp)->func))((*sipp)->udata); }
  --- sys/sys/kernel.h
  #ifndef _K
  #define _K
  enum sysinit_sub_id { SI_SUB_DUMMY = 0, SI_SUB_CLOCKS = 0x4800000 };
  enum sysinit_elem_order { SI_ORDER_FIRST = 0 };
  struct sysinit { enum sysinit_sub_id subsystem; enum sysinit_elem_order order; void (*func)(void *); void *udata; };
  #define SYSINIT(u, s, o, f, i) static struct sysinit u ## _sys_init = { s, o, f, i }; \\
  	static void const * const __set_sysinit_set_sym_ ## u __attribute__((__section__("set_" "sysinit_set"))) = &(u ## _sys_init);
  #endif
  `,
    {},
    "freebsd",
  );
  expect(graph.paths("mi_startup", "tc_init").map((path) => edgeLines(path))).toMatchInlineSnapshot(`
    [
      [
        "mi_startup -> clocks@sys/a.c set sys/b.c:3 ((*((*sipp)->func)); sys/a.c:3; sysinit_set SI_SUB_CLOCKS SI_ORDER_FIRST)",
        "clocks@sys/a.c -> cpu_initclocks direct sys/a.c:2",
        "cpu_initclocks -> tc_init direct sys/b.c:2",
      ],
    ]
  `);
  expect(graph.paths("tc_init", "mi_startup")).toEqual([]);
});

test("timecounters: fields, where the frequency comes from, who registers, the path from main", () => {
  const graph = graphOf(`
  --- sys/clock.c
  #define TIMER_FREQ 1193182
  struct timecounter { unsigned (*tc_get_timecount)(struct timecounter *); unsigned tc_counter_mask; unsigned long tc_frequency; const char *tc_name; int tc_quality; };
  static unsigned i8254_get(struct timecounter *tc) { return 0; }
  static struct timecounter i8254_timecounter = { .tc_get_timecount = i8254_get, .tc_counter_mask = ~0u, .tc_frequency = TIMER_FREQ, .tc_name = "i8254", .tc_quality = 100 };
  struct timecounter unused = { .tc_name = "unused", .tc_quality = -5 };
  void startrtclock(void) { i8254_timecounter.tc_frequency = rtc_freq * 2; tc_init(&i8254_timecounter); }
  int main(void) { startrtclock(); }
  `);
  expect(
    graph.clockSources().map(({ registrations, ...source }) => ({
      ...source,
      by: registrations.map(({ function: name, path }) => `${name}: ${edgeLines(path ?? []).join(", ")}`),
    })),
  ).toMatchInlineSnapshot(`
    [
      {
        "by": [
          "startrtclock: main -> startrtclock direct sys/clock.c:7",
        ],
        "configured": true,
        "frequency": [
          {
            "file": "sys/clock.c",
            "line": 4,
            "value": "1193182",
          },
          {
            "file": "sys/clock.c",
            "function": "startrtclock",
            "line": 6,
            "value": "rtc_freq * 2",
          },
        ],
        "get": "i8254_get",
        "later": [],
        "mask": "~0u",
        "name": "i8254",
        "place": {
          "file": "sys/clock.c",
          "line": 4,
        },
        "quality": "100",
        "variable": "i8254_timecounter",
        "what": "timecounter",
      },
      {
        "by": [],
        "configured": true,
        "frequency": [],
        "later": [],
        "name": "unused",
        "place": {
          "file": "sys/clock.c",
          "line": 5,
        },
        "quality": "-5",
        "variable": "unused",
        "what": "timecounter",
      },
    ]
  `);
});

test("clocks of sources that are left out", () => {
  const { read } = inlineTree(`
  --- sys/hpet.c
  static void attach(struct softc *sc)
  {
  	sc->sc_tc.tc_name = "HPET";
  	sc->sc_tc.tc_get_timecount = hpet_get;
  	sc->sc_tc.tc_quality = 950;
  }
  --- sys/acpi.c
  static struct timecounter acpi_timecounter = { acpi_get, 0, 0xffffff, 3579545, "ACPI", 900 };
  `);
  const left = (file: string) => ({ file, kind: "source" as const, condition: "", reason: [] });
  const found = leftOutClocks(
    {
      excluded: [left("sys/hpet.c"), left("sys/acpi.c"), left("sys/none.c")],
    } as unknown as KernelConfiguration,
    read,
  );
  expect(
    found.map(({ what, variable, place, name, get, quality }) =>
      [what, variable, `${place.file}:${place.line}`, name, get, quality].join(" "),
    ),
  ).toEqual([
    "timecounter sc->sc_tc sys/hpet.c:3 HPET hpet_get 950",
    "timecounter acpi_timecounter sys/acpi.c:1 ACPI acpi_get 900",
  ]);
});

test("FreeBSD's methods: from the interface's inline function to what the drivers' tables name", () => {
  const graph = graphOf(
    `
  --- sys/kern/device_if.m
  INTERFACE device;
  # Attach a device.
  METHOD int attach { device_t dev; };
  METHOD int probe { device_t dev; };
  METHOD int quiesce { device_t dev; } DEFAULT null_quiesce;
  --- sys/a.c
  typedef struct device *device_t;
  typedef int (*kobjop_t)(void);
  struct kobjop_desc { int id; };
  struct kobj_method { struct kobjop_desc *desc; kobjop_t func; };
  #define KOBJMETHOD(NAME, FUNC) { &NAME##_desc, (kobjop_t) (1 ? FUNC : (NAME##_t *)0) }
  #include "device_if.h"
  static int hpet_attach(device_t dev) { return 0; }
  static int hpet_probe(device_t dev) { return 0; }
  static struct kobj_method methods[] = { KOBJMETHOD(device_attach, hpet_attach), KOBJMETHOD(device_probe, hpet_probe), { 0, 0 } };
  int device_attach(device_t dev) { return DEVICE_ATTACH(dev); }
  int null_quiesce(device_t dev) { return 0; }
  int device_quiesce(device_t dev) { return DEVICE_QUIESCE(dev); }
  `,
    {},
    "freebsd",
  );
  expect(graph.paths("device_attach", "hpet_attach").map((path) => edgeLines(path))).toMatchInlineSnapshot(`
    [
      [
        "device_attach -> DEVICE_ATTACH@<device_if.h> direct sys/a.c:10",
        "DEVICE_ATTACH@<device_if.h> -> hpet_attach@sys/a.c pointer <device_if.h>:7 (__kobj_methods[device_attach_desc]; sys/a.c:9)",
      ],
    ]
  `);
  expect(graph.paths("device_attach", "hpet_probe")).toEqual([]);
  expect(graph.callees("DEVICE_QUIESCE").map(({ callee }) => callee.name)).toEqual([
    "kobj_lookup_method",
    "null_quiesce",
  ]);
  expect(graph.callees("DEVICE_PROBE").map(({ callee }) => callee.name)).toEqual([
    "kobj_lookup_method",
    "kobj_error_method",
    "hpet_probe",
  ]);
});

test("what FreeBSD's fork_trampoline hands on: a thread's function is called by fork_exit", () => {
  const graph = graphOf(
    `
  --- sys/vm.c
  struct thread;
  void cpu_fork_kthread_handler(struct thread *td, void (*func)(void *), void *arg) { save(func); }
  void fork_exit(void (*callout)(void *, void *), void *arg) { callout(arg, 0); }
  static void ithread_loop(void *arg) { }
  void start(struct thread *td) { cpu_fork_kthread_handler(td, ithread_loop, 0); }
  `,
    {},
    "freebsd",
  );
  expect(edgeLines(graph.callees("fork_exit"))).toEqual([
    "fork_exit -> ithread_loop@sys/vm.c pointer sys/vm.c:3 (callout; sys/vm.c:5)",
  ]);
});

test.each([
  ["unclosed", "int f(void) { if (a(( {"],
  ["garbage", "}}} ) ] #if\n#elif 1 / 0\n#else\n#define f(\n f(x, ## __VA_ARGS__ int main(void) { g(); }"],
  ["self-including", '#include "a.c"\nint f(void) { g(); }'],
  ["self-expanding", "#define f(x) f(f(x)) f\n#define g g(g\nint h(void) { f(f(f(1))) g(2); }"],
])("ends on every text: %s", (_name, text) => {
  expect(() => graphOf(`\n  --- sys/a.c\n${text}\n`)).not.toThrow();
});
