/*
 * The local APIC's timer: it counts down at a frequency that nobody tells
 * us.  lapic_calibrate_timer() measures it against the i8254, and
 * lapic_initclock() then makes it tick.
 */
#include <sys/systm.h>
#include <sys/timetc.h>
#include <arch/x86/cpu.h>
#include <arch/x86/i82489reg.h>

#define	APICBASE_PHYSADDR	0xfffff000UL
#define	CALIBRATE_US		10000	/* one measurement takes 10 ms */

static volatile uint32_t *local_apic_va;
static uint32_t lapic_tval;		/* counts in one tick */
uint32_t lapic_per_second;		/* counts in one second */

void	lapic_timer_vector(void);	/* vector.S */
void	lapic_spurious_vector(void);
void	lapic_clockintr(struct clockframe *);

static uint32_t
lapic_readreg(u_int reg)
{
	return local_apic_va[reg / sizeof(uint32_t)];
}

static void
lapic_writereg(u_int reg, uint32_t value)
{
	local_apic_va[reg / sizeof(uint32_t)] = value;
}

bool
lapic_present(void)
{
	uint32_t regs[4];

	x86_cpuid(1, regs);
	return (regs[3] & CPUID_APIC) != 0;
}

/* Find the APIC's page, let it take interrupts, keep its timer quiet. */
void
lapic_boot_init(void)
{
	local_apic_va = (volatile uint32_t *)
	    (rdmsr(MSR_APICBASE) & APICBASE_PHYSADDR);

	idt_vec_set(LAPIC_TIMER_VECTOR, lapic_timer_vector);
	idt_vec_set(LAPIC_SPURIOUS_VECTOR, lapic_spurious_vector);

	lapic_writereg(LAPIC_TPRI, 0);
	lapic_writereg(LAPIC_LVT_TIMER, LAPIC_LVT_MASKED | LAPIC_TIMER_VECTOR);
	lapic_writereg(LAPIC_SVR, LAPIC_SVR_ENABLE | LAPIC_SPURIOUS_VECTOR);
	aprint_normal("lapic0: id %u, version 0x%x\n",
	    lapic_readreg(LAPIC_ID) >> 24, lapic_readreg(LAPIC_VERS) & 0xff);
}

/*
 * Let the timer run down from the top for a known time, once around to warm
 * up and once for the record.
 */
void
lapic_calibrate_timer(bool recalibrate)
{
	uint32_t start, end;

	lapic_writereg(LAPIC_DCR_TIMER, LAPIC_DCRT_DIV1);
	lapic_writereg(LAPIC_LVT_TIMER, LAPIC_LVT_MASKED | LAPIC_TIMER_VECTOR);
	lapic_writereg(LAPIC_ICR_TIMER, 0xffffffff);

	delay(recalibrate ? CALIBRATE_US / 10 : CALIBRATE_US);
	start = lapic_readreg(LAPIC_CCR_TIMER);
	delay(CALIBRATE_US);
	end = lapic_readreg(LAPIC_CCR_TIMER);

	lapic_writereg(LAPIC_ICR_TIMER, 0);
	lapic_per_second = (start - end) * (1000000 / CALIBRATE_US);
	lapic_tval = lapic_per_second / (uint32_t)hz;
	aprint_normal("lapic0: %scalibrated to %u Hz, %u counts a tick\n",
	    recalibrate ? "re" : "", lapic_per_second, lapic_tval);
}

/* The timer seen as a counter that goes up, within one tick only. */
static u_int
lapic_get_timecount(struct timecounter *tc)
{
	(void)tc;
	return lapic_tval - lapic_readreg(LAPIC_CCR_TIMER);
}

static struct timecounter lapic_timecounter = {
	.tc_get_timecount = lapic_get_timecount,
	.tc_counter_mask = ~0u,
	.tc_name = "lapic",
	.tc_quality = -100,	/* starts over at each tick */
};

/* Measure once more, start the periodic interrupt, offer the counter. */
void
lapic_initclock(void)
{
	lapic_calibrate_timer(true);

	lapic_writereg(LAPIC_LVT_TIMER,
	    LAPIC_LVT_TMM_PERIODIC | LAPIC_TIMER_VECTOR);
	lapic_writereg(LAPIC_ICR_TIMER, lapic_tval);

	lapic_timecounter.tc_frequency = lapic_per_second;
	tc_init(&lapic_timecounter);
}

/* The tick, from lapic_timer_vector. */
void
lapic_clockintr(struct clockframe *frame)
{
	lapic_writereg(LAPIC_EOI, 0);
	hardclock(frame);
}
