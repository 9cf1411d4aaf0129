// Definitions in C as kernels write it. Every case is a shape that stands in the BSD trees; the text is ours.
import { describe, expect, it } from "vitest";
import { definitions } from "./render.ts";

describe("functions", () => {
  it("finds plain ones, with their extent", () => {
    expect(
      definitions(`
static void
clock_attach(device_t self, void *aux)
{
	if (aux) {
		stop();
	}
}
u_int clock_read(void) { return 0; }
`),
    ).toEqual(["function clock_attach 3-8 static", "function clock_read 9"]);
  });

  it("takes no word of C++ or of an assembler for C", () => {
    expect(definitions("class File;\nclass Loader : public File {\npublic: int z;\n};\nint y;")).toEqual([
      "variable y 5",
    ]);
    expect(definitions("template <class A,\n\tclass B = C>\nclass D;\nint y;")).toEqual(["variable y 4"]);
    expect(definitions("SIZE\tequ\t192\nLV equ -SIZE\nA\tEQU LV+8,B equ 4\n")).toEqual([]);
    expect(definitions("\t.equ\tbadErr,\t-69\n\t.rept 4\ni = i + 1\n\t.endr\n")).toEqual([]);
    expect(definitions("#ifdef _LOCORE\n\t.equ a, 4\n#else\nint b;\n#endif\nint c;")).toEqual([
      "variable b 4",
      "variable c 6",
    ]);
    expect(definitions("static class\nclassify(int *key) {\n}\n")).toEqual(["function classify 2-3 static"]);
    expect(definitions("struct class { int class; };\nint equ;")).toContain("variable equ 2");
  });

  it("finds old-style parameters", () => {
    expect(
      definitions(
        "int\nopen_dev(dev, flag, p)\n\tdev_t dev;\n\tint flag;\n\tstruct proc *p;\n{\n}\nint after;",
      ),
    ).toEqual(["function open_dev 2-7", "variable after 8"]);
    expect(definitions("main(argc, argv)\nchar **argv;\n{\n}\n")).toEqual(["function main 1-4"]);
    expect(definitions("f(g, n) int (*g)(); int n; { return 0; }")).toEqual(["function f 1"]);
  });

  it("finds old-style parameters with a conditional among them", () => {
    expect(
      definitions("static int\nfrag(a, b\n#ifdef M\n, c\n#endif\n)\nint a;\nint b;\n{\n}\nint z;"),
    ).toEqual(["function frag 2-10 static", "variable z 11"]);
  });

  it("is not misled by attributes around the name", () => {
    expect(
      definitions(`
static void __printflike(1, 2)
say(const char *fmt, ...)
{
}
int __noinline hold(void) __attribute__((noreturn));
void __dead stop(int code) __unused;
COMPILER_ABI unsigned
__udiv(unsigned a, unsigned b)
{
	return a / b;
}
static int snap(char *p, int n) __must_check;
`),
    ).toEqual([
      "function say 3-5 static",
      "declare function hold 6",
      "declare function stop 7",
      "function __udiv 9-12",
      "declare function snap 13 static",
    ]);
  });

  it("takes the first argument of a macro that writes the whole head", () => {
    expect(definitions(`SYSCTL_SETUP(sysctl_tc_setup, "timecounters")\n{\n\treturn;\n}\n`)).toEqual([
      "function sysctl_tc_setup 1-4",
    ]);
  });

  it("takes the last word with parentheses after macros that need no semicolon", () => {
    expect(
      definitions(`
MODULE_NAME("clock")

union object *
evaluate(struct handle *h)
{
	return h->o;
}
EXPORT_SYMBOL (evaluate)

check_args(sys_open)

struct sys_open_args {
	int flags;
};
check_args(sys_close)

struct sys_close_args;
`),
    ).toEqual([
      "function evaluate 5-8",
      "struct sys_open_args 13-15",
      "member flags 14 in sys_open_args",
      "declare struct sys_close_args 18",
    ]);
  });

  it("finds functions that return pointers to functions", () => {
    expect(definitions("void (*signal(int n, void (*f)(int)))(int)\n{\n\treturn f;\n}\n")).toEqual([
      "function signal 1-4",
    ]);
  });
});

