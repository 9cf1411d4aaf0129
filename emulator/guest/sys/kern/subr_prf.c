/*
 * Messages: a small printf on the console, and panic().
 */
#include <sys/systm.h>
#include <arch/x86/cpu.h>

static void
puts_raw(const char *s)
{
	while (*s != '\0')
		cnputc(*s++);
}

static void
put_number(uint64_t value, u_int base)
{
	char digits[24];
	u_int n = sizeof(digits);

	digits[--n] = '\0';
	do {
		digits[--n] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value != 0);
	puts_raw(&digits[n]);
}

/* %c %s %d %u %x %p and the l forms of the numbers; no widths. */
void
vprintf(const char *fmt, va_list ap)
{
	for (; *fmt != '\0'; fmt++) {
		bool wide = false;
		int64_t number;

		if (*fmt != '%') {
			cnputc(*fmt);
			continue;
		}
		if (*++fmt == 'l') {
			wide = true;
			fmt++;
		}
		switch (*fmt) {
		case 'c':
			cnputc((char)va_arg(ap, int));
			break;
		case 's':
			puts_raw(va_arg(ap, const char *));
			break;
		case 'd':
			number = wide ? va_arg(ap, int64_t) : va_arg(ap, int);
			if (number < 0) {
				cnputc('-');
				number = -number;
			}
			put_number((uint64_t)number, 10);
			break;
		case 'u':
			put_number(wide ? va_arg(ap, uint64_t) :
			    va_arg(ap, u_int), 10);
			break;
		case 'p':
			puts_raw("0x");
			put_number((uint64_t)va_arg(ap, void *), 16);
			break;
		case 'x':
			put_number(wide ? va_arg(ap, uint64_t) :
			    va_arg(ap, u_int), 16);
			break;
		case '\0':
			return;
		default:
			cnputc(*fmt);
			break;
		}
	}
}

void
aprint_normal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

void
panic(const char *fmt, ...)
{
	va_list ap;

	x86_disable_intr();
	puts_raw("panic: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	puts_raw("\n");
	for (;;)
		x86_hlt();
}
