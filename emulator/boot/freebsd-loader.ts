// What FreeBSD's loader would make of a command line: boot(8)'s flags and loader variables. Must not know where they go.

import { latin1 } from "./command-line.ts";

/** sys/sys/reboot.h, by the letters of boot(8). */
const RB_FLAGS: Readonly<Record<string, number>> = {
  a: 0x1, // ask for the root device
  s: 0x2, // single user
  d: 0x40, // enter the debugger early
  v: 0x800, // verbose
  h: 0x1000, // serial console
  D: 0x20000000, // both consoles
};
const RB_SERIAL = 0x1000;

/** COM1 is the only console there is; a command line may say otherwise. */
const DEFAULTS: readonly [string, string][] = [
  ["console", "comconsole"],
  ["hw.uart.console", "io:0x3f8,br:115200"],
];

export interface LoaderSettings {
  /** "name=value" strings, each with a NUL, and an empty one at the end. */
  environment: Uint8Array;
  /** RB_* bits. */
  howto: number;
}

/**
 * Words `-v`, `-sv` are flags, `name=value` are variables (quotes keep spaces); a word without "=" is a variable that says YES.
 * Throws RangeError for an unknown flag or a character that is not Latin-1.
 */
export function loaderSettings(cmdline: string): LoaderSettings {
  let howto = RB_SERIAL;
  const variables = new Map(DEFAULTS);
  for (const word of words(cmdline)) {
    if (word.startsWith("-")) howto |= flags(word);
    else {
      const equals = word.indexOf("=");
      if (equals < 0) variables.set(word, "YES");
      else variables.set(word.slice(0, equals), word.slice(equals + 1));
    }
  }
  const text = [...variables].map(([name, value]) => `${name}=${value}`);
  const strings = text.map((line) => latin1(line, `The loader variable "${line}"`));
  const environment = new Uint8Array(strings.reduce((sum, s) => sum + s.length, 1));
  let at = 0;
  for (const string of strings) {
    environment.set(string, at);
    at += string.length;
  }
  return { environment, howto };
}

function flags(word: string): number {
  let bits = 0;
  for (const letter of word.slice(1)) {
    const bit = RB_FLAGS[letter];
    if (bit === undefined)
      throw new RangeError(`Unknown boot flag "-${letter}"; known: -${Object.keys(RB_FLAGS).join(", -")}.`);
    bits |= bit;
  }
  return bits;
}

/** Splits at spaces outside of double quotes; quotes are taken away. */
function words(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) => word.replaceAll('"', ""));
}
