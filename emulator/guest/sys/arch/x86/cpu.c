/*
 * Processors.  There is only one here, but the TSC is offered at the point
 * where, with more of them, it is known whether they agree about the time.
 */
#include <sys/systm.h>
#include <arch/x86/cpu.h>

void
cpu_boot_secondary_processors(void)
{
	aprint_normal("cpu0: the only one\n");

	/* Now that we know about the TSC, attach the timecounter. */
	tsc_tc_init();
}
