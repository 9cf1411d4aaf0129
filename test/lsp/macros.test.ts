// The text of a macro over a real LSP connection, as the debugger's expressions ask for it.
import { expect, test } from "vitest";
import { startSession } from "./session.ts";

test("a macro's replacement; null for what is none", async () => {
  const files = `
//- sys/arch/x86/include/specialreg.h
#define	CPUID_TSC	0x00000010	/* time stamp counter */
#define	CPUID_BIT(n) \\
	(1U << (n))
int CPUID_VARIABLE;
//- sys/kern/user.c
int x$0;
`;
  await using session = await startSession({ files });
  await session.ended();
  const ask = (name: string) => session.client.sendRequest("clockpath/macro", { name });
  expect(await ask("CPUID_TSC")).toEqual({ body: "0x00000010" });
  expect(await ask("CPUID_BIT")).toEqual({ parameters: ["n"], body: "(1U << (n))" });
  expect(await ask("CPUID_VARIABLE")).toBeNull();
  expect(await ask("__proto__")).toBeNull();
});
