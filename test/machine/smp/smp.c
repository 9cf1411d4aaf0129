/*
 * A kernel for tests with several processors: starts the others by INIT and SIPI, sends interprocessor interrupts by every kind of
 * destination, shares counters, code and the time-stamp counter with them, and prints what came of it on COM1.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

#define	MAX_CPUS	8
#define	LAPIC		0xfee00000UL
#define	ID		0x020
#define	EOI		0x0b0
#define	LDR		0x0d0
#define	SVR		0x0f0
#define	ICR_LOW		0x300
#define	ICR_HIGH	0x310

#define	FIXED		0x000
#define	LOWEST		0x100
#define	NMI		0x400
#define	INIT		0x500
#define	STARTUP		0x600
#define	LOGICAL		0x800
#define	ASSERT		0x4000
#define	SELF		0x40000
#define	ALL		0x80000
#define	OTHERS		0xc0000

#define	TRAMPOLINE	0x8000
#define	ROUNDS		500

enum work { IDLE, COUNT, CALL, STAMP };

volatile u32 online;
volatile u32 lock;
volatile u32 shared;
volatile u32 done;
volatile enum work work;
volatile u64 stamps[MAX_CPUS];
volatile u32 called[MAX_CPUS];
/* By processor: interrupts at vectors 0x40 to 0x43, and NMIs. */
volatile u32 taken[MAX_CPUS][5];

static inline void outb(u16 port, u8 value) { __asm volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static inline void pause(void) { __asm volatile("pause"); }
static inline u32 lapic_read(u32 reg) { return *(volatile u32 *)(LAPIC + reg); }
static inline void lapic_write(u32 reg, u32 value) { *(volatile u32 *)(LAPIC + reg) = value; }
static inline u32 cpu_number(void) { return lapic_read(ID) >> 24; }

static inline u64 rdtsc(void)
{
	u32 low, high;
	__asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return low | (u64)high << 32;
}

static void print(const char *text)
{
	while (*text)
		outb(0x3f8, *text++);
}

static void print_number(u64 value)
{
	char digits[21];
	int at = 20;
	digits[at] = 0;
	do {
		digits[--at] = '0' + value % 10;
		value /= 10;
	} while (value);
	print(digits + at);
}

static void enter(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		pause();
}

static void leave(void) { __atomic_store_n(&lock, 0, __ATOMIC_RELEASE); }

/* A function that returns 1, and later, when its code has been written over, 2: mov $1, %eax; ret */
static u8 code[16] __attribute__((aligned(16))) = { 0xb8, 1, 0, 0, 0, 0xc3 };
static u32 call_code(void) { return ((u32 (*)(void))(u64)code)(); }

void interrupt(u32 which)
{
	taken[cpu_number()][which]++;
	if (which < 4)
		lapic_write(EOI, 0);
}

extern void vector40(void), vector41(void), vector42(void), vector43(void), nmi(void);
static struct gate { u16 low, selector; u8 ist, type; u16 middle; u32 high, zero; } idt[256];
static struct __attribute__((packed)) { u16 limit; u64 base; } idtr = { sizeof(idt) - 1, (u64)idt };

static void set_gate(u32 vector, void (*handler)(void))
{
	u64 address = (u64)handler;
	idt[vector] = (struct gate){ address, 0x08, 0, 0x8e, address >> 16, address >> 32, 0 };
}

static void cpu_setup(void)
{
	__asm volatile("lidt %0" : : "m"(idtr));
	lapic_write(LDR, 1u << (24 + cpu_number()));
	lapic_write(SVR, 0x1ff);
}

static void send(u32 destination, u32 command)
{
	lapic_write(ICR_HIGH, destination << 24);
	lapic_write(ICR_LOW, command | ASSERT);
}

/* One piece of work of every processor. */
void do_work(enum work what)
{
	u32 self = cpu_number();
	switch (what) {
	case COUNT:
		for (u32 i = 0; i < ROUNDS; i++) {
			enter();
			shared++;
			leave();
		}
		break;
	case CALL:
		while (call_code() == 1)
			called[self]++;
		break;
	case STAMP:
		stamps[self] = rdtsc();
		break;
	case IDLE:
		break;
	}
	__atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
}

void ap_main(void)
{
	enum work last = IDLE;
	cpu_setup();
	enter();
	print("cpu");
	print_number(cpu_number());
	print(" is up\n");
	leave();
	__atomic_fetch_add(&online, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		/* STI takes effect behind HLT's beginning: an interrupt between the two is not lost. */
		__asm volatile("sti; hlt; cli");
		if (work != last && (last = work) != IDLE)
			do_work(last);
	}
}

static u32 count_cpus(void)
{
	u32 eax = 1, ebx, ecx, edx;
	__asm volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return ebx >> 16 & 0xff;
}

static void everybody(enum work what, u32 others)
{
	done = 0;
	work = what;
	send(0, FIXED | OTHERS | 0x43);
	if (what == CALL) {
		/* The others run the old code until the new one is there. */
		for (u32 i = 1; i <= others; i++)
			while (!called[i])
				pause();
		*(volatile u32 *)(code + 1) = 2;
	} else
		do_work(what);
	while (done < others + (what != CALL))
		pause();
}

static void print_taken(const char *what, u32 which, u32 cpus)
{
	/* Long enough for the others to take what was sent, on a machine where processors run in turn too. */
	for (u32 wait = 0; wait < 5000; wait++)
		pause();
	print(what);
	for (u32 i = 0; i < cpus; i++) {
		print(" ");
		print_number(taken[i][which]);
		taken[i][which] = 0;
	}
	print("\n");
}

void main(void)
{
	u32 cpus = count_cpus();
	u32 last = cpus - 1;
	set_gate(0x40, vector40);
	set_gate(0x41, vector41);
	set_gate(0x42, vector42);
	set_gate(0x43, vector43);
	set_gate(2, nmi);
	cpu_setup();
	send(0, INIT | OTHERS);
	send(0, STARTUP | OTHERS | TRAMPOLINE >> 12);
	while (online < last)
		pause();
	print_number(cpus);
	print(" processors\n");
	__asm volatile("sti");

	send(last, FIXED | 0x40);
	print_taken("physical:", 0, cpus);
	send(1u << last | 1, FIXED | LOGICAL | 0x40);
	print_taken("logical:", 0, cpus);
	send(0xff, FIXED | LOGICAL | 0x41);
	print_taken("broadcast:", 1, cpus);
	send(0xff, LOWEST | LOGICAL | 0x41);
	print_taken("lowest priority:", 1, cpus);
	send(0, FIXED | SELF | 0x42);
	print_taken("self:", 2, cpus);
	send(0, FIXED | ALL | 0x42);
	print_taken("all:", 2, cpus);
	send(0, FIXED | OTHERS | 0x42);
	print_taken("others:", 2, cpus);
	send(last, NMI);
	print_taken("nmi:", 4, cpus);

	everybody(COUNT, last);
	print("count: ");
	print_number(shared);
	print("\n");
	everybody(CALL, last);
	print("code written by cpu0 is seen\n");
	everybody(STAMP, last);
	print("tsc:");
	for (u32 i = 0; i < cpus; i++) {
		print(" ");
		print_number(stamps[i] / 1000000);
	}
	print(" million\n");

	send(last, INIT);
	send(last, FIXED | 0x40);
	print_taken("after INIT:", 0, cpus);
	print("done\n");
	__asm volatile("cli; hlt");
}
