// A small kernel tree of our own for the language server's tests, as text: `//- path` begins a file. A test adds or replaces
// files the same way and marks the cursor with `$0`.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export const kernel = `
//- sys/kern/kern_tc.c
#include <sys/timetc.h>

static struct timecounter *timecounters;
struct timecounter *timecounter = &dummy_timecounter;

/*
 * Initialize a new timecounter and possibly use it.
 * Quality decides first, then frequency.
 */
void
tc_init(struct timecounter *tc)
{
	tc->tc_next = timecounters;
	timecounters = tc;
	if (tc->tc_quality < timecounter->tc_quality)
		return;
	tc_switch(tc);
}

static void
tc_switch(struct timecounter *tc)
{
	(void)tc->tc_get_timecount(tc);
	timecounter = tc;
}

//- sys/sys/timetc.h
#define	TC_QUALITY_NONE	(-1)

struct timecounter {
	u_int		(*tc_get_timecount)(struct timecounter *);
	uint64_t	tc_frequency;	/* in Hz */
	const char	*tc_name;
	int		tc_quality;
	struct timecounter *tc_next;
};

extern struct timecounter *timecounter;

void	tc_init(struct timecounter *);

//- sys/arch/x86/include/i82489reg.h
#define	LAPIC_ICR_TIMER		0x380	/* Initial count */

//- sys/arch/x86/x86/lapic.c
#include <sys/timetc.h>

uint64_t lapic_per_second;

static struct timecounter lapic_timecounter = {
	.tc_get_timecount = lapic_get_timecount,
	.tc_name = "lapic",
	.tc_quality = -100,
};

static u_int
lapic_get_timecount(struct timecounter *tc)
{
	return lapic_readreg(LAPIC_ICR_TIMER);
}

/* Count the timer against the i8254. */
void
lapic_calibrate_timer(void)
{
	lapic_per_second = 1000 * 1000;
	lapic_per_second += 7;
}

void
lapic_initclock(void)
{
	lapic_calibrate_timer();
	lapic_timecounter.tc_frequency = lapic_per_second;
	tc_init(&lapic_timecounter);
}

//- sys/arch/x86/x86/tsc.c
#include <sys/timetc.h>

static struct timecounter tsc_timecounter;

void
tsc_tc_init(void)
{
	if (tsc_timecounter.tc_frequency != 0)
		tc_init(&tsc_timecounter);
}
`;

export interface Fixture {
  /** Real path of the tree's root. */
  readonly root: string;
  /** Where the test's `$0` stands, if it has one. */
  readonly cursor?: { file: string; line: number; character: number };
  remove(): void;
}

/** Writes the trees' files into a new folder, later ones over earlier ones. */
export function writeTree(...texts: string[]): Fixture {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "clockpath-lsp-")));
  let cursor: Fixture["cursor"];
  for (const [file, marked] of texts.flatMap(filesOf)) {
    const at = marked.indexOf("$0");
    const text = marked.replace("$0", "");
    if (at >= 0) cursor = { file, ...positionOf(text, at) };
    const absolute = path.join(root, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }
  return {
    root,
    ...(cursor ? { cursor } : {}),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function filesOf(text: string): [file: string, text: string][] {
  return text
    .split(/^\/\/- /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end).trim(), part.slice(end + 1)];
    });
}

function positionOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
