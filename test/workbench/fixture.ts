// The test function of the workbench tests: gives each test a Workbench on a fresh page, takes a screenshot when it fails.
import type { Browser } from "playwright-core";
import { test as base, inject } from "vitest";
import { newPage, startBrowser } from "./browser.ts";
import { Workbench } from "./workbench.ts";

interface Fixtures {
  browser: Browser;
  workbench: Workbench;
}

export const test = base.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to see what a fixture needs
    async ({}, use) => {
      const browser = await startBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  workbench: async ({ browser, task }, use) => {
    const page = await newPage(browser);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    const workbench = new Workbench(page, inject("screenshots"));
    await use(workbench);
    if (task.result?.state === "fail") {
      await workbench.screenshot(`failed ${task.name}`.replace(/[^\w-]+/g, "-"));
      console.log(`What the workbench complained of in "${task.name}":\n${complaints.slice(-40).join("\n")}`);
    }
    await page.context().close();
  },
});
