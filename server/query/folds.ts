// What can be folded in a C text as it is now: bodies in braces, groups of #if, comments of several lines, runs of #include. Works line by
// line on text whose strings and comments are taken away first; never fails.

export interface Fold {
  readonly kind: "body" | "conditional" | "comment" | "includes";
  /** Both from 0; the last line is folded away, too, unless it closes what the first opens. */
  readonly first: number;
  readonly last: number;
}

/** In order of their first lines. */
export function folds(text: string): Fold[] {
  const found: Fold[] = [];
  const comments: Fold[] = [];
  const code = withoutComments(text, comments).split("\n");
  found.push(...comments);
  const braces: number[] = [];
  const groups: number[] = [];
  let includes: number | undefined;
  const close = (kind: Fold["kind"], first: number | undefined, last: number) => {
    if (first !== undefined && last > first) found.push({ kind, first, last });
  };
  code.forEach((content, line) => {
    const directive = /^\s*#\s*(\w+)/.exec(content)?.[1];
    if (directive !== "include" && content.trim() !== "") {
      close("includes", includes, lastText(code, line - 1));
      includes = undefined;
    }
    switch (directive) {
      case "include":
        includes ??= line;
        return;
      case "if":
      case "ifdef":
      case "ifndef":
        groups.push(line);
        return;
      case "elif":
      case "else":
        close("conditional", groups.pop(), line - 1);
        groups.push(line);
        return;
      case "endif":
        close("conditional", groups.pop(), line - 1);
        return;
    }
    for (const brace of content.match(/[{}]/g) ?? [])
      if (brace === "{") braces.push(line);
      else close("body", braces.pop(), line - 1);
  });
  return found.sort((a, b) => a.first - b.first || b.last - a.last);
}

function lastText(code: readonly string[], from: number): number {
  let line = from;
  while (line > 0 && code[line]!.trim() === "") line--;
  return line;
}

/** Comments, strings and character constants as blanks; line ends stay. Comments of several lines are told. */
function withoutComments(text: string, comments: Fold[]): string {
  let line = 0;
  let counted = 0;
  const lineAt = (offset: number) => {
    for (; counted < offset; counted++) if (text.charCodeAt(counted) === 10) line++;
    return line;
  };
  return text.replace(
    /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?/g,
    (match, offset: number) => {
      const ends = match.split("\n").length - 1;
      if (match.startsWith("/*") && ends > 0) {
        const first = lineAt(offset);
        comments.push({ kind: "comment", first, last: first + ends });
      }
      return match.replace(/[^\n]/g, " ");
    },
  );
}
