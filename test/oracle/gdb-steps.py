# gdb's side of test/oracle/gdb-steps.ts: at each place, the steps of a line ("ADDRESS COMMAND;COMMAND..."), where each ends and what it returns.
import gdb
from gdb_side import answer, finish, out, questions, run_to


def place():
    frame = gdb.newest_frame()
    sal = frame.find_sal()
    file = sal.symtab.filename.split("/")[-1] if sal.symtab else "?"
    return "%s %s:%d 0x%x" % (frame.name() or "?", file, sal.line if sal.symtab else 0, frame.pc())


# gdb says what a function returned where nothing reads it; the value joins the history.
MARK = "195951310"


def returned():
    value = answer("output $")
    return "" if value == MARK else " Value returned is $ = " + value


for line in questions():
    address, commands = line.split(" ", 1)
    if not run_to(address):
        break
    out.write("=== %s\n" % place())
    for command in commands.split(";"):
        answer("print " + MARK)
        text = answer(command)
        failed = text.split("\n")[0] if text.startswith("error: ") else ""
        out.write("%s: %s\n" % (command, failed or place() + returned()))
    gdb.execute("delete")
    out.flush()
finish()
