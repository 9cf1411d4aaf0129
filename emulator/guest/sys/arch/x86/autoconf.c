/*
 * Machine-dependent configuration: which clock hardware there is, and what
 * will start the tick.
 */
#include <sys/systm.h>
#include <arch/x86/cpu.h>

void (*x86_initclock_func)(void) = i8254_initclocks;
void (*x86_delay)(u_int) = i8254_delay;

void
cpu_configure(void)
{
	idt_init();
	startrtclock();
	cpu_get_tsc_freq();

	if (lapic_present()) {
		lapic_boot_init();
		lapic_calibrate_timer(false);
		x86_initclock_func = lapic_initclock;
	}
}
