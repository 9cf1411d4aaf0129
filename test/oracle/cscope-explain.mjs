// Why a line that cscope gives for a name is none of ours, proved on the source's text: what stands in that line where the name
// stands, read by a small reader of its own that shares nothing with the index but which mark begins an assembler's comment.

/** Of a line that no rule explains: to be read by a person. */
export const OPEN = "to be read";

const skipped = {
  comment: "it stands in a comment",
  string: "it stands in a string",
  message: "it stands in the free text of #error, #warning, #pragma or the like",
  directive: "it is a directive's own word",
  include: "it is part of an included file's name",
  operator: "it is the preprocessor's operator `defined`",
  parameter: "it is the parameter of the macro that is defined there",
};

const conditions = new Set(["if", "ifdef", "ifndef", "elif", "else", "endif", "undef"]);
const includes = new Set(["include", "include_next", "import"]);
const messages = new Set(["error", "warning", "pragma", "ident", "line", "assert", "sccs"]);
const assignment = /^([-+*/%&|^]|<<|>>)?=$/;
const statementWords = new Set("return else case do goto sizeof if while for switch typeof".split(" "));

const anyLine = /(?:\\\n|[^\n])*/y;
const lineWithComments = /(?:\\\n|\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))|[^\n])*/y;
const comment = /\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))|\/\/(?:\\\n|[^\n])*/y;
const strings = { '"': /"(?:\\[\s\S]|[^"\\\n])*"?/y, "'": /'(?:\\[\s\S]|[^'\\\n])*'?/y };
const oneToken = /\w+|->|<<=|>>=|<<|>>|\+\+|--|##|[-+*/%&|^!=<>]=|[\s\S]/y;

/** Reads a text into tokens: `{ text, line, place, macro }`, where place is "code" or one of `skipped`. */
class Reader {
  tokens = [];
  #text;
  #options;
  #line = 1;
  #at = 0;
  /** The directive that is being read: its name, and a macro's parameters. */
  #directive;
  #lineIsEmpty = true;

  constructor(source, options) {
    this.#text = source.replaceAll("\r", " ");
    this.#options = options;
    while (this.#at < this.#text.length) this.#next();
  }

  #next() {
    const { assembly } = this.#options;
    if (this.#take(comment, "comment")) return;
    const c = this.#text[this.#at];
    const continues = c === "\\" && this.#text[this.#at + 1] === "\n";
    if (c === "\n" || continues) {
      if (!continues) {
        this.#directive = undefined;
        this.#lineIsEmpty = true;
      }
      this.#line++;
      this.#at += continues ? 2 : 1;
    } else if (/\s/.test(c)) this.#at++;
    else if (c === "#" && this.#lineIsEmpty) this.#startDirective();
    else if (assembly && this.#directive === undefined && this.#isAssemblerComment(c))
      this.#take(anyLine, "comment");
    else {
      this.#lineIsEmpty = false;
      if (c === '"' || (c === "'" && !assembly)) {
        this.#take(strings[c], "string");
        this.#push('""', "code");
      } else {
        const token = this.#match(oneToken);
        this.#at += token.length;
        this.#push(token, this.#placeOf(token));
      }
    }
  }

  #push(text, place) {
    this.tokens.push({ text, line: this.#line, place, macro: this.#directive?.name === "define" });
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  /** Takes the text that matches here; its words get the place. */
  #take(pattern, place) {
    const found = this.#match(pattern);
    if (found === undefined) return false;
    for (const part of found.split(/(\w+|\n)/)) {
      if (part === "\n") this.#line++;
      else if (/^\w/.test(part)) this.#push(part, place);
    }
    this.#at += found.length;
    return true;
  }

  #isAssemblerComment(c) {
    if (c === this.#options.mark) return true;
    return c === "#" && !/[\w(\-~:'<$%.]/.test(this.#text[this.#at + 1] ?? "\n");
  }

  #placeOf(token) {
    if (this.#directive === undefined) return "code";
    if (token === "defined" && this.#directive.name !== "define") return "operator";
    return this.#directive.parameters.has(token) ? "parameter" : "code";
  }

  #startDirective() {
    this.#lineIsEmpty = false;
    this.#take(/#[ \t]*\w*/y, "directive");
    const name = this.tokens.at(-1)?.place === "directive" ? this.tokens.at(-1).text : "";
    const rest = this.#text.slice(this.#at, this.#at + 4000);
    const parameters = /^(?:[ \t]|\\\n)+\w+\(([^)]*)\)/.exec(rest)?.[1].match(/\w+/g) ?? [];
    if (name === "define") this.#directive = { name, parameters: new Set(parameters) };
    else if (includes.has(name) && /^\s*["<]/.test(rest)) this.#take(lineWithComments, "include");
    else if (includes.has(name) || conditions.has(name)) this.#directive = { name, parameters: new Set() };
    else if (this.#options.assembly && !messages.has(name)) {
      if (name !== "") this.tokens.at(-1).place = "comment";
      this.#take(anyLine, "comment");
    } else this.#take(lineWithComments, "message");
  }
}

/**
 * Says of each token of code whether it stands in a function: in braces that a `)` precedes (or, with old parameters, a `;`), outside
 * of all others. The braces of both branches of an `#if` count from where it stood. Text of macros is left out.
 */
function markFunctions(tokens) {
  const branches = [];
  let braces = [];
  let previous = ";";
  for (const token of tokens) {
    const { place, text } = token;
    if (place === "directive") {
      if (/^if/.test(text)) branches.push(braces);
      else if (/^el/.test(text)) braces = branches.at(-1) ?? [];
      else if (text === "endif") branches.pop();
    }
    if (place !== "code" || token.macro) continue;
    if (text === "{") braces = [...braces, braces.length === 0 && /^[);]$/.test(previous)];
    if (text === "}") braces = braces.slice(0, -1);
    token.inFunction = braces.includes(true);
    previous = text;
  }
}

/** A file's tokens by line, and those of them that no comment, string or free text holds. */
export function readPlaces(source, options) {
  const { tokens } = new Reader(source, options);
  markFunctions(tokens);
  const code = tokens.filter(
    ({ place }) => place === "code" || place === "parameter" || place === "operator",
  );
  for (const [i, token] of code.entries()) token.at = i;
  return { byLine: groupByLine(tokens), code, ...options };
}

function groupByLine(tokens) {
  const lines = new Map();
  for (const token of tokens) {
    const known = lines.get(token.line);
    if (known === undefined) lines.set(token.line, [token]);
    else known.push(token);
  }
  return lines;
}

/** Why the line is none of ours, by the places of its file. `query` is references, callers or assignments. */
export function explain(query, name, line, { byLine, code, assembly }) {
  const here = (byLine.get(line) ?? []).filter(({ text }) => text === name);
  if (here.length === 0) return "the name does not stand in that line";
  const inCode = here.filter(({ place }) => place === "code");
  if (inCode.length === 0) return skipped[here[0].place];
  const reasons = inCode.map(({ at: i }) => {
    if (query === "callers") return notCalled(code, i, assembly);
    return query === "assignments" ? notWritten(code, i) : undefined;
  });
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : OPEN;
}

function notCalled(code, i, assembly) {
  const text = (at) => code[at]?.text ?? "";
  const before = text(i - 1);
  if (text(i + 1) !== "(") return "the name is used, not called";
  if (before === "." || before === "->") return "a call through a field, not of the function";
  if (before === "define") return "a macro's definition, not a call";
  if (text(i + 2) === "*" && /^\w+$/.test(text(i + 3)) && text(i + 4) === ")")
    return "the type of a pointer to a function, not a call";
  if (assembly && !/^[;:]$/.test(before) && code[i - 1]?.line === code[i].line)
    return "an instruction's operand with a displacement, not a call";
  if (/^\w+$/.test(before) && !statementWords.has(before) && code[i - 1].line === code[i].line)
    return "a declaration, not a call";
  if (!code[i].macro && !code[i].inFunction) return "it stands in no function";
  if (isCxx(code)) return "it stands in a class of C++";
  return undefined;
}

/** Words that stand before a name in C++ only. */
function isCxx(code) {
  return code.some(({ text, macro }, i) => {
    const isWord = /^(class|template|namespace)$/.test(text) && !macro;
    return isWord && /^(\w+|<)$/.test(code[i + 1]?.text ?? "");
  });
}

function notWritten(code, i) {
  const text = (at) => code[at]?.text ?? "";
  if (text(i - 1) === "++" || text(i - 1) === "--") return undefined;
  let next = i + 1;
  for (; text(next) === "["; next++) {
    let depth = 0;
    do {
      if (text(next) === "[") depth++;
      else if (text(next) === "]") depth--;
      next++;
    } while (depth > 0 && next < code.length);
    next--;
  }
  while (text(next) === ")") next++;
  if (assignment.test(text(next)) || text(next) === "++" || text(next) === "--") return undefined;
  if (text(next) === "." || text(next) === "->") return "a member of it is written, not it";
  return "read or compared, not written";
}