describe("conditional text", () => {
  it("finds the heads of both branches of one body", () => {
    expect(
      definitions("#ifdef A\nint f(int a)\n#else\nint g(int a, int b)\n#endif\n{\n\treturn 1;\n}\nint h;"),
    ).toEqual(["function f 2-8", "function g 4-8", "variable h 9"]);
  });

  it("keeps its place when branches leave braces open", () => {
    expect(
      definitions(`
int f(int a)
{
#ifdef A
	if (a) {
#else
	if (!a) {
#endif
		go();
	}
}
int g(void)
{
#ifdef A
	while (1) {
#endif
	go();
}

int after(void)
{
}
`),
    ).toEqual(["function f 2-11", "function g 12-18", "function after 20-22"]);
  });

  it("reads on after a brace that a macro hides", () => {
    expect(
      definitions(`
static int
first(void)
{
	LOOP_BEGIN(x) {
		go();
}

static int
second(void)
{
	return 1;
}
`),
    ).toEqual(["function first 3-8 static", "function second 10-13 static"]);
  });

  it("takes nothing under #if 0 for a definition", () => {
    expect(
      definitions("#if 0\nint f(void) {\n#ifdef X\n#else\n#endif\n#else\nint g(void) {\n#endif\n}\n"),
    ).toEqual(["function g 7-9"]);
  });
});

