/*
 * The i8254: a 16-bit counter that runs down at 1193182 Hz.  It is the one
 * clock of a PC whose frequency is known, so the others are measured with it.
 */
#include <sys/systm.h>
#include <sys/timetc.h>
#include <arch/x86/cpu.h>
#include <arch/x86/i8254reg.h>

static u_int rtclock_tval;	/* the counter runs from here down to 1 */

static struct {
	u_int	last;		/* counts up to the last reading */
	u_int	wraps;		/* counts of all periods that have ended */
} i8254_state;

/* Latch the counter and read it: what is left of this period. */
u_int
gettick(void)
{
	u_int low, high;

	outb(TIMER_MODE, TIMER_SEL0 | TIMER_LATCH);
	low = inb(TIMER_CNTR0);
	high = inb(TIMER_CNTR0);
	return (high << 8) | low;
}

/*
 * The hardware counts down and starts anew; a timecounter goes up.  It has
 * to be read at least once a period, which the tick sees to.
 */
static u_int
i8254_get_timecount(struct timecounter *tc)
{
	u_int count = rtclock_tval - gettick();

	(void)tc;
	if (count < i8254_state.last)
		i8254_state.wraps += rtclock_tval;
	i8254_state.last = count;
	return i8254_state.wraps + count;
}

static struct timecounter i8254_timecounter = {
	.tc_get_timecount = i8254_get_timecount,
	.tc_counter_mask = ~0u,
	.tc_frequency = TIMER_FREQ,
	.tc_name = "i8254",
	.tc_quality = 100,
};

/* Start channel 0 as a rate generator of hz periods a second. */
void
startrtclock(void)
{
	rtclock_tval = (TIMER_FREQ + (u_int)hz / 2) / (u_int)hz;

	outb(TIMER_MODE, TIMER_SEL0 | TIMER_RATEGEN | TIMER_16BIT);
	outb(TIMER_CNTR0, rtclock_tval & 0xff);
	outb(TIMER_CNTR0, rtclock_tval >> 8);

	tc_init(&i8254_timecounter);
}

/* Busy wait, in microseconds: add up what the counter has gone down. */
void
i8254_delay(u_int us)
{
	uint64_t want = (uint64_t)us * TIMER_FREQ / 1000000;
	uint64_t gone = 0;
	u_int last = gettick();

	while (gone < want) {
		u_int now = gettick();

		gone += now <= last ? last - now : last + rtclock_tval - now;
		last = now;
	}
}

/* Only reached on a machine without a local APIC. */
void
i8254_initclocks(void)
{
	panic("no local APIC, and this kernel routes no i8254 interrupt");
}
