# gdb's side of test/oracle/gdb-compare.ts: at each stop of the machine behind the stub, in every frame, what the script asks.
# Reads places from PLACES (addresses, one a line), writes "=== N", "> COMMAND" and the answers to OUT.
import os
import gdb

for setting in ["pagination off", "confirm off", "osabi none", "width 0"]:
    gdb.execute("set " + setting)
gdb.execute("set architecture i386:x86-64", to_string=True)
gdb.execute("file " + os.environ["KERNEL"], to_string=True)
gdb.execute("target remote " + os.environ["STUB"], to_string=True)
out = open(os.environ["OUT"], "w")


def ask(command):
    try:
        text = gdb.execute(command, to_string=True)
    except gdb.error as error:
        text = "error: %s\n" % error
    out.write("> %s\n%s\n" % (command, text.rstrip("\n")))


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


for number, line in enumerate(open(os.environ["PLACES"])):
    gdb.execute("tbreak *" + line.strip(), to_string=True)
    gdb.execute("continue", to_string=True)
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
out.close()
gdb.execute("kill")
