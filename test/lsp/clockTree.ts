// A small kernel tree of our own with a configuration and four timecounters: registered through a pointer, by a call, by nobody, and left out.

export const clocks = `
//- sys/conf/files
maxpartitions 8
maxusers 2 8 64
defflag	HPET
file	kern/init_main.c
file	kern/kern_tc.c
file	arch/toy/toy/clocks.c
file	arch/toy/toy/hpet.c	hpet
//- sys/arch/toy/conf/files.toy
//- sys/arch/toy/conf/TOY
machine	toy
config	netbsd root on ? type ?
//- sys/sys/timetc.h
struct timecounter {
	unsigned (*tc_get_timecount)(struct timecounter *);
	const char *tc_name;
	int tc_quality;
};
void tc_init(struct timecounter *);
//- sys/kern/init_main.c
#include <sys/timetc.h>
extern void (*initclock_func)(void);
void direct_init(void);
int
main(void)
{
	initclock_func();
	direct_init();
	return 0;
}
//- sys/kern/kern_tc.c
#include <sys/timetc.h>
static struct timecounter dummy = { 0, "dummy", -1000000 };
void
tc_init(struct timecounter *tc)
{
}
//- sys/arch/toy/toy/clocks.c
#include <sys/timetc.h>
static struct timecounter lapic_timecounter = { .tc_name = "lapic", .tc_quality = -100 };
static struct timecounter tsc_timecounter = { .tc_name = "TSC", .tc_quality = 1000 };
void lapic_initclock(void);
void (*initclock_func)(void) = lapic_initclock;
void
lapic_initclock(void)
{
	tc_init(&lapic_timecounter);
}
void
direct_init(void)
{
	tc_init(&tsc_timecounter);
}
//- sys/arch/toy/toy/hpet.c
#include <sys/timetc.h>
static struct timecounter hpet_timecounter = { .tc_name = "hpet", .tc_quality = 2000 };
void
hpet_init(void)
{
	tc_init(&hpet_timecounter);
}
`;
