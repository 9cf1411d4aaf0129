// Macros for the debugger's expressions: the text of a name's #define, as the chosen configuration's sources have it.
import type { MacroText } from "../query/macro.ts";
import { macroText } from "../query/macro.ts";
import type { Context } from "./context.ts";
import { answer } from "./requests.ts";
import { visibleFrom } from "./visible.ts";

export function registerMacros(context: Context): void {
  answer(context.connection, "clockpath/macro", ({ name, file }) => {
    for (const index of context.indexes()) {
      const from = file === undefined ? undefined : index.relative(file);
      const found = index.definitions(name, from === undefined ? {} : { from });
      const macros = found.filter(({ kind, declaration }) => kind === "macro" && !declaration);
      for (const definition of visibleFrom(context, index, from ?? "", macros)) {
        const text = Buffer.from(index.text(definition.file)).toString();
        const macro: MacroText | undefined = macroText(text, definition.line, name);
        if (macro) return macro;
      }
    }
    return null;
  });
}
