// The lexer: bytes in, tokens out; any bytes.
import { describe, expect, it } from "vitest";
import { Lexer } from "../../server/lang/lexer.ts";
import { NameTable } from "../../server/lang/names.ts";
import * as T from "../../server/lang/tokens.ts";

const wordOf: Record<number, string> = {
  [T.NUMBER]: "number",
  [T.STRING]: "string",
  [T.ARROW]: "->",
  [T.INCREMENT]: "++",
  [T.ASSIGN_OP]: "op=",
  [T.COMPARE]: "==",
  [T.LOGICAL]: "&&",
  [T.SHIFT]: "<<",
  [T.ELLIPSIS]: "...",
  [T.PASTE]: "##",
  [T.PP_DEFINE]: "#define",
  [T.PP_IF]: "#if",
  [T.PP_ELSE]: "#else",
  [T.PP_ENDIF]: "#endif",
  [T.PP_INCLUDE]: "#include",
  [T.DIRECTIVE_END]: "#end",
};

/** `line:token` of a text. */
function lex(text: string | Uint8Array, dialect: "c" | "asm" = "c"): string {
  const names = new NameTable();
  const lexer = new Lexer();
  const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
  lexer.lex(bytes, bytes.length, names, dialect);
  const words: string[] = [];
  for (let i = 0; i < lexer.count; i++) {
    const kind = lexer.kinds[i]!;
    const named = lexer.values[i] !== 0 ? names.text(lexer.values[i]!) : "";
    const word = wordOf[kind] ?? (named === "" ? String.fromCharCode(kind) : "");
    words.push(`${lexer.lines[i]}:${word}${named}`);
  }
  return words.join(" ");
}

describe("lexer", () => {
  it("tells names, keywords, numbers and strings apart", () => {
    expect(lex(`int x1 = 0x1fUL + 1.5e-3 + 'a' + "s";`)).toBe(
      `1:int 1:x1 1:= 1:number 1:+ 1:number 1:+ 1:number 1:+ 1:string 1:;`,
    );
  });

  it("joins the operators that matter and keeps 0xe+1 a sum", () => {
    expect(lex("a->b += c++ == 0xe+1 && d<<2; e >>= 1; f...")).toBe(
      "1:a 1:-> 1:b 1:op= 1:c 1:++ 1:== 1:number 1:+ 1:number 1:&& 1:d 1:<< 1:number 1:; 1:e 1:op= 1:number 1:; 1:f 1:...",
    );
  });

  it("skips comments and counts their lines", () => {
    expect(lex("a /* x\n * y */ b // c \\\n d\ne")).toBe("1:a 2:b 4:e");
  });

  it("ends an unclosed string with its line, and a spliced one with its quote", () => {
    expect(lex(`a = "x\nb = "y \\\n z" c 'q\\'' d`)).toBe(
      "1:a 1:= 1:string 2:b 2:= 2:string 3:c 3:number 3:d",
    );
  });

  it("marks directives and their end, through continued lines and comments", () => {
    expect(lex("#define F(x) \\\n  g(x) /* a\n b */ + 1\nh")).toBe(
      "1:#define 1:F 1:( 1:x 1:) 2:g 2:( 2:x 2:) 3:+ 3:number 3:#end 4:h",
    );
    expect(lex(`#include <sys/param.h> // why\n # include "x.h"\n`)).toBe(
      "1:#includesys/param.h 1:#end 2:#includex.h 2:#end",
    );
  });

  it("skips directives with free text", () => {
    expect(lex("#error don't\n#pragma once\n#warning it's\n#unknown x\na")).toBe("5:a");
  });

  it("reads assembly: quotes are no strings, # begins a comment", () => {
    expect(lex("mov $'a, %eax # don't\n# comment\n#ifdef X\nb", "asm")).toContain("1:mov");
    expect(lex("mov $'a, %eax # don't\n# comment\nb", "asm")).toMatch(/%\s1:eax 3:b$/);
  });

  it("gives columns in bytes from 1 and takes a byte order mark for nothing", () => {
    const names = new NameTable();
    const lexer = new Lexer();
    const bytes = Buffer.from("\u{feff}a\n\tbc\n");
    lexer.lex(bytes, bytes.length, names, "c");
    expect([lexer.count, lexer.column(1), lexer.lines[1]]).toEqual([2, 2, 2]);
  });

  it("survives any bytes", () => {
    let seed = 12345;
    const random = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed >> 8;
    };
    const alphabet = Buffer.from(`ab0"'/*\\\n#{}();=<>.-+&|!%^ \r\t\xff\x00define if else endif`, "latin1");
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from({ length: random() % 200 }, () => alphabet[random() % alphabet.length]!);
      expect(() => lex(bytes), `seed round ${round}`).not.toThrow();
      expect(() => lex(bytes, "asm"), `seed round ${round}`).not.toThrow();
    }
  });
});
