// Two small kernel trees of our own with configurations, as text, for the tests of configuration language.

export const netbsd = `
//- sys/kern/kern_tc.c
#include <sys/timetc.h>
#include "opt_clock.h"
#include <machine/cpu.h>
int tick = HZ;
//- sys/sys/timetc.h
#define	TC	1
//- sys/arch/toy/include/cpu.h
#define	CPU	1
//- sys/arch/toy/toy/lapic.c
#include "lapicreg.h"
int lapic;
//- sys/arch/toy/toy/lapicreg.h
//- sys/arch/toy/toy/hpet.c
int hpet;
//- sys/conf/files
# What every kernel may have.
maxpartitions 8
maxusers 2 8 64
defflag	opt_ddb.h	DDB
defparam opt_clock.h	HZ = 100
defflag			XEN
define	bus {}
device	com
attach	com at bus
file	kern/kern_tc.c
file	dev/com.c	com	needs-flag
//- sys/arch/toy/conf/files.toy
device	mainbus: bus
attach	mainbus at root
device	lapic
attach	lapic at bus
file	arch/toy/toy/lapic.c	lapic
file	arch/toy/toy/hpet.c	hpet & !xen
define	hpet
//- sys/arch/toy/conf/std.toy
machine	toy
config	netbsd root on ? type ?
//- sys/arch/toy/conf/MICRO
include "arch/toy/conf/std.toy"
options	HZ=1000
options	DDBB	# misspelt
mainbus0 at root
lapic0	at mainbus?
//- sys/arch/toy/conf/FULL
include "arch/toy/conf/std.toy"
options	DDB
select	hpet
mainbus0 at root
com*	at mainbus?
`;

export const freebsd = `
//- sys/kern/kern_tc.c
int tick;
//- sys/x86/x86/pvclock.c
int pvclock;
//- sys/conf/files
kern/kern_tc.c	standard
//- sys/conf/files.toy
x86/x86/pvclock.c	optional kvm_clock | xenhvm
//- sys/conf/options
HZ	opt_param.h
XENHVM	opt_global.h
//- sys/conf/options.toy
TOY_CPU	opt_cpu.h
//- sys/toy/conf/GENERIC
machine	toy
cpu	TOY_CPU
ident	GENERIC
options	HZ=100
options	NO_SUCH
device	kvm_clock
//- sys/toy/conf/MINIMAL
include	GENERIC
ident	MINIMAL
nodevice	kvm_clock
`;
