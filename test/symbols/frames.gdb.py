# Run inside gdb: describes the frames of the loaded core file in the words of states.ts.
import gdb

REGISTERS = ("rbx", "rbp", "rsp", "r12", "r13", "r14", "r15", "rax", "rdi")
MASK = 2 ** 64 - 1


def value_text(value):
    kind = value.type.strip_typedefs()
    if value.is_optimized_out:
        return "<optimized out>"
    if kind.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_ARRAY):
        return "{...}" if value.address is None else "@" + hex(int(value.address) & MASK)
    number = int(value) if kind.code == gdb.TYPE_CODE_PTR else int(value.cast(gdb.lookup_type("unsigned long")))
    return hex(number & (2 ** (8 * kind.sizeof) - 1))


def variable_text(symbol, frame):
    try:
        text = value_text(symbol.value(frame))
    except gdb.error as error:
        text = "<unavailable>"
    return "%s %s=%s" % (symbol.type, symbol.name, text)


def variables(frame):
    found = []
    try:
        block = frame.block()
    except RuntimeError:
        return ["no debug info"]
    while block is not None:
        for symbol in block:
            local = symbol.is_variable and symbol.addr_class != gdb.SYMBOL_LOC_UNRESOLVED
            if symbol.is_argument or local:
                found.append(variable_text(symbol, frame))
        if block.function is not None:
            break
        block = block.superblock
    return sorted(set(found))


def frame_text(frame):
    sal = frame.find_sal()
    line = sal.symtab.filename.split("/")[-1] + ":" + str(sal.line) if sal.symtab else "?"
    registers = ""
    if frame.type() != gdb.INLINE_FRAME:
        registers = " ".join("%s=%s" % (r, hex(int(frame.read_register(r)) & MASK)) for r in REGISTERS)
    return " | ".join([hex(frame.pc()), frame.name() or "?", line, registers] + variables(frame))


def describe(limit):
    frame = gdb.newest_frame()
    level = 0
    while frame is not None and level < limit:
        print("#%d %s" % (level, frame_text(frame)))
        # What gdb makes of a stack below code that it does not know is chance.
        if frame.name() is None:
            break
        try:
            frame = frame.older()
        except gdb.error:
            break
        level += 1
