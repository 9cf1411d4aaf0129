// Several symbol files as one: the kernel's, which may be replaced, and those added later for the code that it loads (modules).
// An address is asked of the file whose code or data is there; a name of the kernel's first. Must not know how files are read.

import type {
  BreakpointSite,
  Definition,
  DefinitionKind,
  ElfSymbol,
  FrameState,
  FunctionInstance,
  Location,
  SymbolFile,
  Type,
  Variable,
} from "./api.ts";
import type { MemoryReader } from "./memory.ts";

/** A file beside the kernel's, with the places that its sections have in the guest's memory. */
export interface AddedSymbols {
  /** As the user named it. */
  path: string;
  symbols: SymbolFile;
  sections: readonly PlacedSection[];
}

export interface PlacedSection {
  name: string;
  low: bigint;
  high: bigint;
}

export class SymbolFiles implements SymbolFile {
  #main: SymbolFile;
  #added: readonly AddedSymbols[] = [];
  /** The file that a variable's DIE is of; what is not here is of the file at the frame's pc. */
  readonly #owners = new WeakMap<object, SymbolFile>();

  constructor(main: SymbolFile) {
    this.#main = main instanceof SymbolFiles ? main.main : main;
  }

  get main(): SymbolFile {
    return this.#main;
  }

  /** In the order in which they were added. */
  get added(): readonly AddedSymbols[] {
    return this.#added;
  }

  replaceMain(main: SymbolFile): void {
    this.#main = main;
  }

  add(file: AddedSymbols): void {
    this.#added = [...this.#added, file];
  }

  remove(which: (file: AddedSymbols) => boolean): void {
    this.#added = this.#added.filter((each) => !which(each));
  }

  get info(): SymbolFile["info"] {
    return this.#main.info;
  }

  #at(address: bigint): SymbolFile {
    for (const { sections, symbols } of this.#added)
      if (sections.some(({ low, high }) => low <= address && address < high)) return symbols;
    return this.#main;
  }

  /** All files, the one at `near` first. */
  #from(near?: bigint): SymbolFile[] {
    const all = [this.#main, ...this.#added.map(({ symbols }) => symbols)];
    const first = near === undefined ? this.#main : this.#at(near);
    return first === this.#main ? all : [first, ...all.filter((each) => each !== first)];
  }

  #first<T>(ask: (file: SymbolFile) => T | undefined, near?: bigint): T | undefined {
    for (const file of this.#from(near)) {
      const answer = ask(file);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  symbolAt = (address: bigint) => this.#at(address).symbolAt(address);
  symbolNamed = (name: string): ElfSymbol | undefined => this.#first((file) => file.symbolNamed(name));
  stepEntry = (address: bigint): bigint => this.#at(address).stepEntry?.(address) ?? address;
  lineAt = (address: bigint) => this.#at(address).lineAt(address);
  lineRanges = (address: bigint) => this.#at(address).lineRanges(address);
  functionsAt = (address: bigint): FunctionInstance[] => this.#at(address).functionsAt(address);
  functionSites = (name: string): BreakpointSite[] =>
    this.#from().flatMap((file) => file.functionSites(name));
  lineSites = (file: string, line: number): BreakpointSite[] =>
    this.#from().flatMap((each) => each.lineSites(file, line));

  symbolsWithPrefix(prefix: string, limit: number): ElfSymbol[] {
    if (this.#added.length === 0) return this.#main.symbolsWithPrefix(prefix, limit);
    const known = new Map<string, ElfSymbol>();
    for (const file of this.#from())
      for (const symbol of file.symbolsWithPrefix(prefix, limit))
        if (!known.has(symbol.name)) known.set(symbol.name, symbol);
    return [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit);
  }

  sourceFiles(): string[] {
    if (this.#added.length === 0) return this.#main.sourceFiles();
    return [...new Set(this.#from().flatMap((file) => file.sourceFiles()))];
  }

  unwind = (frame: FrameState, memory: MemoryReader) => this.#ofFrame(frame).unwind(frame, memory);
  cfa = (frame: FrameState, memory: MemoryReader) => this.#ofFrame(frame).cfa?.(frame, memory);
  beyond = (frame: FrameState, memory: MemoryReader) => this.#ofFrame(frame).beyond?.(frame, memory);
  frameBase = (frame: FrameState) => this.#ofFrame(frame).frameBase?.(frame);
  tailCalls = (returnAddress: bigint, callee: bigint): bigint[] =>
    this.#at(returnAddress - 1n).tailCalls?.(returnAddress, callee) ?? [];

  #ofFrame({ pc, isCaller }: FrameState): SymbolFile {
    return this.#added.length === 0 ? this.#main : this.#at(isCaller ? pc - 1n : pc);
  }

  typeNamed = (name: string, near?: bigint): Type | undefined =>
    this.#first((file) => file.typeNamed(name, near), near);
  functionType = (name: string): Type | undefined => this.#first((file) => file.functionType?.(name));
  enumeratorNamed = (name: string) => this.#first((file) => file.enumeratorNamed?.(name));

  definitions = (kind: DefinitionKind, wanted: (name: string) => boolean): Definition[] =>
    this.#from().flatMap((file) => file.definitions?.(kind, wanted) ?? []);
  unitAt = (address: bigint) => this.#at(address).unitAt?.(address);

  globalNamed(name: string, near?: bigint): Variable | undefined {
    return this.#first((file) => {
      const variable = file.globalNamed(name, near);
      // A module declares what the kernel defines: the definition has the address.
      if (variable && this.#added.length > 0) this.#own(variable, file);
      return variable;
    }, near);
  }

  #own({ die }: Variable, file: SymbolFile): void {
    if (typeof die === "object" && die !== null) this.#owners.set(die, file);
  }

  #ownerOf({ die }: Variable, frame: FrameState): SymbolFile {
    const known = typeof die === "object" && die !== null ? this.#owners.get(die) : undefined;
    return known ?? this.#ofFrame(frame);
  }

  locate = (variable: Variable, frame: FrameState, memory: MemoryReader): Location =>
    this.#ownerOf(variable, frame).locate(variable, frame, memory);
  locateAtEntry = (variable: Variable, frame: FrameState, memory: MemoryReader): Location | undefined =>
    this.#ownerOf(variable, frame).locateAtEntry?.(variable, frame, memory);
}
