/*
 * From the assembly to main(): start info, interrupt descriptor table, traps.
 */
#include <sys/systm.h>
#include <arch/x86/cpu.h>

#define	HVM_START_MAGIC		0x336ec578
#define	NTRAPS			32
#define	SEL_KCODE		0x08
#define	GATE_INTERRUPT		0x8e	/* present, ring 0, IF off */

/* What the PVH boot protocol hands over in EBX; the first fields of it. */
struct hvm_start_info {
	uint32_t	magic;
	uint32_t	version;
	uint32_t	flags;
	uint32_t	nr_modules;
	uint64_t	modlist_paddr;
	uint64_t	cmdline_paddr;
};

struct gate_descriptor {
	uint16_t	gd_looffset;
	uint16_t	gd_selector;
	uint8_t		gd_ist;
	uint8_t		gd_type;
	uint16_t	gd_midoffset;
	uint32_t	gd_hioffset;
	uint32_t	gd_reserved;
};

struct region_descriptor {
	uint16_t	rd_limit;
	uint64_t	rd_base;
} __attribute__((__packed__));

const char *boot_cmdline = "";

static struct gate_descriptor idt[256];
extern void (*const trap_vectors[NTRAPS])(void);	/* vector.S */

void	init_x86_64(uint32_t);
void	trap(struct clockframe *);

/* First C code: the first 4 GB of memory are mapped where they are. */
void
init_x86_64(uint32_t start_info_paddr)
{
	const struct hvm_start_info *info =
	    (const struct hvm_start_info *)(uintptr_t)start_info_paddr;

	if (info->magic == HVM_START_MAGIC && info->cmdline_paddr != 0)
		boot_cmdline = (const char *)info->cmdline_paddr;
	main();
}

void
idt_vec_set(u_int vec, void (*entry)(void))
{
	uintptr_t offset = (uintptr_t)entry;

	idt[vec] = (struct gate_descriptor) {
		.gd_looffset = (uint16_t)offset,
		.gd_selector = SEL_KCODE,
		.gd_type = GATE_INTERRUPT,
		.gd_midoffset = (uint16_t)(offset >> 16),
		.gd_hioffset = (uint32_t)(offset >> 32),
	};
}

void
idt_init(void)
{
	struct region_descriptor region = { sizeof(idt) - 1, (uintptr_t)idt };
	u_int vec;

	for (vec = 0; vec < NTRAPS; vec++)
		idt_vec_set(vec, trap_vectors[vec]);
	__asm volatile("lidt %0" : : "m" (region));

	/* Mask both i8259s, should they be there: all comes by the APIC. */
	outb(0x21, 0xff);
	outb(0xa1, 0xff);
}

/* No trap is expected, so each is the last. */
void
trap(struct clockframe *frame)
{
	uint64_t cr2;

	__asm volatile("movq %%cr2, %0" : "=r" (cr2));
	panic("trap %lu, error 0x%lx, rip 0x%lx, cr2 0x%lx",
	    frame->cf_trapno, frame->cf_err, frame->cf_rip, cr2);
}
