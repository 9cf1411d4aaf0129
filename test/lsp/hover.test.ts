// Hover over a real LSP connection: what a kernel developer reads of a name.
import { expect, test } from "vitest";
import { startSession } from "./session.ts";

async function hover(line: string, options: { bare?: boolean } = {}): Promise<string> {
  const files = `
//- sys/kern/user.c
/* A user. */
static void
user(struct timecounter *tc)
{
	${line}
}
`;
  await using session = await startSession({ files, ...options });
  await session.ended();
  const found: { contents: { value: string } } | null = await session.client.sendRequest(
    "textDocument/hover",
    session.cursor(),
  );
  return found?.contents.value ?? "";
}

test("a function: signature, comment above, where and how often", async () => {
  expect(await hover("tc_in$0it(tc);")).toMatchInlineSnapshot(`
    "\`\`\`c
    void tc_init(struct timecounter *tc)
    \`\`\`

    Initialize a new timecounter and possibly use it.  
    Quality decides first, then frequency.

    defined in sys/kern/kern_tc.c:11 · 3 calls in 3 functions · calls 1 function"
  `);
});

test("a global: its assignments are counted", async () => {
  expect(await hover("x = lapic_per$0_second;")).toMatchInlineSnapshot(`
    "\`\`\`c
    uint64_t lapic_per_second
    \`\`\`

    defined in sys/arch/x86/x86/lapic.c:3 · 2 assignments · 2 other uses"
  `);
});

test("a macro: what it comes to, where its text does not say so itself", async () => {
  const files = `
//- sys/kern/user.c
#define	BIT(n)	((n) >= __CHAR_BIT__ * sizeof(__UINTMAX_TYPE__) ? 0 : (__UINTMAX_TYPE__)1 << (n))
#define	SHIFT	17
#define	MODE	(BIT(SHIFT) | SHIFT)
#define	NAME	rtc_$0mode(MODE)
SYSINIT(BIT)
void user(void) { x = MODE; x = SHIFT; x = NAME; }
`;
  await using session = await startSession({ files });
  await session.ended();
  const ask = async (line: number, character: number) => {
    const cursor = { ...session.cursor(), position: { line, character } };
    const found = await session.client.sendRequest<{ contents: { value: string } }>("textDocument/hover", cursor);
    return found.contents.value.split("\n\n").slice(1);
  };
  expect(await ask(5, 24)).toEqual(["value `131089` (`0x20011`)", expect.stringContaining("defined in")]);
  expect(await ask(5, 34)).toEqual([expect.stringContaining("defined in")]);
  expect(await ask(5, 45)).toEqual([expect.stringContaining("defined in")]);
}); // biome-ignore format: hovers

test("a name of thousands of places: not counted to the end", async () => {
  expect(await hover(`timecount$0er; ${"timecounter = 0; ".repeat(5001)}`)).toContain("more than 5,000 uses");
});

test("a struct's member", async () => {
  expect(await hover("x = tc->tc_freq$0uency;")).toMatchInlineSnapshot(`
    "\`\`\`c
    uint64_t tc_frequency;
    \`\`\`

    defined in sys/sys/timetc.h:5 · 1 assignment · 2 other uses"
  `);
});

test("a clock register's constant: what the manual says of the register, then the macro", async () => {
  expect(await hover("x = lapic_readreg(LAPIC_ICR_$0TIMER);")).toMatchInlineSnapshot(`
    "**Local APIC: Initial Count Register (for Timer)**

    xAPIC offset \`0x380\` · x2APIC MSR \`0x838\` · read/write

    Writing it copies the value into the current count and starts the count-down; 0 stops the timer. Ignored in TSC-deadline mode. In periodic mode it is the period, in ticks after the divider.

    *Intel SDM vol. 3, Advanced Programmable Interrupt Controller (APIC): APIC Timer*

    ---

    \`\`\`c
    #define	LAPIC_ICR_TIMER		0x380	/* Initial count */
    \`\`\`

    defined in sys/arch/x86/include/i82489reg.h:1 · 2 uses"
  `);
});

test("a constant that is a value of a field says so", async () => {
  expect(await hover("x = LAPIC_LVT_TMM_$0PERIODIC;")).toMatchInlineSnapshot(`
    "**Local APIC: LVT Timer Register**

    xAPIC offset \`0x320\` · x2APIC MSR \`0x832\` · read/write

    \`LAPIC_LVT_TMM_PERIODIC\` sets bits 18:17, Timer Mode to 1: periodic.

    Mode, mask and vector of the timer. Masked, the timer counts all the same: that is how kernels calibrate it.

    | bits | field | |
    |---|---|---|
    | 18:17 | **Timer Mode** | 0: one-shot, 1: periodic, 2: TSC-deadline, 3: reserved |
    | 16 | Mask | 1 keeps the interrupt from being delivered. 0: not masked, 1: masked |
    | 12 | Delivery Status | Read only. 0: idle, 1: send pending |
    | 7:0 | Vector | Interrupt vector; 16 to 255 are valid. |

    *Intel SDM vol. 3, Advanced Programmable Interrupt Controller (APIC): APIC Timer*"
  `);
});

test("register constants need no kernel tree", async () => {
  expect(await hover("x = lapic_readreg(LAPIC_ICR_$0TIMER);", { bare: true })).toContain("Initial Count");
});

test("nothing for what is no name", async () => {
  expect(await hover("x = 12$03;")).toBe("");
  expect(await hover("unknown_na$0me();")).toBe("");
});
