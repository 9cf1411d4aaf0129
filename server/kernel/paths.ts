// Paths within a tree, with "/" on every platform: joining, "." and "..", folder and base name. Text only, no file system.

/** Joins with "/" and takes "." and ".." away where that is possible: ("sys", "../common/x.c") -> "common/x.c". */
export function joinPath(...parts: string[]): string {
  const kept: string[] = [];
  for (const part of parts.join("/").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else kept.push(part);
  }
  return kept.join("/");
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
