# gdb's side of test/oracle/gdb-compare.ts: at each stop of the machine behind the stub, in every frame, what the script asks. The lines of INPUT are
# addresses; OUT gets "=== N", "> COMMAND" and the answers.
import os
import gdb
from gdb_side import ask, finish, out, questions, run_to


def explain_chains():
    """Why gdb finds no frames that tail calls left out, in its own words."""
    gdb.execute("maint flush register-cache", to_string=True)
    gdb.execute("set debug entry-values 1")
    for line in gdb.execute("bt", to_string=True).split("\n"):
        if "is not specified" in line and not line.startswith("#"):
            out.write("? frames: %s\n" % line)
    gdb.execute("set debug entry-values 0")


def explain(frame):
    """Why gdb knows no value at the function's entry of an argument, in its own words: evidence for the differences that the script explains."""
    try:
        block = frame.block()
    except RuntimeError:
        return
    while block and not block.function:
        block = block.superblock
    for name in [symbol.name for symbol in block or [] if symbol.is_argument]:
        try:
            gdb.execute("output %s@entry" % name, to_string=True)
        except gdb.error as error:
            out.write("? %s@entry: %s\n" % (name, error))


def struct_pointers(frame):
    names = []
    try:
        block = frame.block()
    except RuntimeError:
        return names
    while block:
        for symbol in block:
            kind = symbol.type.strip_typedefs() if symbol.type else None
            if (symbol.is_variable or symbol.is_argument) and kind.code == gdb.TYPE_CODE_PTR:
                target = kind.target().strip_typedefs()
                if target.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION) and symbol.name not in names:
                    names.append(symbol.name)
        if block.function:
            break
        block = block.superblock
    return sorted(names)


for number, address in enumerate(questions()):
    run_to(address)
    out.write("=== %d\n" % number)
    ask("bt")
    explain_chains()
    if os.environ.get("STACKS"):
        frame = gdb.newest_frame()
        while frame:
            frame.select()
            explain(frame)
            frame = frame.older()
        continue
    frame, level = gdb.newest_frame(), 0
    while frame:
        frame.select()
        out.write("--- frame %d\n" % level)
        ask("info frame")
        ask("info args")
        explain(frame)
        ask("info locals")
        for name in struct_pointers(frame):
            ask("output *" + name)
        frame, level = frame.older(), level + 1
finish()
