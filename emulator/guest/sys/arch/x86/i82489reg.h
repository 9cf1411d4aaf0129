/*
 * Registers of the local APIC, as offsets into its page.
 * Intel SDM volume 3, chapter "Advanced Programmable Interrupt Controller".
 */
#ifndef _X86_I82489REG_H_
#define _X86_I82489REG_H_

#define	LAPIC_ID		0x020	/* identification */
#define	LAPIC_VERS		0x030	/* version, number of LVT entries */
#define	LAPIC_TPRI		0x080	/* task priority */
#define	LAPIC_EOI		0x0b0	/* end of interrupt */
#define	LAPIC_SVR		0x0f0	/* spurious vector */
#define	LAPIC_LVT_TIMER		0x320	/* timer's local vector */
#define	LAPIC_ICR_TIMER		0x380	/* timer: initial count */
#define	LAPIC_CCR_TIMER		0x390	/* timer: current count */
#define	LAPIC_DCR_TIMER		0x3e0	/* timer: divide configuration */

#define	LAPIC_SVR_ENABLE	0x00000100

#define	LAPIC_LVT_MASKED	0x00010000
#define	LAPIC_LVT_TMM_PERIODIC	0x00020000	/* timer mode */

#define	LAPIC_DCRT_DIV1		0x0b

#endif /* !_X86_I82489REG_H_ */
