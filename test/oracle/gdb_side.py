# gdb's side of the comparisons: gdb attached to the machine behind the stub (KERNEL, STUB), questions read from INPUT, answers written to OUT.
import os
import gdb

for setting in ["pagination off", "confirm off", "osabi none", "width 0"]:
    gdb.execute("set " + setting)
gdb.execute("set architecture i386:x86-64", to_string=True)
gdb.execute("file " + os.environ["KERNEL"], to_string=True)
gdb.execute("target remote " + os.environ["STUB"], to_string=True)
# What the machine reports when a run is cut short.
gdb.execute("handle SIGALRM stop print nopass", to_string=True)
out = open(os.environ["OUT"], "w")


def questions():
    """The lines of INPUT."""
    return [line.rstrip("\n") for line in open(os.environ["INPUT"])]


def answer(command):
    """What gdb says to a command, or that it failed and why."""
    try:
        return gdb.execute(command, to_string=True).rstrip("\n")
    except gdb.error as error:
        return "error: %s" % error


def ask(command):
    out.write("> %s\n%s\n" % (command, answer(command)))


def run_to(address):
    """False where the machine does not come there any more: a command before ran further than meant."""
    gdb.execute("tbreak *" + address, to_string=True)
    for _ in range(300):
        gdb.execute("continue", to_string=True)
        if gdb.newest_frame().pc() == int(address, 16):
            return True
    return False


def finish():
    out.close()
    gdb.execute("kill")
