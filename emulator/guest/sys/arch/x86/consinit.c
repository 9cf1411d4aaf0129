/*
 * The console: a 16550 UART at COM1, polled.
 */
#include <sys/systm.h>
#include <arch/x86/cpu.h>

#define	COM1		0x3f8
#define	COM_DATA	(COM1 + 0)	/* also divisor, low byte */
#define	COM_IER		(COM1 + 1)	/* also divisor, high byte */
#define	COM_FIFO	(COM1 + 2)
#define	COM_LCR		(COM1 + 3)
#define	COM_MCR		(COM1 + 4)
#define	COM_LSR		(COM1 + 5)

#define	LCR_DLAB	0x80		/* divisor latch access */
#define	LCR_8N1		0x03
#define	LSR_TXRDY	0x20

void
consinit(void)
{
	outb(COM_IER, 0);
	outb(COM_LCR, LCR_DLAB);
	outb(COM_DATA, 1);		/* 115200 baud */
	outb(COM_IER, 0);
	outb(COM_LCR, LCR_8N1);
	outb(COM_FIFO, 0x07);		/* enable and clear */
	outb(COM_MCR, 0x03);		/* DTR, RTS */
}

void
cnputc(char c)
{
	if (c == '\n')
		cnputc('\r');
	while ((inb(COM_LSR) & LSR_TXRDY) == 0)
		x86_pause();
	outb(COM_DATA, (uint8_t)c);
}
