// Does a console's text end in a question? Knows nothing of VS Code.

/** `root device: `, `mountroot> `, `login: `, `db{0}> `, `Press any key to reboot.`: an unfinished line that asks. */
const PROMPT = /[:>#$?\]]\s*$/;
const ANY_KEY = /any key [^\n]*\s*$/i;

/** `text` is what the guest printed up to now, of which the last line counts. */
export function waitsAtPrompt(text: string): boolean {
  const lines = text.split("\n");
  const last = (lines.at(-1) ?? "").replace(/\r/g, "");
  return last.trim() === "" ? ANY_KEY.test(text.slice(-200)) : PROMPT.test(last);
}
