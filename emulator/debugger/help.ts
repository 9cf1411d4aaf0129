// What the console's commands do, a line each: `help`, `help watch`. Text only.

const COMMANDS: readonly (readonly [names: string, usage: string, text: string])[] = [
  ["p print inspect call", "p[/FMT] EXPR", "print a value into the history ($1, $, $$); FMT is x d u o t c a f s z"],
  ["x", "x/NFU ADDR", "examine memory: F is x d u o t a c s i, U is b h w g"],
  ["bt backtrace where", "bt [N]", "the stack"],
  ["frame f up down", "frame [N], up [N], down [N]", "choose a frame for the expressions that follow"],
  ["thread t", "thread [N], thread apply N...|all COMMAND", "choose a processor for what follows; a command for several"],
  ["info i", "info registers|locals|args|frame|line|symbol ADDR|breakpoints|display|threads|timecounters", "what is known of the stop"],
  ["info i", "info functions|variables|types [REGEX]", "what is defined, by file; what has no debug info last"],
  ["info i", "info address NAME, info scope LOCATION, info source, info files", "where a name lives; what is in scope there; the unit of this frame; added symbol files"],
  ["info i", "info clocks|lapic|tsc|i8254 (pit)|ioapic|cpuid|msr [REGISTER]", "hardware, decoded, without side effects"],
  ["ptype whatis", "ptype[/o] TYPE|EXPR, whatis EXPR", "a type written out (/o: with offsets and holes); its name"],
  ["display undisplay", "display[/FMT] EXPR, undisplay [N...]", "show a value at each stop; no more"],
  ["list l", "list [FUNCTION | FILE:LINE]", "ten lines of source"],
  ["type", "type TEXT", "a line for the guest's console, with Enter"],
  ["set", "set var LHS = EXPR, set $rax = 1", "assign to memory, registers, convenience variables"],
  ["show", "show values, show convenience", "the history; $names and what they hold"],
  ["set show", "set|show print entry-values WORD", "arguments in bt: no, only, preferred, if-needed, both, compact, default"],
  ["disassemble disas", "disassemble [/rs] [FUNCTION | START,END | START,+LENGTH]", "machine code (/r: raw bytes, /s: source lines); => marks the pc"],
  ["break b br tbreak tb hbreak thbreak", "break [WHERE] [if COND]", "WHERE is FUNCTION, FILE:FUNCTION, [FILE:]LINE, +N, FILE:* or *EXPR; tbreak stops once"],
  ["break b br tbreak tb hbreak thbreak", "set breakpoint pending on|off", "keep a breakpoint until its code is there (on), or refuse it (off)"],
  ["rbreak", "rbreak [FILE:]REGEX", "a breakpoint on each matching function"],
  ["watch rwatch awatch", "watch [-l] PLACE [if COND]", "stop when PLACE changes (rwatch: is read, awatch: either)"],
  ["watch rwatch awatch", "", "PLACE is a C lvalue, lapic.timer_initial_count, LAPIC_ICR_TIMER, msr 0x1b, port 0x70-0x71, phys ADDR,LENGTH"],
  ["delete d enable disable", "delete|enable|disable [N... | N-M]", "breakpoints by number, or all"],
  ["enable", "enable once|delete N..., enable count COUNT N...", "on, until it has stopped once (COUNT times); gone after it"],
  ["ignore condition", "ignore N COUNT, condition N [COND]", "let COUNT hits pass; change or drop a condition"],
  ["commands", "commands [N...], lines, end", "what the console does at a stop; silent first: nothing is told; c last: run on"],
  ["symbol-file add-symbol-file remove-symbol-file", "add-symbol-file FILE ADDRESS [-s SECTION ADDRESS]...", "symbols of a module, where the kernel has put it; breakpoints that wait for it are set"],
  ["symbol-file add-symbol-file remove-symbol-file", "symbol-file FILE, remove-symbol-file FILE | -a ADDRESS", "other symbols for the kernel; those of a module no more"],
  ["printf echo output", "printf \"FORMAT\", EXPR..., echo TEXT, output EXPR", "print without a history number"],
  ["continue c next n step s finish fin nexti ni stepi si", "c n s ni si finish", "run on, step"],
  ["until u advance", "until [WHERE], advance WHERE", "run to a place, or out of the function"],
]; // biome-ignore format: a table

/** Every command's name, for completion. */
export const COMMAND_NAMES: readonly string[] = [
  ...new Set(COMMANDS.flatMap(([names]) => names.split(" "))),
].filter((name) => name.length > 1);

/** The list, or the lines of one command. */
export function help(name: string): string {
  const wanted = name.trim();
  const chosen = wanted === "" ? COMMANDS : COMMANDS.filter(([names]) => names.split(" ").includes(wanted));
  if (chosen.length === 0) return `Undefined command: "${wanted}".  Try "help".`;
  const lines = chosen.map(([, usage, text]) => `  ${usage.padEnd(52)} ${text}`);
  const head =
    wanted === "" ? ["C expressions are evaluated as gdb does; EXPR,x or /x EXPR gives a format."] : [];
  return [...head, ...lines].join("\n");
}
