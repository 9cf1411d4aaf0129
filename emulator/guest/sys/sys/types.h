/*
 * The few types and helpers that the whole kernel shares.
 */
#ifndef _SYS_TYPES_H_
#define _SYS_TYPES_H_

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned int	u_int;

#define	__arraycount(a)	(sizeof(a) / sizeof((a)[0]))
#define	__noreturn	__attribute__((__noreturn__))
#define	__printflike(f, a) __attribute__((__format__(__printf__, f, a)))

#endif /* !_SYS_TYPES_H_ */