describe("types and variables", () => {
  it("finds tags, members, enumerators and typedefs", () => {
    expect(
      definitions(`
typedef struct timecounter {
	u_int	(*tc_get_timecount)(struct timecounter *);
	const char *tc_name;
	unsigned a:3, b:5;
	TAILQ_ENTRY(timecounter) tc_link;
	union { int x; long y; } u;
	int tab[4] __aligned(8);
} timecounter_t;
enum mode { ONE = 1, TWO = FLAG(3), THREE };
typedef int (*handler_t)(void *), other_t;
typedef int (EFIAPI *EFI_CALL) (void *);
typedef int (paren_t)(int);
typedef TAILQ_HEAD(head, entry) head_t;
typedef _Atomic(int) atomic_t;
`),
    ).toEqual([
      "struct timecounter 2-9",
      "member tc_get_timecount 3 in timecounter",
      "member tc_name 4 in timecounter",
      "member a 5 in timecounter",
      "member b 5 in timecounter",
      "member tc_link 6 in timecounter",
      "member x 7 in timecounter",
      "member y 7 in timecounter",
      "member u 7 in timecounter",
      "member tab 8 in timecounter",
      "typedef timecounter_t 9",
      "enum mode 10",
      "enumerator ONE 10 in mode",
      "enumerator TWO 10 in mode",
      "enumerator THREE 10 in mode",
      "typedef handler_t 11",
      "typedef other_t 11",
      "typedef EFI_CALL 12",
      "typedef paren_t 13",
      "typedef head_t 14",
      "typedef atomic_t 15",
    ]);
  });

  it("finds variables, not declarations of them, with the extent of the initialiser", () => {
    expect(
      definitions(`
extern int hz;
int hz = 100;
static struct timecounter lapic_timecounter = {
	.tc_name = "lapic",
	.tc_quality = -100,
};
static LIST_HEAD(, timehands) list = LIST_HEAD_INITIALIZER(list);
vaddr_t base __read_mostly = BASE, top __unused;
int (*clock_func)(void) = start;
const struct row table[] = {
{	.a = 1,
},
{	.a = 2, },
};
extern struct cfdriver a_cd, b_cd;
struct forward;
int (**vnodeop_p)(void *);
`),
    ).toEqual([
      "declare variable hz 2",
      "variable hz 3",
      "variable lapic_timecounter 4-7 static",
      "variable list 8 static",
      "variable base 9",
      "variable top 9",
      "variable clock_func 10",
      "variable table 11-15",
      "declare variable a_cd 16",
      "declare variable b_cd 16",
      "declare struct forward 17",
      "variable vnodeop_p 18",
    ]);
  });

  it("finds enumerators behind directives", () => {
    expect(
      definitions(
        "enum e {\n\tA,\n#define F(n) (A + (n))\n\tB,\n#if V < (2) && defined(X)\n#define G\n\tC,\n#endif\n\tD\n};\n",
      ),
    ).toEqual([
      "enum e 1-10",
      "enumerator A 2 in e",
      "macro F 3",
      "enumerator B 4 in e",
      "macro G 6",
      "enumerator C 7 in e",
      "enumerator D 9 in e",
    ]);
  });

  it("finds types that are declared in a body", () => {
    expect(
      definitions(
        "int f(void)\n{\n\ttypedef struct {\n\t\tint speed;\n\t} speed_t;\n\ttypedef void (*fn_t)(int);\n\ttypedef struct s *sp, *sq;\n" +
          "\ttypedef void trap_t(void);\n\ttypedef unsigned word __attribute__((mode(word)));\n\tint n;\n}\n",
      ),
    ).toEqual([
      "function f 1-11",
      "member speed 4",
      "typedef speed_t 5",
      "typedef fn_t 6",
      "typedef sp 7",
      "typedef sq 7",
      "typedef trap_t 8",
      "typedef word 9",
    ]);
  });

  it("finds names in two pairs of parentheses, and in a macro's", () => {
    expect(definitions("static int ((*handlers[N])(void *)) = {\n\tf,\n};\n")).toEqual([
      "variable handlers 1-3 static",
    ]);
    expect(definitions("static const struct protosw COMPATNAME(route_sw)[] = {\n\t{ 0 },\n};\n")).toEqual([
      "variable route_sw 1-3 static",
    ]);
  });

  it("takes struct __packed name and struct in a body", () => {
    expect(
      definitions(
        "struct __packed blob {\n\tint a;\n};\nint f(void)\n{\n\tstruct local { int b; } l;\n\tenum { X, Y };\n}\n",
      ),
    ).toEqual([
      "struct blob 1-3",
      "member a 2 in blob",
      "function f 4-8",
      "struct local 6",
      "member b 6 in local",
      "enumerator X 7",
      "enumerator Y 7",
    ]);
  });

  it("sees through extern C and takes no macro call for a definition", () => {
    expect(
      definitions(
        `extern "C" {\nint f(void);\nint x;\n}\n__KERNEL_RCSID(0, "$Id$");\nMODULE(M, clock, NULL);\n`,
      ),
    ).toEqual(["declare function f 2", "variable x 3"]);
  });
});

describe("macros", () => {
  it("finds them with their extent, wherever they stand", () => {
    expect(
      definitions("#define A 1\nint f(void)\n{\n#define B(x) \\\n\tg(x); \\\n\th(x)\n\treturn B(A);\n}\n"),
    ).toEqual(["macro A 1", "function f 2-8", "macro B 4-6"]);
  });
});

describe("assembly", () => {
  it("finds entry macros and labels in the first column", () => {
    expect(
      definitions(
        "#define X 1\nENTRY(delay_func)\n\tcall\t_C_LABEL(tc_init)\n\tret\nlabel:\n1:\tjmp 1b\n",
        "a.S",
      ),
    ).toEqual(["macro X 1", "function delay_func 2-4", "function label 5-7"]);
  });
});

describe("any text", () => {
  it("never fails and never loses a well-formed function after it", () => {
    let seed = 99;
    const random = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >> 8) % n;
    };
    const words =
      `int struct enum x y ( ) { } [ ] ; , = * : typedef static #if\n#else\n#endif\n#define\x20 "s" if while 1 ->`.split(
        " ",
      );
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: random(60) }, () => words[random(words.length)]).join(" ");
      const found = definitions(`${text}\n#endif\n}\n\nint\nlast_one(void)\n{\n}\n`);
      expect(
        found.some((line) => line.startsWith("function last_one")),
        `round ${round}: ${text}`,
      ).toBe(true);
    }
  });
});
