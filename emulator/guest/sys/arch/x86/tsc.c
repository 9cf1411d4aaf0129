/*
 * The time-stamp counter: the best clock there is, once its frequency is
 * known.
 */
#include <sys/systm.h>
#include <sys/timetc.h>
#include <arch/x86/cpu.h>

#define	CALIBRATE_US	20000

uint64_t tsc_freq;		/* in Hz; 0: no TSC, or not measured */

/* Count TSC ticks while the i8254 waits. */
void
cpu_get_tsc_freq(void)
{
	uint32_t regs[4];
	uint64_t start;

	x86_cpuid(1, regs);
	if ((regs[3] & CPUID_TSC) == 0)
		return;

	start = rdtsc();
	delay(CALIBRATE_US);
	tsc_freq = (rdtsc() - start) * (1000000 / CALIBRATE_US);
	aprint_normal("cpu0: TSC freq %lu Hz\n", tsc_freq);
}

static u_int
tsc_get_timecount(struct timecounter *tc)
{
	(void)tc;
	return (u_int)rdtsc();
}

static struct timecounter tsc_timecounter = {
	.tc_get_timecount = tsc_get_timecount,
	.tc_counter_mask = ~0u,
	.tc_name = "TSC",
	.tc_quality = 3000,
};

void
tsc_tc_init(void)
{
	if (tsc_freq == 0)
		return;

	tsc_timecounter.tc_frequency = tsc_freq;
	tc_init(&tsc_timecounter);
}
