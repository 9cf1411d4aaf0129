// Definition, declaration and references of the identifier under the cursor.
import type { Location } from "vscode-languageserver/node";
import type { Definition } from "../query/api.ts";
import { configDefinition } from "./config/definition.ts";
import { isConfig } from "./config/document.ts";
import { type Context, meanings, targetAt } from "./context.ts";
import { toLocation } from "./convert.ts";
import { inSteps } from "./requests.ts";
import { visibleFrom } from "./visible.ts";

export function registerNavigation(context: Context): void {
  context.connection.onDefinition((params) => {
    if (isConfig(context, params.textDocument.uri)) return configDefinition(context, params);
    const target = targetAt(context, params);
    if (!target) return null;
    const found = meanings(target);
    const meant = preferred(found, (definition) => !definition.declaration);
    return visibleFrom(context, target.index, target.file, meant).map((definition) =>
      toLocation(target.index, definition),
    );
  });

  context.connection.onDeclaration((params) => {
    if (isConfig(context, params.textDocument.uri)) return configDefinition(context, params);
    const target = targetAt(context, params);
    if (!target) return null;
    const found = meanings(target);
    const meant = preferred(found, (definition) => definition.declaration);
    return visibleFrom(context, target.index, target.file, meant).map((definition) =>
      toLocation(target.index, definition),
    );
  });

  context.connection.onReferences(async (params, token): Promise<Location[] | null> => {
    if (isConfig(context, params.textDocument.uri)) return null;
    const target = targetAt(context, params);
    if (!target) return null;
    const steps = target.index.referenceSteps(target.word.name, { from: target.file });
    const found = await inSteps(context.trees(), token, steps);
    return found
      .filter((reference) => params.context.includeDeclaration || !isDeclaration(reference.kind))
      .map((reference) => toLocation(target.index, reference));
  });
}

/** Those that are wanted, or all where there are none: a name that is only declared still goes somewhere. */
function preferred(found: Definition[], wanted: (definition: Definition) => boolean): Definition[] {
  const some = found.filter(wanted);
  return some.length > 0 ? some : found;
}

function isDeclaration(kind: string): boolean {
  return kind === "definition" || kind === "declaration";
}
