// The names of C's basic types: compilers write "long unsigned int", gdb and people "unsigned long". Must not know DWARF.

/** The words in the order in which gdb writes them. */
const ORDER = ["unsigned", "signed", "short", "long", "char", "double", "float", "__int128", "int"];

/** gdb's form of a basic type's name: "unsigned long" for "long unsigned int"; other names unchanged. */
export function canonicalBaseName(name: string): string {
  const words = name.split(" ");
  if (words.length < 2 || !words.every((word) => ORDER.includes(word))) return name;
  const sized = words.includes("short") || words.includes("long");
  const signedInt = words.includes("signed") && !words.includes("char");
  const kept = words.filter((word) => !(word === "int" && sized) && !(word === "signed" && signedInt));
  const sorted = kept.sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return sorted.length > 0 ? sorted.join(" ") : "int";
}

/** The spellings under which debug info may have the type of a canonical name. */
export function baseNameSpellings(name: string): string[] {
  const canonical = canonicalBaseName(name.replace(/\s+/g, " "));
  return [...new Set([name, canonical, ...(SPELLINGS.get(canonical) ?? [])])];
}

/** gcc's words where they differ from gdb's. */
const SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    long: ["long int"],
    short: ["short int"],
    unsigned: ["unsigned int"],
    signed: ["int"],
    "unsigned long": ["long unsigned int"],
    "unsigned short": ["short unsigned int"],
    "long long": ["long long int"],
    "unsigned long long": ["long long unsigned int"],
    "unsigned __int128": ["__int128 unsigned"],
  }),
);
