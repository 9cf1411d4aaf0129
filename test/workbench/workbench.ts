// What a user does in the workbench, as functions: open a file, run a command, set a breakpoint, read a view.
// The only file that knows the workbench's selectors.
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";

/** Waits until `probe` gives a value that is neither undefined nor false; fails with `what` and the last one seen. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  seconds = 40,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export class Workbench {
  constructor(
    readonly page: Page,
    private readonly screenshots: string,
  ) {}

  /** Opens a folder and waits until the workbench has its file tree and its status bar. */
  open(url: string, folder: string): Promise<void> {
    return this.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
  }

  /** The same for a `.code-workspace` file. */
  openWorkspaceFile(url: string, file: string): Promise<void> {
    return this.goto(`${url}/?workspace=${encodeURIComponent(file)}`);
  }

  private async goto(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator(".monaco-workbench .explorer-folders-view").first().waitFor();
    await this.page.locator(".statusbar-item").first().waitFor();
  }

  /** Saves what is on the screen as NAME.png in the folder for screenshots. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(this.screenshots, { recursive: true });
    await this.page.waitForTimeout(300); // hovers fade in
    await this.page.screenshot({ path: path.join(this.screenshots, `${name}.png`) });
  }

  // Commands, files, editor

  /** Runs a command of the palette by its full label. The palette lists what is known when it opens: right after the start it is opened again. */
  async command(label: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    await eventually(`the command ${label}`, async () => {
      await this.page.keyboard.press("F1");
      await input.waitFor();
      await input.fill(`>${label}`);
      const row = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: label });
      const there = await row.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
      await input.press(there ? "Enter" : "Escape");
      return there;
    });
  }

  /** Opens a file of the workspace through the quick open box, by the end of its path. */
  async openFile(file: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    // A view that gets the focus at this moment closes the box.
    await eventually(`the box for ${file}`, async () => {
      await this.page.keyboard.press("Control+P");
      await input.waitFor();
      return input.fill(file, { timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    const name = path.posix.basename(file);
    await this.page.locator(`.quick-input-list .monaco-list-row.focused[aria-label*="${name}"]`).waitFor();
    await input.press("Enter");
    await this.activeTab(name).waitFor();
  }

  activeTab(name: string): Locator {
    return this.page.locator(`.tab.active[data-resource-name="${name}"]`);
  }

  async pick(text: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
    await row.click();
  }

  /** Chooses from the list that has come up, by typing: a click may come before the list has its focus. */
  async choose(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    await input.waitFor();
    await input.fill(text);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: text }).waitFor();
    await input.press("Enter");
  }

  /** Moves the cursor there and centres the line. */
  async goToLine(line: number, column = 1): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    await this.page.keyboard.press("Control+G");
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await input.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.lineNumber(line).waitFor();
  }

  /** Goes to a symbol of the workspace by a few of its letters. */
  async goToSymbol(letters: string, name: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    await this.page.keyboard.press("Control+T");
    await input.waitFor();
    await input.fill(`#${letters}`);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name }).waitFor();
    await input.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Clicks into a word of the editor. */
  async placeCursor(word: string, context = word): Promise<void> {
    const { x, y } = await this.placeOf(word, context);
    await this.page.mouse.click(x, y);
  }

  /** The rows of the call hierarchy in the side bar, as text. */
  async callHierarchy(): Promise<string[]> {
    const rows = this.page.locator(".tree-explorer-viewlet-tree-view .monaco-list-row");
    return (await rows.allInnerTexts()).map(oneLine);
  }

  /** The line number in the active editor's margin; its box tells where the line is. */
  private lineNumber(line: number): Locator {
    const exactly = new RegExp(`^${line}$`);
    return this.page.locator(".editor-instance .margin-view-overlays .line-numbers", { hasText: exactly });
  }

  /** Sets or removes a breakpoint as users do: a click into the glyph margin beside the line. */
  async clickGutter(line: number): Promise<void> {
    const row = await this.lineNumber(line).boundingBox();
    const margin = await this.page.locator(".editor-instance .margin-view-overlays").first().boundingBox();
    if (!row || !margin) throw new Error(`line ${line} is not on the screen`);
    await this.page.mouse.click(margin.x + 10, row.y + row.height / 2);
  }

  breakpointGlyphs(): Locator {
    return this.page.locator(".glyph-margin-widgets .codicon-debug-breakpoint");
  }

  /** The middle of `word` in the first line of the editor that holds `context` (which holds the word). The font is
   *  monospaced, so a column tells the place; tokens of the highlighter need not end where words do. */
  async placeOf(word: string, context = word): Promise<{ x: number; y: number }> {
    const line = this.page.locator(".editor-instance .view-line", { hasText: context }).first();
    const text = line.locator("> span");
    return eventually(`${context} on the screen`, async () => {
      const box = await text.boundingBox();
      const shown = ((await text.textContent()) ?? "").replaceAll("\u00a0", " ");
      const at = shown.indexOf(context) + context.indexOf(word);
      // While a file is being opened, the lines of the one before are still there.
      if (!box || !shown.includes(context)) return undefined;
      const width = box.width / shown.length;
      return { x: box.x + (at + word.length / 2) * width, y: box.y + box.height / 2 };
    });
  }

  /** Puts the mouse over a word of the editor and gives the text of the hovers that come up, once `wanted` is in it. */
  async hover(word: string, context: string, wanted: RegExp): Promise<string> {
    await this.page.mouse.move(5, 5);
    const { x, y } = await this.placeOf(word, context);
    await this.page.mouse.move(x, y, { steps: 3 });
    const hovers = this.page.locator(".monaco-hover:visible, .debug-hover-widget:visible");
    let seen = "";
    return eventually(
      `a hover over ${word} that says ${wanted}`,
      async () => {
        seen = (await hovers.allInnerTexts()).join("\n").trim();
        return wanted.test(seen) && seen;
      },
      10,
    ).catch((error) => {
      throw new Error(`${error.message}; it says: ${seen}`);
    });
  }

  async closeHover(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.page.mouse.move(5, 5);
  }

  // Debugging

  /** Starts the chosen launch configuration with the green arrow of the debug side bar. */
  async startDebugging(): Promise<void> {
    await this.page.keyboard.press("Control+Shift+D");
    await this.page.locator(".start-debug-action-item .codicon-debug-start").click();
  }

  /** Waits until the debugged program is stopped: the yellow line is in the editor. */
  async stopped(): Promise<void> {
    await this.page.locator(".debug-top-stack-frame-column, .debug-top-stack-frame-line").first().waitFor();
  }

  /** The call stack's rows as text, "tc_init kern_tc.c 12:1". */
  async callStack(): Promise<string[]> {
    const rows = this.page.locator(".debug-call-stack .monaco-list-row .stack-frame");
    return (await rows.allInnerTexts()).map(oneLine);
  }

  /** The functions of the call stack, once its top is `top` called by `caller`. */
  stackUnder(top: string, caller: string): Promise<string[]> {
    return eventually(`a call stack ${top} < ${caller}`, async () => {
      const functions = (await this.callStack()).map((row) => row.split("(")[0]!);
      return functions[0] === top && functions[1] === caller && functions;
    });
  }

  /** Selects a frame of the call stack by its function. */
  async selectFrame(name: string): Promise<void> {
    await this.page
      .locator(".debug-call-stack .monaco-list-row .stack-frame", { hasText: name })
      .first()
      .click();
  }

  /** The rows of the Variables view as text, scopes included. */
  async variables(): Promise<string[]> {
    const rows = this.page.locator(".debug-variables .monaco-list-row");
    return (await rows.allInnerTexts()).map(oneLine);
  }

  /** Opens a scope of the Variables view. VS Code opens the first one by itself, half a second after the stop, most of the time. */
  async expandScope(name: string): Promise<void> {
    const row = this.page.locator(".debug-variables .monaco-list-row", { hasText: name }).first();
    await row
      .and(this.page.locator('[aria-expanded="true"]'))
      .waitFor({ timeout: 3000 })
      .catch(() => {});
    if ((await row.getAttribute("aria-expanded")) === "false")
      await row.locator(".monaco-tl-twistie").click();
  }

  /** The debug console's rows as text. */
  async console(): Promise<string> {
    return (await this.page.locator(".repl .monaco-list-row").allInnerTexts()).join("\n");
  }

  /** The rows of the terminal that is in front, as text. */
  async terminal(): Promise<string> {
    const rows = this.page.locator(
      ".terminal-wrapper.active .xterm-rows > div, .terminal-wrapper.active .xterm-accessibility-tree > div",
    );
    return (await rows.allInnerTexts()).map((row) => row.replaceAll("\u00a0", " ").trimEnd()).join("\n");
  }

  /** Types into the terminal that is in front, and Enter. */
  async typeInTerminal(text: string): Promise<void> {
    await this.page.locator(".terminal-wrapper.active .xterm-screen").click();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }

  /** Types an expression into the debug console. */
  async evaluate(expression: string): Promise<void> {
    await this.page.locator(".repl-input-wrapper .monaco-editor").click();
    await this.page.keyboard.type(expression);
    await this.page.keyboard.press("Enter");
  }

  /** A view of the side bar by its title; opens it when it is collapsed. */
  async view(title: string): Promise<Locator> {
    const pane = this.page.locator(".split-view-view .pane", {
      has: this.page.locator(`.pane-header[aria-label^="${title}"]`),
    });
    const header = pane.locator(".pane-header");
    // The only view of a container shows no header.
    await header.waitFor({ state: "attached" });
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
    return pane;
  }

  /** The rows of a tree view, once `wanted` is in them. */
  rowsWith(title: string, wanted: RegExp): Promise<string[]> {
    return eventually(`${wanted} in ${title}`, async () => {
      const rows = await this.rows(title);
      return wanted.test(rows.join("\n")) && rows;
    });
  }

  /** Picks from the context menu of a view's row. */
  async contextMenu(title: string, row: string, entry: string): Promise<void> {
    const view = await this.view(title);
    await view.locator(".monaco-list-row", { hasText: row }).first().click({ button: "right" });
    const item = this.page.locator(".monaco-menu .action-label", { hasText: entry }).first();
    await item.waitFor();
    // A menu that has just opened takes a click for the end of the one that opened it.
    await eventually(`${entry} picked`, async () => {
      if ((await item.count()) === 0) return true;
      await item.click({ timeout: 1000 }).catch(() => {});
      return false;
    });
  }

  /** Shows a container of the activity bar. */
  async activity(title: string): Promise<void> {
    const item = this.page
      .locator(`.activitybar .action-item a.action-label[aria-label^="${title}"]`)
      .first();
    await item.click();
    await this.page.locator(".part.sidebar .composite.title", { hasText: title }).waitFor();
  }

  private async row(title: string, label: string): Promise<Locator> {
    const pane = await this.view(title);
    const begins = new RegExp(`^\\s*${label.replace(/[.*+?()[\]{}|^$\\]/g, "\\$&")}`);
    const row = pane.locator(".monaco-list-row", { hasText: begins });
    await row.first().waitFor();
    return row.first();
  }

  /** Opens a row of a tree view by its label. */
  async expandRow(title: string, label: string): Promise<void> {
    const row = await this.row(title, label);
    if ((await row.getAttribute("aria-expanded")) === "false")
      await row.locator(".monaco-tl-twistie").click();
  }

  async clickRow(title: string, label: string): Promise<void> {
    await (await this.row(title, label)).click();
  }

  /** Makes room for other views. */
  async collapse(...titles: string[]): Promise<void> {
    for (const title of titles) {
      const header = this.page.locator(`.pane-header[aria-label^="${title}"][aria-expanded="true"]`);
      if (await header.count()) await header.click();
    }
  }

  /** Drags the side bar's edge. */
  async widenSideBar(width: number): Promise<void> {
    const bar = await this.page.locator(".part.sidebar").boundingBox();
    if (!bar) throw new Error("there is no side bar");
    const y = bar.y + bar.height / 2;
    await this.page.mouse.move(bar.x + bar.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(bar.x + width, y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** The rows of a tree view as text, "label description". */
  async rows(title: string): Promise<string[]> {
    const pane = await this.view(title);
    return (await pane.locator(".monaco-list-row").allInnerTexts()).map(oneLine);
  }

  // Clockpath's own

  async chooseConfiguration(name: string): Promise<void> {
    await this.command("Clockpath: Choose a Kernel Configuration");
    await this.choose(name);
    await this.statusBar(name).waitFor();
  }

  /** Asks one of cscope's questions, by its letter, about the word under the cursor. */
  async query(letter: string): Promise<void> {
    await this.page.keyboard.press("Control+Alt+K");
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    await input.waitFor();
    await this.typeQuery(`${letter} ${await input.inputValue()}`);
  }

  /** Types into the box of questions. */
  async typeQuery(question: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-filter input");
    await input.waitFor();
    await input.fill(question);
    await this.page.locator(".quick-input-list .monaco-list-row").nth(1).waitFor({ state: "detached" });
    await input.press("Enter");
  }

  /** The Query view as text, its message first, once `wanted` is in it. */
  results(wanted: RegExp): Promise<string[]> {
    const view = this.page.locator(".part.panel .tree-explorer-viewlet-tree-view");
    return eventually(`${wanted} in the Query view`, async () => {
      const message = await view.locator(".message").allInnerTexts();
      const rows = await view.locator(".monaco-list-row").allInnerTexts();
      const text = [...message, ...rows].map(oneLine);
      return wanted.test(text.join("\n")) && text;
    });
  }

  /** The page inside the webview that is on the screen. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  async notifications(): Promise<string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
