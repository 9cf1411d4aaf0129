/*
 * main(): from the first C to the idle loop.
 *
 * This is the order in which NetBSD finds its clocks, on a kernel small
 * enough to read before lunch: configure() registers the i8254, configure2()
 * the local APIC, the tick itself, and last the TSC.
 */
#include <sys/systm.h>
#include <sys/timetc.h>
#include <arch/x86/cpu.h>

/* Find the hardware, as far as that can be done without interrupts. */
static void
configure(void)
{
	cpu_configure();
}

/* Start the clocks, let interrupts in, and wake the other processors. */
static void
configure2(void)
{
	initclocks();
	x86_enable_intr();
	cpu_boot_secondary_processors();
}

static void
print_timecounters(void)
{
	const struct timecounter *tc;

	for (tc = timecounters; tc != NULL; tc = tc->tc_next) {
		aprint_normal("  %s %s (%lu Hz, quality %d)\n",
		    tc == timecounter ? "->" : "  ", tc->tc_name,
		    tc->tc_frequency, tc->tc_quality);
	}
}

/*
 * Nothing to do but to wait.  Says how late it is after 1, 2, 4, 8, ...
 * seconds, so that one sees the clock run.
 */
static void __noreturn
idle_loop(void)
{
	uint64_t next = NSEC_PER_SEC;

	for (;;) {
		uint64_t now = nanouptime();

		if (now >= next) {
			aprint_normal("uptime %lu s, %u ticks by %s\n",
			    now / NSEC_PER_SEC, hardclock_ticks,
			    timecounter->tc_name);
			next *= 2;
		}
		x86_hlt();
	}
}

void
main(void)
{
	consinit();
	aprint_normal("clockpath guest: %s\n", boot_cmdline);

	configure();
	configure2();

	aprint_normal("timecounters:\n");
	print_timecounters();
	aprint_normal("root device: none, idling\n");
	idle_loop();
}
