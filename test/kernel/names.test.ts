// The names in configuration texts: marked in place as `{role:name}`, declarations with a star.
import { expect, test } from "vitest";
import { type Dialect, dialectOf, namesIn } from "../../server/kernel/names.ts";

/** The text with each name marked where it stands. */
function marked(text: string, system: Dialect["system"], kind: Dialect["kind"]): string {
  const lines = text.split("\n");
  for (const { line, start, end, role, declares } of namesIn(text, { system, kind }).reverse()) {
    const content = lines[line]!;
    const mark = `{${role}${declares ? "*" : ""}:${content.slice(start, end)}}`;
    lines[line] = content.slice(0, start) + mark + content.slice(end);
  }
  return lines.join("\n");
}

test("NetBSD: a configuration", () => {
  const text = `include "arch/amd64/conf/std.amd64"
options INET, HZ=100	# options NOT_THIS
no options DDB
file-system FFS, TMPFS
makeoptions DEBUG="-g"
pseudo-device loop 2
com0	at isa? port 0x3f8 irq 4
tsc*	at cpu0
no com* at isa?
no device at pci?
select timer
config netbsd root on ? type ?`;
  expect(marked(text, "netbsd", "configuration")).toMatchInlineSnapshot(`
    "include "{include:arch/amd64/conf/std.amd64}"
    options {option:INET}, {option:HZ}=100	# options NOT_THIS
    no options {option:DDB}
    file-system {file-system:FFS}, {file-system:TMPFS}
    makeoptions DEBUG="-g"
    pseudo-device {device:loop} 2
    {device:com0}	at {attribute:isa}? port 0x3f8 irq 4
    {device:tsc}*	at {attribute:cpu0}
    no {device:com}* at {attribute:isa}?
    no device at {attribute:pci}?
    select {attribute:timer}
    config netbsd root on ? type ?"
  `);
});

test("NetBSD: files.*, with conditions over several lines, dependencies and prefixes", () => {
  const text = `define clock: mem
defflag opt_x.h XENPVHVM: XEN
defparam HZ = 100
device com { [port = -1], irq = 3 }: tty
attach com at isa with com_isa: bus
file arch/x86/x86/tsc.c	machdep & (xen |
	!pvclock)	needs-flag
prefix ../common
file x.c
prefix
file y.c	compile-with "\${CC} y"`;
  expect(marked(text, "netbsd", "files")).toMatchInlineSnapshot(`
    "define {attribute*:clock}: {condition:mem}
    defflag opt_x.h {option*:XENPVHVM}: {condition:XEN}
    defparam {option*:HZ} = 100
    device {device*:com} { [port = -1], irq = 3 }: {condition:tty}
    attach {device:com} at {attribute:isa} with {attribute*:com_isa}: {condition:bus}
    file {file*:arch/x86/x86/tsc.c}	{condition:machdep} & ({condition:xen} |
    	!{condition:pvclock})	needs-flag
    prefix ../common
    file {file*:x.c}
    prefix
    file {file*:y.c}	compile-with "\${CC} y""
  `);
  const [, inPrefix] = namesIn(text, { system: "netbsd", kind: "files" }).filter(
    ({ role }) => role === "file",
  );
  expect(inPrefix?.name).toBe("../common/x.c");
});

test("FreeBSD: a configuration, files* and options*", () => {
  const configuration = `cpu HAMMER
options 	SCHED_ULE, HZ=100
nooptions WITNESS
device		"3c", uart	# serial
include GENERIC`;
  const files = `x86/x86/pvclock.c	optional	kvm_clock | !xenhvm
dev/a.c standard
dev/b.c optional b compile-with "\${CC} -Db" \\
	no-obj`;
  expect(
    [
      marked(configuration, "freebsd", "configuration"),
      marked(files, "freebsd", "files"),
      marked("HZ	opt_param.h", "freebsd", "options"),
    ].join("\n\n"),
  ).toMatchInlineSnapshot(`
    "cpu {option:HAMMER}
    options 	{option:SCHED_ULE}, {option:HZ}=100
    nooptions {option:WITNESS}
    device		"{device:3c}", {device:uart}	# serial
    include {include:GENERIC}

    {file*:x86/x86/pvclock.c}	optional	{condition:kvm_clock} | !{condition:xenhvm}
    {file*:dev/a.c} standard
    {file*:dev/b.c} optional {condition:b} compile-with "\${CC} -Db" \\
    	no-obj

    {option*:HZ}	opt_param.h"
  `);
});

test("half a line, no line, bytes of all kinds: names or none, never an error", () => {
  for (const text of [
    "",
    "options",
    "com0 at",
    "no",
    "file",
    'include "',
    "attach x at",
    "\u0000\u{1F600} at \\",
    "prefix\nprefix",
  ])
    for (const system of ["netbsd", "freebsd"] as const)
      for (const kind of ["configuration", "files", "options"] as const) namesIn(text, { system, kind });
});

test("which file is written in which dialect", () => {
  const kinds = (system: Dialect["system"], files: string[]) =>
    files.map((file) => `${file} ${dialectOf(system, file)?.kind ?? "none"}`);
  expect([
    ...kinds("netbsd", [
      "sys/arch/amd64/conf/MICROVM",
      "sys/arch/amd64/conf/std.amd64",
      "sys/arch/x86/conf/MICROVM.common",
      "sys/arch/amd64/conf/Makefile.amd64",
      "sys/arch/amd64/conf/kern.ldscript",
      "sys/dev/pci/files.pci",
      "sys/conf/files",
      "sys/kern/kern_tc.c",
    ]),
    ...kinds("freebsd", [
      "sys/amd64/conf/GENERIC",
      "sys/amd64/conf/GENERIC.hints",
      "sys/conf/files.x86",
      "sys/conf/options.amd64",
    ]),
  ]).toMatchInlineSnapshot(`
    [
      "sys/arch/amd64/conf/MICROVM configuration",
      "sys/arch/amd64/conf/std.amd64 configuration",
      "sys/arch/x86/conf/MICROVM.common configuration",
      "sys/arch/amd64/conf/Makefile.amd64 none",
      "sys/arch/amd64/conf/kern.ldscript none",
      "sys/dev/pci/files.pci files",
      "sys/conf/files files",
      "sys/kern/kern_tc.c none",
      "sys/amd64/conf/GENERIC configuration",
      "sys/amd64/conf/GENERIC.hints none",
      "sys/conf/files.x86 files",
      "sys/conf/options.amd64 options",
    ]
  `);
});
