// `clockpath boot --interactive`: what is typed here goes to the guest's console, key by key where this is a terminal.

/** Ctrl-], as in telnet: nothing that a kernel's console wants. */
const LEAVE = "\x1d";

/** Hands keys to `type` until the body is done; Ctrl-] or the end of a pipe's text calls `leave` or nothing. */
export async function withKeyboard(
  input: NodeJS.ReadStream,
  { type, leave }: { type(text: string): void; leave(): void },
  body: () => Promise<number>,
): Promise<number> {
  const onData = (data: Buffer) => {
    const [keys = "", ...rest] = data.toString("utf8").split(LEAVE);
    // A pipe's lines end as Enter does.
    if (keys !== "") type(input.isTTY ? keys : keys.replaceAll("\n", "\r"));
    if (rest.length > 0) leave();
  };
  if (input.isTTY) input.setRawMode(true);
  input.on("data", onData);
  try {
    return await body();
  } finally {
    input.off("data", onData);
    if (input.isTTY) input.setRawMode(false);
    input.pause();
  }
}
