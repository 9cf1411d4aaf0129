// Definition in configuration files: an option, device or attribute to the line that declares it, a file to itself.
import type { Location } from "vscode-languageserver/node";
import type { Place } from "../../kernel/api.ts";
import { declarationsOf } from "../../kernel/declarations.ts";
import type { Tree } from "../../query/api.ts";
import type { Context, Cursor } from "../context.ts";
import { uriIn } from "../kernels.ts";
import { nameAtCursor } from "./document.ts";
import { fileNamed } from "./paths.ts";

export function configDefinition(context: Context, cursor: Cursor): Location[] | null {
  const found = nameAtCursor(context, cursor);
  if (!found) return null;
  const file = fileNamed(found, found.name);
  if (file !== undefined) return [toLocation(found.at.tree, { file, line: 1 })];
  const configuration = found.configuration();
  if (!configuration) return null;
  return declarationsOf(configuration, found.name.name, found.name.role).map((place) =>
    toLocation(found.at.tree, place),
  );
}

function toLocation(tree: Tree, { file, line }: Place): Location {
  const at = { line: line - 1, character: 0 };
  return { uri: uriIn(tree, file), range: { start: at, end: at } };
}
