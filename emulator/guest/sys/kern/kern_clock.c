/*
 * The clock tick: where it is started and what it does.
 */
#include <sys/systm.h>
#include <sys/timetc.h>
#include <arch/x86/cpu.h>

int hz = 100;
volatile u_int hardclock_ticks;

/*
 * The tick itself as a timecounter: of no use between two ticks, but it
 * needs no hardware beyond what ticks.
 */
static u_int
intr_get_timecount(struct timecounter *tc)
{
	(void)tc;
	return hardclock_ticks;
}

static struct timecounter intr_timecounter = {
	.tc_get_timecount = intr_get_timecount,
	.tc_counter_mask = ~0u,
	.tc_name = "clockinterrupt",
	.tc_quality = 0,
};

/* Start the tick on whatever clock the machine has found. */
void
initclocks(void)
{
	(*x86_initclock_func)();

	intr_timecounter.tc_frequency = (uint64_t)hz;
	tc_init(&intr_timecounter);
}

/* Once a tick, in interrupt context. */
void
hardclock(struct clockframe *frame)
{
	(void)frame;
	hardclock_ticks++;
	tc_windup();
}
