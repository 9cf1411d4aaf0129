// The browser that shows the workbench: one headless Chromium for a test file, one fresh context (no cookies, no
// storage) for each page.
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "./install.mjs";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Nothing but the workbench's own server can be reached.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium");
  return chromium.launch({ executablePath, args: flags, headless: true });
}

/** A page with its own storage, large enough that the debug side bar's views fit. */
export async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1600, height: 1000 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  return page;
}
