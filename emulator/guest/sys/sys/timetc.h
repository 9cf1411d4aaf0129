/*
 * Timecounters: free-running hardware counters that tell the time between
 * two clock ticks.  See timecounter(9) for the interface this follows.
 */
#ifndef _SYS_TIMETC_H_
#define _SYS_TIMETC_H_

#include <sys/types.h>

struct timecounter;

typedef u_int timecounter_get_t(struct timecounter *);

struct timecounter {
	timecounter_get_t	*tc_get_timecount;	/* read the counter */
	u_int			 tc_counter_mask;	/* bits that count */
	uint64_t		 tc_frequency;		/* in Hz */
	const char		*tc_name;
	int			 tc_quality;		/* < 0: only by hand */
	void			*tc_priv;		/* for the driver */
	struct timecounter	*tc_next;		/* kept by tc_init() */
};

extern struct timecounter *timecounters;	/* all, newest first */
extern struct timecounter *timecounter;		/* the one in use */

void		tc_init(struct timecounter *);
void		tc_windup(void);
uint64_t	nanouptime(void);

#endif /* !_SYS_TIMETC_H_ */
