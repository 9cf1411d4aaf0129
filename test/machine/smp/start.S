/*
 * Entries of the boot processor (PVH: 32-bit protected mode) and of the others (SIPI: real mode at TRAMPOLINE). Both end in 64-bit
 * mode on the same page tables, which map the first 4 GB where they are; the others call ap_main() on the stack of their APIC ID.
 */
#define	TRAMPOLINE	0x8000
#define	STACK_SIZE	4096

#define	PG_PRESENT_WRITE	0x003
#define	PG_LARGE		0x080
#define	CR0_PG_PE		0x80000001
#define	CR4_PAE			0x020
#define	MSR_EFER		0xc0000080
#define	EFER_LME		0x100

	.section .note.Xen, "a", @note
	.align	4
	.long	2f - 1f, 4f - 3f, 18		/* XEN_ELFNOTE_PHYS32_ENTRY */
1:	.asciz	"Xen"
2:	.align	4
3:	.long	start
4:	.align	4

	.bss
	.align	4096
pml4:	.skip	4096
pdpt:	.skip	4096
pds:	.skip	4 * 4096
stacks:	.skip	8 * STACK_SIZE

	.section .rodata
	.align	8
gdt:	.quad	0
	.quad	0x00209a0000000000		/* 0x08: 64-bit code */
	.quad	0x0000920000000000		/* 0x10: data */
	.quad	0x00cf9a000000ffff		/* 0x18: 32-bit code */
	.quad	0x00cf92000000ffff		/* 0x20: 32-bit data */
gdtend:
gdtr:	.word	gdtend - gdt - 1
	.long	gdt

	.text
	.code32
	.globl	start
start:
	movl	$(stacks + STACK_SIZE), %esp
	movl	$pds, %edi
	movl	$(PG_LARGE | PG_PRESENT_WRITE), %eax
	movl	$2048, %ecx
1:	movl	%eax, (%edi)
	addl	$0x200000, %eax
	addl	$8, %edi
	loop	1b
	movl	$(pds + PG_PRESENT_WRITE), %eax
	movl	$pdpt, %edi
	movl	$4, %ecx
1:	movl	%eax, (%edi)
	addl	$4096, %eax
	addl	$8, %edi
	loop	1b
	movl	$(pdpt + PG_PRESENT_WRITE), pml4

	movl	$trampoline, %esi
	movl	$TRAMPOLINE, %edi
	movl	$(trampoline_end - trampoline), %ecx
	rep movsb

	lgdt	gdtr
	call	paging
	ljmp	$0x08, $1f
	.code64
1:	movl	%esp, %esp
	call	main
	cli
	hlt

	/* Turns long mode and paging on. */
	.code32
paging:
	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$pml4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$CR0_PG_PE, %eax
	movl	%eax, %cr0
	ret

	.code16
trampoline:
	cli
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	(gdtr_copy - trampoline)
	movl	%cr0, %eax
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$0x18, $ap_start
	.align	4
gdtr_copy:
	.word	gdtend - gdt - 1
	.long	gdt
trampoline_end:

	.code32
ap_start:
	movw	$0x20, %ax
	movw	%ax, %ds
	movw	%ax, %ss
	movl	$1, %eax
	cpuid
	shrl	$24, %ebx
	incl	%ebx
	imull	$STACK_SIZE, %ebx, %esp
	addl	$stacks, %esp
	call	paging
	ljmp	$0x08, $1f
	.code64
1:	movl	%esp, %esp
	call	ap_main
	cli
	hlt

	/* Interrupt entries: vectors 0x40 to 0x43 and NMI. They count, and end the interrupt. */
	.macro	ENTRY name, which
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_def_cfa rsp, 40
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	.irp	reg, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11
	pushq	%\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \reg, 0
	.endr
	movl	$\which, %edi
	cld
	call	interrupt
	.irp	reg, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax
	popq	%\reg
	.cfi_adjust_cfa_offset -8
	.cfi_restore \reg
	.endr
	iretq
	.cfi_endproc
	.size	\name, . - \name
	.endm

	ENTRY	vector40, 0
	ENTRY	vector41, 1
	ENTRY	vector42, 2
	ENTRY	vector43, 3
	ENTRY	nmi, 4

	.section .note.GNU-stack, "", @progbits
