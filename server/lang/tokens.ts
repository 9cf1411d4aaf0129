// The kinds of C tokens. A punctuator of one character is its own character code (33 to 126); everything else has a
// number below 33 or above 127. Knows nothing of what the tokens mean.

export const END = 0;
export const IDENTIFIER = 1;
export const KEYWORD = 2;
/** A number or a character constant. */
export const NUMBER = 3;
export const STRING = 4;

// A directive is one of these, then the tokens of its line, then DIRECTIVE_END.
export const PP_DEFINE = 8;
export const PP_UNDEF = 9;
export const PP_IF = 10;
export const PP_IFDEF = 11;
export const PP_IFNDEF = 12;
export const PP_ELIF = 13;
export const PP_ELSE = 14;
export const PP_ENDIF = 15;
/** `#include`; the value is the name of the target, interned; what `<` or `"` stood before it, start tells. */
export const PP_INCLUDE = 16;
export const DIRECTIVE_END = 17;
/** First and last kind that is a directive's token. */
export const PP_FIRST = PP_DEFINE;
export const PP_LAST = DIRECTIVE_END;

export const ARROW = 128; // ->
export const INCREMENT = 129; // ++ --
export const ASSIGN_OP = 130; // += -= ...
export const COMPARE = 131; // == != <= >=
export const LOGICAL = 132; // && ||
export const SHIFT = 133; // << >>
export const ELLIPSIS = 134; // ...
export const PASTE = 135; // ##

export const PAREN_OPEN = 0x28;
export const PAREN_CLOSE = 0x29;
export const BRACE_OPEN = 0x7b;
export const BRACE_CLOSE = 0x7d;
export const BRACKET_OPEN = 0x5b;
export const BRACKET_CLOSE = 0x5d;
export const SEMICOLON = 0x3b;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const EQUALS = 0x3d;
export const STAR = 0x2a;
export const AMPERSAND = 0x26;
export const DOT = 0x2e;
export const PERCENT = 0x25;
