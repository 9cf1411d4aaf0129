# gdb's side of test/oracle/gdb-steps.ts: at each place, the steps of PLACES ("ADDRESS COMMAND..."), and where each ends.
import os
import gdb

for setting in ["pagination off", "confirm off", "osabi none", "width 0"]:
    gdb.execute("set " + setting)
gdb.execute("set architecture i386:x86-64", to_string=True)
gdb.execute("file " + os.environ["KERNEL"], to_string=True)
gdb.execute("target remote " + os.environ["STUB"], to_string=True)
out = open(os.environ["OUT"], "w")


def place():
    frame = gdb.newest_frame()
    sal = frame.find_sal()
    file = sal.symtab.filename.split("/")[-1] if sal.symtab else "?"
    return "%s %s:%d 0x%x" % (frame.name() or "?", file, sal.line if sal.symtab else 0, frame.pc())


for line in open(os.environ["PLACES"]):
    address, *commands = line.split()
    gdb.execute("tbreak *" + address, to_string=True)
    gdb.execute("continue", to_string=True)
    out.write("=== %s\n" % place())
    for command in commands:
        try:
            gdb.execute(command, to_string=True)
            out.write("%s %s\n" % (command, place()))
        except gdb.error as error:
            out.write("%s error: %s\n" % (command, error))
    out.flush()
out.close()
gdb.execute("kill")
