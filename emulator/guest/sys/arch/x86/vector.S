/*
 * Interrupt and trap entries.  Each leaves a struct clockframe on the stack
 * (arch/x86/cpu.h) and says so to the unwinder, so that a backtrace goes on
 * through it into the interrupted code.
 */
#define	TRAPFRAME_PUSHED	16	/* trapno, err */

	.macro	SAVE
	.irp	reg, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11
	pushq	%\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \reg, 0
	.endr
	.endm

	.macro	RESTORE
	.irp	reg, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax
	popq	%\reg
	.cfi_adjust_cfa_offset -8
	.cfi_restore \reg
	.endr
	.endm

	/* At entry: rip, cs, rflags, rsp, ss, above them error and trap number. */
	.macro	ENTRY name, has_error
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_def_cfa rsp, 40 + 8 * \has_error
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	.endm

	.macro	END name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro	PUSH value
	pushq	$\value
	.cfi_adjust_cfa_offset 8
	.endm

	.text

	ENTRY	lapic_timer_vector, 0
	PUSH	0
	PUSH	0xc0
	SAVE
	cld
	movq	%rsp, %rdi
	call	lapic_clockintr
	RESTORE
	addq	$TRAPFRAME_PUSHED, %rsp
	.cfi_adjust_cfa_offset -TRAPFRAME_PUSHED
	iretq
	END	lapic_timer_vector

	/* A spurious interrupt gets no EOI (SDM 3A, "Spurious Interrupt"). */
	ENTRY	lapic_spurious_vector, 0
	iretq
	END	lapic_spurious_vector

	.altmacro
	.macro	TRAP vec, has_error
	ENTRY	trap\vec, \has_error
	.if	\has_error == 0
	PUSH	0
	.endif
	PUSH	\vec
	SAVE
	cld
	movq	%rsp, %rdi
	call	trap
	ud2
	END	trap\vec
	.endm

	/* Those that push an error code: 8, 10 to 14, 17, 21, 29, 30. */
	.set	vec, 0
	.rept	32
	.set	has_error, ((0x60227d00 >> vec) & 1)
	TRAP	%vec, %has_error
	.set	vec, vec + 1
	.endr

	.section .rodata
	.align	8
	.globl	trap_vectors
	.type	trap_vectors, @object
trap_vectors:
	.macro	VECTOR vec
	.quad	trap\vec
	.endm
	.set	vec, 0
	.rept	32
	VECTOR	%vec
	.set	vec, vec + 1
	.endr
	.size	trap_vectors, . - trap_vectors

	.section .note.GNU-stack, "", @progbits
