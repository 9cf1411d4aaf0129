// Small source trees on disk for tests of the index, written from one text: `=== path` begins a file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

/** A fresh folder that is removed after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "clockpath-index-"));
  made.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Writes the files of a text into a folder (a fresh one by default) and returns it. */
export function writeTree(text: string, folder = temporaryFolder()): string {
  for (const part of text.split(/^=== /m).slice(1)) {
    const end = part.indexOf("\n");
    const file = path.join(folder, part.slice(0, end).trim());
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, part.slice(end + 1));
  }
  return folder;
}

/** A kernel tree in small: the clock path of two ports. */
export const kernelTree = `
=== sys/sys/timetc.h
#ifndef _SYS_TIMETC_H_
#define _SYS_TIMETC_H_
struct timecounter {
	unsigned (*tc_get_timecount)(struct timecounter *);
	const char *tc_name;
	int tc_quality;
};
void tc_init(struct timecounter *);
#endif
=== sys/kern/kern_tc.c
#include <sys/timetc.h>

static struct timecounter *timecounters;

/* Makes a timecounter known. */
void
tc_init(struct timecounter *tc)
{
	tc->tc_next = timecounters;
	timecounters = tc;
	(void)tc->tc_get_timecount(tc);
	tc_windup();
}
=== sys/arch/x86/isa/clock.c
#include <sys/timetc.h>
static struct timecounter i8254_timecounter = {
	.tc_get_timecount = i8254_get_timecount,
	.tc_name = "i8254",
};
void
startrtclock(void)
{
	/* tc_init is not called here: */
	void (*later)(struct timecounter *) = tc_init;
	tc_init(&i8254_timecounter);
}
=== sys/arch/amd64/conf/SMALL
include "arch/amd64/conf/std.amd64"
=== sys/arch/vax/vax/clock.c
#include <sys/timetc.h>
#define START(tc) \\
	tc_init(tc)
void
startrtclock(void)
{
	START(&vax_timecounter);
	tc_init(&other);
}
`;
