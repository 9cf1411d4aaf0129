// Every form of reason that `clockpath config TREE CONFIG why NAME` gives, each with the line of the small tree that decides.
import { expect, test } from "vitest";
import { configureKernel, why, whyText } from "../../server/kernel/configure.ts";
import { inlineTree } from "./trees.ts";

const netbsd = configureKernel(
  "sys/arch/toy/conf/TOY",
  inlineTree(`
--- sys/conf/files
maxpartitions 8
maxusers 2 8 64
defflag	opt_ddb.h	DDB: KSYMS
defflag			KSYMS
defparam opt_clock.h	HZ = 100
obsolete defflag	OLD
defflag			SMALL
define	bus {}
define	mii
device	com: mii
attach	com at bus
device	hpet
attach	hpet at bus
device	lonely
attach	lonely at pci
define	pci {}
file	kern/always.c
file	dev/com.c	com	needs-flag
file	dev/mii.c	mii
file	dev/hpet.c	hpet & !small
file	dev/lonely.c	lonely
file	dev/ddb.c	ddb | hpet
file	dev/notsmall.c	!small
file	dev/ghost.c	ghost
file	dev/removed.c	hpet
file	dev/counted.c	mii	needs-count
file	lib/same.c	ksyms
--- sys/arch/toy/conf/files.toy
device	mainbus: bus
attach	mainbus at root
file	arch/same.c	ksyms
--- sys/arch/toy/conf/std.toy
machine	toy
--- sys/arch/toy/conf/TOY
include "arch/toy/conf/std.toy"
config	netbsd root on ? type ?
options	DDB
mainbus0 at root
com*	at mainbus?
hpet0	at mainbus?
no hpet0
lonely*	at pci?
`).read,
);

const freebsd = configureKernel(
  "sys/toy/conf/GENERIC",
  inlineTree(`
--- sys/conf/files
kern/always.c	standard
kern/helper.o	standard no-obj
dev/pvclock.c	optional kvm_clock | xenhvm
dev/both.c	optional kvm_clock hpet
dev/hpet.c	optional hpet
dev/gone.c	optional gone
--- sys/conf/files.toy
--- sys/conf/options
XENHVM	opt_global.h
HZ	opt_param.h
--- sys/conf/options.toy
TOY_CPU	opt_cpu.h
--- sys/toy/conf/GENERIC
machine	toy
cpu	TOY_CPU
ident	GENERIC
options	HZ=100
device	kvm_clock
device	gone
nodevice	gone
`).read,
);

function answers(configuration: typeof netbsd, ...names: string[]): string {
  return names
    .map((name) => `${name}?\n${why(configuration, name).map(whyText).join("\n") || "nothing"}\n`)
    .join("");
}

test("NetBSD: what is in", () => {
  expect(
    answers(netbsd, "always.c", "com.c", "mii", "DDB", "KSYMS", "notsmall", "ddb.c", "com"),
  ).toMatchInlineSnapshot(`
    "always.c?
    file sys/kern/always.c is in:
      sys/conf/files:17: file kern/always.c  (is unconditional)
    com.c?
    file sys/dev/com.c is in:
      sys/conf/files:18: file dev/com.c com needs-flag  (its condition holds)
      sys/arch/toy/conf/TOY:5: com* at mainbus?  (selects com)
      sys/arch/toy/conf/TOY:4: mainbus0 at root  (its parent, mainbus0, is there)
    mii?
    file sys/dev/mii.c is in:
      sys/conf/files:19: file dev/mii.c mii  (its condition holds)
      sys/conf/files:10: device com: mii  (com brings mii)
      sys/arch/toy/conf/TOY:5: com* at mainbus?  (selects com)
      sys/arch/toy/conf/TOY:4: mainbus0 at root  (its parent, mainbus0, is there)
    attribute mii is in:
      sys/conf/files:10: device com: mii  (com brings mii)
      sys/arch/toy/conf/TOY:5: com* at mainbus?  (selects com)
      sys/arch/toy/conf/TOY:4: mainbus0 at root  (its parent, mainbus0, is there)
    DDB?
    option DDB is in:
      sys/arch/toy/conf/TOY:3: options DDB  (selects DDB)
    attribute ddb is in:
      sys/arch/toy/conf/TOY:3: options DDB  (selects ddb)
    KSYMS?
    option KSYMS is in:
      sys/conf/files:3: defflag opt_ddb.h DDB: KSYMS  (ddb brings KSYMS)
      sys/arch/toy/conf/TOY:3: options DDB  (selects ddb)
    attribute ksyms is in:
      sys/conf/files:3: defflag opt_ddb.h DDB: KSYMS  (ddb brings ksyms)
      sys/arch/toy/conf/TOY:3: options DDB  (selects ddb)
    notsmall?
    file sys/dev/notsmall.c is in:
      sys/conf/files:23: file dev/notsmall.c !small  (its condition holds)
      sys/conf/files:7: defflag SMALL  (declares small; nothing selects \`small')
    ddb.c?
    file sys/dev/ddb.c is in:
      sys/conf/files:22: file dev/ddb.c ddb | hpet  (its condition holds)
      sys/arch/toy/conf/TOY:3: options DDB  (selects ddb)
    com?
    file sys/dev/com.c is in:
      sys/conf/files:18: file dev/com.c com needs-flag  (its condition holds)
      sys/arch/toy/conf/TOY:5: com* at mainbus?  (selects com)
      sys/arch/toy/conf/TOY:4: mainbus0 at root  (its parent, mainbus0, is there)
    device com* is in:
      sys/arch/toy/conf/TOY:5: com* at mainbus?  (selects com)
      sys/arch/toy/conf/TOY:4: mainbus0 at root  (its parent, mainbus0, is there)
    attribute com is in:
      sys/arch/toy/conf/TOY:5: com* at mainbus?  (selects com)
      sys/arch/toy/conf/TOY:4: mainbus0 at root  (its parent, mainbus0, is there)
    "
  `);
});

