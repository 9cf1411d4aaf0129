/*
 * Kernel-wide services: messages, the command line, the tick.
 */
#ifndef _SYS_SYSTM_H_
#define _SYS_SYSTM_H_

#include <sys/types.h>

struct clockframe;

#define	NSEC_PER_SEC	1000000000UL

extern int hz;			/* ticks a second */
extern volatile u_int hardclock_ticks;	/* ticks since initclocks() */

void	main(void);
void	initclocks(void);
void	hardclock(struct clockframe *);

void	aprint_normal(const char *, ...) __printflike(1, 2);
void	vprintf(const char *, va_list);
void	panic(const char *, ...) __printflike(1, 2) __noreturn;

#endif /* !_SYS_SYSTM_H_ */
