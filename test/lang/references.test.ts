// How names are used: calls, assignments, addresses; and to which function or macro an occurrence belongs.
import { describe, expect, it } from "vitest";
import { calls, references } from "./render.ts";

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

  it("are not declarations, addresses, comments, strings or text under #if 0", () => {
    expect(
      calls(`
void tc_init(struct timecounter *);
int f(void)
{
	extern int g(int);
	int h(void);
	void (*p)(struct timecounter *) = tc_init;
	/* tc_init(x) */ puts("tc_init(y)"); // tc_init(z)
#if 0
	tc_init(w);
#endif
	return other(tc_init);
}
`),
    ).toEqual(["8: call puts in f", "12: call other in f"]);
  });

  it("follow keywords, casts and conditions", () => {
    expect(
      calls("int f(void)\n{\n\tif (a) g(1); else h(2);\n\t(void)i(3);\n\treturn j(4) + sizeof(k(5));\n}\n"),
    ).toEqual(["3: call g in f", "3: call h in f", "4: call i in f", "5: call j in f", "5: call k in f"]);
  });

  it("are found in assembly", () => {
    expect(calls("ENTRY(start)\n\tcall\t_C_LABEL(main)\n\tbl\tcpu_reset\n\tmov\tx, y\n", "a.S")).toEqual([
      "1: call ENTRY",
      "2: call main in start",
      "3: call cpu_reset in start",
    ]);
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
    ]);
  });

  it("takes designated initialisers for writes of the field", () => {
    expect(
      references("struct t x = {\n\t.get = read_it,\n\tname: 0,\n\t[IDX] = 3,\n};\n", ["write", "use"]),
    ).toEqual(["1: use t", "2: write member get", "2: use read_it", "3: write member name", "4: use IDX"]);
  });
});

describe("directives", () => {
  it("gives the names in conditions and the targets of includes; parameters are no names", () => {
    expect(
      references(`#include <sys/timetc.h>\n#if defined(A) && B(1) > C\n#endif\n#define M(x) (x + D)\n`),
    ).toEqual(["1: include sys/timetc.h", "2: use A", "2: call B", "2: use C", "4: use D in M"]);
  });
});
