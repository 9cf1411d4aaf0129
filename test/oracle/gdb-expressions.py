# gdb's side of test/oracle/gdb-expressions.ts: lines of INPUT are "ADDRESS", and below it "LEVEL COMMAND"; each answer is written to OUT behind "> ".
from gdb_side import answer, ask, finish, questions, run_to

for line in questions():
    if line.startswith("0x"):
        run_to(line)
    else:
        level, command = line.split(" ", 1)
        # A frame that gdb has not makes the answer one of another frame: a difference.
        answer("frame " + level)
        ask(command)
finish()
