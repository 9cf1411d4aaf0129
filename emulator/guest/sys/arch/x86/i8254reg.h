/*
 * The i8254 programmable interval timer, as it is wired in a PC.
 */
#ifndef _X86_I8254REG_H_
#define _X86_I8254REG_H_

#define	TIMER_FREQ	1193182		/* Hz */

#define	TIMER_CNTR0	0x40		/* channel 0: the tick */
#define	TIMER_MODE	0x43		/* control word */

#define	TIMER_SEL0	0x00		/* select channel 0 */
#define	TIMER_LATCH	0x00		/* hold the count for reading */
#define	TIMER_16BIT	0x30		/* low byte, then high byte */
#define	TIMER_RATEGEN	0x04		/* mode 2: rate generator */

#endif /* !_X86_I8254REG_H_ */
