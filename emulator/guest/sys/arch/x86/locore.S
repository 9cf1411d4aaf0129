/*
 * PVH entry: 32-bit protected mode, paging off, %ebx -> hvm_start_info.
 * Builds page tables, goes to long mode and calls init_x86_64().
 *
 * The first 4 GB are mapped where they are (the local APIC is in there), and
 * the first GB a second time at KERNBASE, where the kernel is linked.
 */
#define	KERNBASE	0xffffffff80000000
#define	V2P(sym)	(sym - KERNBASE)

#define	PG_PRESENT	0x001
#define	PG_WRITE	0x002
#define	PG_LARGE	0x080
#define	PG_NOCACHE	0x010

#define	CR0_PG		0x80000000
#define	CR0_WP		0x00010000
#define	CR4_PAE		0x00000020
#define	MSR_EFER	0xc0000080
#define	EFER_LME	0x00000100

#define	XEN_ELFNOTE_PHYS32_ENTRY	18

	.section .note.Xen, "a", @note
	.align	4
	.long	2f - 1f, 4f - 3f, XEN_ELFNOTE_PHYS32_ENTRY
1:	.asciz	"Xen"
2:	.align	4
3:	.long	V2P(start)
4:	.align	4

	.bss
	.align	4096
pml4:	.skip	4096
pdpt:	.skip	4096
pdpthi:	.skip	4096
pds:	.skip	4 * 4096
stack:	.skip	16384
stacktop:

	.section .rodata
	.align	8
gdt:	.quad	0
	.quad	0x00209a0000000000	/* 0x08: 64-bit code */
	.quad	0x0000920000000000	/* 0x10: data */
gdtend:
gdtdesc:
	.word	gdtend - gdt - 1
	.quad	V2P(gdt)

	.text
	.code32
	.globl	start
	.type	start, @function
start:
	cli
	cld
	movl	$V2P(stacktop), %esp

	/* Four page directories of 2 MB pages: 0 to 4 GB. */
	movl	$V2P(pds), %edi
	movl	$(PG_PRESENT | PG_WRITE | PG_LARGE), %eax
	movl	$2048, %ecx
1:	cmpl	$512, %ecx		/* the last GB: devices */
	jne	2f
	orl	$PG_NOCACHE, %eax
2:	movl	$0, 4(%edi)
	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	loop	1b

	movl	$V2P(pds) + (PG_PRESENT | PG_WRITE), %eax
	movl	$V2P(pdpt), %edi
	movl	$4, %ecx
3:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$4096, %eax
	loop	3b

	/* KERNBASE: last PML4 entry, last but one PDPT entry. */
	movl	$V2P(pds) + (PG_PRESENT | PG_WRITE), V2P(pdpthi) + 510 * 8
	movl	$V2P(pdpt) + (PG_PRESENT | PG_WRITE), V2P(pml4)
	movl	$V2P(pdpthi) + (PG_PRESENT | PG_WRITE), V2P(pml4) + 511 * 8

	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$V2P(pml4), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$(CR0_PG | CR0_WP), %eax
	movl	%eax, %cr0

	lgdt	V2P(gdtdesc)
	ljmp	$0x08, $V2P(longmode)
	.size	start, . - start

	.code64
longmode:
	movl	$0x10, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movabsq	$highmem, %rax
	jmp	*%rax
highmem:
	movq	$stacktop, %rsp
	xorl	%ebp, %ebp		/* the outermost frame */
	movl	%ebx, %edi
	call	init_x86_64
	ud2				/* it does not come back */

	.section .note.GNU-stack, "", @progbits
