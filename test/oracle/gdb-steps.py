# gdb's side of test/oracle/gdb-steps.ts: at each place, the steps of a line ("ADDRESS COMMAND;COMMAND..."), where each ends and what it returns.
import gdb
from gdb_side import answer, finish, out, questions, run_to


def place():
    frame = gdb.newest_frame()
    sal = frame.find_sal()
    file = sal.symtab.filename.split("/")[-1] if sal.symtab else "?"
    return "%s %s:%d 0x%x" % (frame.name() or "?", file, sal.line if sal.symtab else 0, frame.pc())


def returned(text):
    return "".join(" " + line for line in text.split("\n") if line.startswith("Value returned"))


for line in questions():
    address, commands = line.split(" ", 1)
    if not run_to(address):
        break
    out.write("=== %s\n" % place())
    for command in commands.split(";"):
        text = answer(command)
        failed = text.split("\n")[0] if text.startswith("error: ") else ""
        out.write("%s: %s\n" % (command, failed or place() + returned(text)))
    gdb.execute("delete")
    out.flush()
finish()
