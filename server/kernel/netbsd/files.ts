// Which files are compiled (usr.bin/config/files.c: checkfiles, fixfiles).

import { type Model, report, type SourceFile } from "./model.ts";
import { conditionNames, evaluate } from "./statements.ts";

/** At the end of one of the files.*: what needs-count counts must be drivers that are known by now (checkfiles). */
export function checkCounts(model: Model, files: Iterable<SourceFile>) {
  for (const file of files) {
    const { condition, needs } = file.statement;
    if (condition === undefined || !needs.includes("count")) continue;
    for (const name of conditionNames(condition)) {
      if (model.devices.has(name)) continue;
      report(model, "error", file.origin, `\`${name}' is not a device and cannot be counted`);
      file.hiddenBy = "uncountable";
    }
  }
}

/** Decides every file. Of two chosen files with one base name the later declared wins, since both would be one .o. */
export function selectFiles(model: Model) {
  const byBase = new Map<string, SourceFile>();
  for (const file of model.files.values()) {
    if (file.hiddenBy !== undefined || !/[cSso]$/.test(file.path) || !isWanted(model, file)) continue;
    const base = file.path.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
    const earlier = byBase.get(base);
    if (earlier !== undefined) {
      earlier.selected = false;
      earlier.hiddenBy = file;
    }
    byBase.set(base, file);
    file.selected = true;
  }
}

function isWanted(model: Model, file: SourceFile): boolean {
  const { condition, needs } = file.statement;
  if (condition === undefined) return true;
  if (needs.includes("count")) {
    file.counts = conditionNames(condition).map((name) => ({
      name,
      value: model.devices.get(name)?.unitLimit ?? 0,
    }));
    for (const { name } of file.counts) model.counted.add(name);
    return evaluate(condition, (name) => (model.devices.get(name)?.unitLimit ?? 0) !== 0);
  }
  const isSelected = (name: string) => model.selected.has(name);
  if (needs.includes("flag")) {
    file.counts = conditionNames(condition).map((name) => ({ name, value: isSelected(name) ? 1 : 0 }));
  }
  return evaluate(condition, isSelected);
}

/** The chosen files in the makefile's order (files.c, cmpfiles). */
export function selectedFiles(model: Model): SourceFile[] {
  return [...model.files.values()].filter((file) => file.selected).sort((a, b) => a.order - b.order);
}