test("NetBSD: what is out", () => {
  expect(
    answers(netbsd, "hpet.c", "lonely", "ghost.c", "counted.c", "same.c", "HZ", "OLD", "SMALL", "removed.c"),
  ).toMatchInlineSnapshot(`
    "hpet.c?
    file sys/dev/hpet.c is out:
      sys/conf/files:20: file dev/hpet.c hpet & !small  (its condition does not hold)
      sys/arch/toy/conf/TOY:7: no hpet0  (takes hpet away)
    lonely?
    device lonely* is out:
      sys/arch/toy/conf/TOY:8: lonely* at pci?  (has no parent in this configuration, so \`lonely' is not selected)
    file sys/dev/lonely.c is out:
      sys/conf/files:21: file dev/lonely.c lonely  (its condition does not hold)
      sys/arch/toy/conf/TOY:8: lonely* at pci?  (has no parent in this configuration, so \`lonely' is not selected)
    ghost.c?
    file sys/dev/ghost.c is out:
      sys/conf/files:24: file dev/ghost.c ghost  (its condition does not hold)
      ghost: nothing selects \`ghost', and nothing declares it
    counted.c?
    file sys/dev/counted.c is out:
      sys/conf/files:26: file dev/counted.c mii needs-count  (needs-count asks for something that is not a device)
    same.c?
    file sys/arch/same.c is in:
      sys/arch/toy/conf/files.toy:3: file arch/same.c ksyms  (its condition holds)
      sys/conf/files:3: defflag opt_ddb.h DDB: KSYMS  (ddb brings ksyms)
      sys/arch/toy/conf/TOY:3: options DDB  (selects ddb)
    file sys/lib/same.c is out:
      sys/arch/toy/conf/files.toy:3: file arch/same.c ksyms  (is declared later, has the same object file and takes its place)
      sys/conf/files:27: file lib/same.c ksyms  (its condition holds)
      sys/conf/files:3: defflag opt_ddb.h DDB: KSYMS  (ddb brings ksyms)
      sys/arch/toy/conf/TOY:3: options DDB  (selects ddb)
    HZ?
    option HZ is out:
      sys/conf/files:5: defparam opt_clock.h HZ = 100  (declares HZ; no line sets it; its value is 100 then)
    OLD?
    option OLD is out:
      sys/conf/files:6: obsolete defflag OLD  (OLD is obsolete)
    SMALL?
    option SMALL is out:
      sys/conf/files:7: defflag SMALL  (declares SMALL; no line sets it)
    removed.c?
    file sys/dev/removed.c is out:
      sys/conf/files:25: file dev/removed.c hpet  (its condition does not hold)
      sys/arch/toy/conf/TOY:7: no hpet0  (takes hpet away)
    "
  `);
});

test("FreeBSD: what is in and out", () => {
  expect(
    answers(
      freebsd,
      "always",
      "helper.o",
      "pvclock",
      "both.c",
      "hpet",
      "gone",
      "HZ",
      "XENHVM",
      "TOY_CPU",
      "nothing_such",
    ),
  ).toMatchInlineSnapshot(`
    "always?
    file sys/kern/always.c is in:
      sys/conf/files:1: kern/always.c standard  (is standard)
    helper.o?
    file sys/kern/helper.o is in:
      sys/conf/files:2: kern/helper.o standard no-obj  (is standard)
    pvclock?
    file sys/dev/pvclock.c is in:
      sys/conf/files:3: dev/pvclock.c optional kvm_clock | xenhvm  (its condition holds)
      sys/toy/conf/GENERIC:5: device kvm_clock  (selects kvm_clock)
    both.c?
    file sys/dev/both.c is out:
      sys/conf/files:4: dev/both.c optional kvm_clock hpet  (its condition does not hold)
      hpet: no "device hpet" and no "options HPET" in this configuration
    hpet?
    file sys/dev/hpet.c is out:
      sys/conf/files:5: dev/hpet.c optional hpet  (its condition does not hold)
      hpet: no "device hpet" and no "options HPET" in this configuration
    device hpet is out:
      sys/conf/files:4: dev/both.c optional kvm_clock hpet  (asks for hpet)
      hpet: no "device hpet" and no "options HPET" in this configuration
    gone?
    file sys/dev/gone.c is out:
      sys/conf/files:6: dev/gone.c optional gone  (its condition does not hold)
      sys/toy/conf/GENERIC:7: nodevice gone  (takes gone away)
    device gone is out:
      sys/conf/files:6: dev/gone.c optional gone  (asks for gone)
      sys/toy/conf/GENERIC:7: nodevice gone  (takes gone away)
    HZ?
    option HZ is in:
      sys/toy/conf/GENERIC:4: options HZ=100  (sets HZ)
    XENHVM?
    option XENHVM is out:
      sys/conf/options:1: XENHVM opt_global.h  (declares XENHVM; no line sets it)
    TOY_CPU?
    option TOY_CPU is in:
      sys/toy/conf/GENERIC:2: cpu TOY_CPU  (sets TOY_CPU)
    nothing_such?
    nothing
    "
  `);
});
