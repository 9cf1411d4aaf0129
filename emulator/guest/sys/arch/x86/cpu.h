/*
 * What the machine-independent code sees of the machine, and the one-line
 * wrappers around its special instructions.
 */
#ifndef _X86_CPU_H_
#define _X86_CPU_H_

#include <sys/types.h>

#define	MSR_APICBASE		0x01b

#define	CPUID_TSC		0x00000010	/* leaf 1, EDX */
#define	CPUID_APIC		0x00000200

/* Interrupt vectors. */
#define	LAPIC_TIMER_VECTOR	0xc0
#define	LAPIC_SPURIOUS_VECTOR	0xef

/* What an interrupt or a trap leaves on the stack; see vector.S. */
struct clockframe {
	uint64_t	cf_r11, cf_r10, cf_r9, cf_r8;
	uint64_t	cf_rdi, cf_rsi, cf_rdx, cf_rcx, cf_rax;
	uint64_t	cf_trapno;
	uint64_t	cf_err;
	uint64_t	cf_rip, cf_cs, cf_rflags, cf_rsp, cf_ss;
};

extern const char *boot_cmdline;
extern void (*x86_initclock_func)(void);	/* who starts the tick */
extern void (*x86_delay)(u_int);		/* busy wait, in us */
#define	delay(us)	(*x86_delay)(us)

/* autoconf.c, cpu.c, machdep.c */
void	cpu_configure(void);
void	cpu_boot_secondary_processors(void);
void	idt_vec_set(u_int, void (*)(void));
void	idt_init(void);

/* clock.c */
void	startrtclock(void);
u_int	gettick(void);
void	i8254_initclocks(void);
void	i8254_delay(u_int);

/* lapic.c */
bool	lapic_present(void);
void	lapic_boot_init(void);
void	lapic_calibrate_timer(bool);
void	lapic_initclock(void);

/* tsc.c */
extern uint64_t tsc_freq;
void	cpu_get_tsc_freq(void);
void	tsc_tc_init(void);

/* consinit.c */
void	consinit(void);
void	cnputc(char);

static inline void
outb(uint16_t port, uint8_t value)
{
	__asm volatile("outb %0, %1" : : "a" (value), "Nd" (port));
}

static inline uint8_t
inb(uint16_t port)
{
	uint8_t value;

	__asm volatile("inb %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static inline uint64_t
rdtsc(void)
{
	uint32_t low, high;

	__asm volatile("rdtsc" : "=a" (low), "=d" (high));
	return ((uint64_t)high << 32) | low;
}

static inline uint64_t
rdmsr(u_int msr)
{
	uint32_t low, high;

	__asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" (msr));
	return ((uint64_t)high << 32) | low;
}

static inline void
x86_cpuid(uint32_t leaf, uint32_t regs[4])
{
	__asm volatile("cpuid"
	    : "=a" (regs[0]), "=b" (regs[1]), "=c" (regs[2]), "=d" (regs[3])
	    : "a" (leaf), "c" (0));
}

static inline void
x86_enable_intr(void)
{
	__asm volatile("sti" : : : "memory");
}

static inline void
x86_disable_intr(void)
{
	__asm volatile("cli" : : : "memory");
}

static inline void
x86_hlt(void)
{
	__asm volatile("hlt" : : : "memory");
}

static inline void
x86_pause(void)
{
	__asm volatile("pause");
}

#endif /* !_X86_CPU_H_ */
