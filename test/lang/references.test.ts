// How names are used: calls, assignments, addresses; and to which function or macro an occurrence belongs.
import { describe, expect, it } from "vitest";
import { calls, definitions, references } from "./render.ts";

describe("calls", () => {
  it("belong to the function, or to the macro whose text they stand in", () => {
    expect(
      calls(`
#define START(tc) do { \\
	tc_init(tc); \\
} while (0)
void
startrtclock(void)
{
#define ONE f()
	START(&i8254_timecounter);
	if (probe())
		tc->tc_get_timecount(tc);
}
`),
    ).toEqual([
      "3: call tc_init in START",
      "8: call f in ONE",
      "9: call START in startrtclock",
      "10: call probe in startrtclock",
      "11: call member tc_get_timecount in startrtclock",
    ]);
  });

  it("are not declarations, addresses, comments or strings", () => {
    expect(
      calls(`
void tc_init(struct timecounter *);
int f(void)
{
	extern int g(int);
	int h(void);
	void (*p)(struct timecounter *) = tc_init;
	/* tc_init(x) */ puts("tc_init(y)"); // tc_init(z)
	return other(tc_init);
}
`),
    ).toEqual(["8: call puts in f", "9: call other in f"]);
  });

  it("are found under #if 0, which defines nothing and whose braces end nothing", () => {
    const text = `
int f(void)
{
#if 0
	}
	tc_init(w);
	a = 1;
#else
	g();
#endif
	h();
}
#if 0
b = 2; c.d = 3;
#define M(x) i(x)
static int dead(void)
{
	j();
	if (k) {
#endif
struct s { int member; };
int l(void) { return m(); }
`;
    expect(references(text)).toEqual([
      "6: call tc_init in f",
      "6: use w in f",
      "7: write a in f",
      "9: call g in f",
      "11: call h in f",
      "14: write b",
      "14: use c",
      "14: write member d",
      "15: use M in M",
      "15: call i in M",
      "16: use dead in dead",
      "18: call j in dead",
      "19: use k in dead",
      "22: call m in l",
    ]);
    expect(definitions(text)).toEqual([
      "function f 2-12",
      "struct s 21",
      "member member 21 in s",
      "function l 22",
    ]);
  });

  it("follow keywords, casts and conditions", () => {
    expect(
      calls("int f(void)\n{\n\tif (a) g(1); else h(2);\n\t(void)i(3);\n\treturn j(4) + sizeof(k(5));\n}\n"),
    ).toEqual(["3: call g in f", "3: call h in f", "4: call i in f", "5: call j in f", "5: call k in f"]);
  });

  it("belong to the function that yacc or lex makes of the rules they stand in", () => {
    const text =
      "%{\nint f(void) { g(); }\n%}\n%token T\n%%\na: T { h($1.value); }\n | b\n;\n%%\nint main(void) { i(); }\n";
    expect(calls(text, "a.y")).toEqual(["2: call g in f", "6: call h in yyparse", "10: call i in main"]);
    expect(references(text, ["use"], "a.y")).toContain("6: use member value in yyparse");
    expect(calls('%%\n"x"\t{ return j(); }\n', "a.l")).toEqual(["2: call j in yylex"]);
  });

  it("are found in assembly", () => {
    expect(calls("ENTRY(start)\n\tcall\t_C_LABEL(main)\n\tbl\tcpu_reset\n\tmov\tx, y\n", "a.S")).toEqual([
      "1: call ENTRY",
      "2: call main in start",
      "3: call cpu_reset in start",
    ]);
  });

  it("are found in assembly's macros, behind operands with a # and before a machine's comments", () => {
    const text = `#define SAVE(r) PUSH(r); movl saved(r), r
ENTRY(start)
	addql	#1,_C_LABEL(intrcnt)+32 | add another(clock) interrupt
	MACRO(x); call cpu_reset # call it
level = 3
	lea	panic(%a0), %a1
`;
    expect(references(text, ["call", "write", "use"], "sys/arch/amiga/amiga/locore.S")).toEqual([
      "1: call PUSH in SAVE",
      "1: use movl in SAVE",
      "1: use saved in SAVE",
      "2: call ENTRY",
      "3: use addql in start",
      "3: use _C_LABEL in start",
      "3: use intrcnt in start",
      "4: call MACRO in start",
      "4: use x in start",
      "4: use call in start",
      "4: call cpu_reset in start",
      "5: write level in start",
      "6: use lea in start",
      "6: use panic in start",
      "6: use a0 in start",
      "6: use a1 in start",
    ]);
    // To other machines the bar is an operator.
    expect(references("\tmovl\t$A | B, %eax\n", ["use"], "sys/arch/amd64/amd64/a.S")).toContain("1: use B");
  });
});

describe("assignments and addresses", () => {
  it("tells them from uses", () => {
    expect(
      references(
        `int f(struct s *p)
{
	a = b;
	p->c += 1;
	d[i]++;
	++e;
	g = &h;
	k(&p->m, n & o, (int *)&q);
	(*r) = (s->t) |= 2;
	if (u) ++v;
	return a == b;
}
`,
        ["write", "address"],
      ),
    ).toEqual([
      "3: write a in f",
      "4: write member c in f",
      "5: write d in f",
      "6: write e in f",
      "7: write g in f",
      "7: address h in f",
      "8: address member m in f",
      "8: address q in f",
      "9: write r in f",
      "9: write member t in f",
      "10: write v in f",
    ]);
  });

  it("takes designated initialisers for writes of the field", () => {
    expect(
      references("struct t x = {\n\t.get = read_it,\n\tname: 0,\n\t[IDX] = 3,\n};\n", ["write", "use"]),
    ).toEqual(["1: use t", "2: write member get", "2: use read_it", "3: write member name", "4: use IDX"]);
  });
});

describe("a macro's arguments at file scope", () => {
  it("assign and take addresses like a function's statements", () => {
    expect(
      references("TRACE_EVENT(probe, &c,\n\tTP_fast_assign(\n\t\te->a = 1;\n\t\te->b = 2;\n\t));\n", [
        "write",
        "address",
      ]),
    ).toEqual(["1: address c", "3: write member a", "4: write member b"]);
  });
});

describe("directives", () => {
  it("gives the names in conditions and the targets of includes; parameters are no names", () => {
    expect(
      references(`#include <sys/timetc.h>\n#if defined(A) && B(1) > C\n#endif\n#define M(x) (x + D)\n`),
    ).toEqual(["1: include sys/timetc.h", "2: use A", "2: call B", "2: use C", "4: use D in M"]);
  });
});
