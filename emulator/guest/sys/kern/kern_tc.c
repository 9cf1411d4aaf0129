/*
 * Timecounters: the list of them, the choice of one, and the time of day
 * since boot that follows from it.
 */
#include <sys/systm.h>
#include <sys/timetc.h>

/*
 * Before any hardware has been found there must still be a time, even if it
 * goes up by one each time somebody looks.
 */
static u_int
dummy_get_timecount(struct timecounter *tc)
{
	static u_int now;

	(void)tc;
	return ++now;
}

static struct timecounter dummy_timecounter = {
	.tc_get_timecount = dummy_get_timecount,
	.tc_counter_mask = ~0u,
	.tc_frequency = 1000000,
	.tc_name = "dummy",
	.tc_quality = -1000000,
};

struct timecounter *timecounters = &dummy_timecounter;
struct timecounter *timecounter = &dummy_timecounter;

/* Uptime at the last tc_windup(), and what the counter said then. */
static struct {
	uint64_t	th_uptime_ns;
	u_int		th_offset_count;
} timehands;

static inline uint64_t
tc_delta_ns(const struct timecounter *tc, u_int count)
{
	u_int delta = (count - timehands.th_offset_count) & tc->tc_counter_mask;

	return (uint64_t)delta * NSEC_PER_SEC / tc->tc_frequency;
}

/*
 * Move the hands on.  Called at each tick, so that a counter of only 16 bits
 * cannot wrap unseen.
 */
void
tc_windup(void)
{
	struct timecounter *tc = timecounter;
	u_int count = tc->tc_get_timecount(tc);

	timehands.th_uptime_ns += tc_delta_ns(tc, count);
	timehands.th_offset_count = count;
}

/* Nanoseconds since boot. */
uint64_t
nanouptime(void)
{
	struct timecounter *tc = timecounter;

	return timehands.th_uptime_ns +
	    tc_delta_ns(tc, tc->tc_get_timecount(tc));
}

/* Go over to another timecounter without losing time. */
static void
tc_switch(struct timecounter *tc)
{
	tc_windup();
	timecounter = tc;
	timehands.th_offset_count = tc->tc_get_timecount(tc);
}

/*
 * A driver has a counter to offer.  It goes on the list; it is taken into
 * use if it is better than what we have: quality first, then frequency.
 */
void
tc_init(struct timecounter *tc)
{
	tc->tc_next = timecounters;
	timecounters = tc;

	aprint_normal("timecounter: Timecounter \"%s\" frequency %lu Hz "
	    "quality %d\n", tc->tc_name, tc->tc_frequency, tc->tc_quality);

	if (tc->tc_quality < 0 || tc->tc_quality < timecounter->tc_quality)
		return;
	if (tc->tc_quality == timecounter->tc_quality &&
	    tc->tc_frequency < timecounter->tc_frequency)
		return;
	tc_switch(tc);
}
