// What one pass over C sources finds, in flat arrays: occurrences of names, definitions, and scopes (the extents of
// functions and macros). Many files share one buffer; names are ids of a NameTable. Holds no text, does no input.
import { grow } from "./names.ts";

// The kind of an occurrence; MEMBER may be added to USE, CALL, WRITE and ADDRESS (`x.name`, `x->name`).
export const USE = 0;
export const CALL = 1;
export const WRITE = 2;
export const ADDRESS = 3;
export const DEFINITION = 4;
export const DECLARATION = 5;
export const INCLUDED = 6;
export const MEMBER = 8;
export const BASE_KIND = 7;

// What a definition or declaration defines.
export const FUNCTION = 0;
export const MACRO = 1;
export const STRUCT = 2;
export const UNION = 3;
export const ENUM = 4;
export const ENUMERATOR = 5;
export const TYPEDEF = 6;
export const VARIABLE = 7;
export const FIELD = 8;
/** Added to the kind: file scope. */
export const LOCAL = 16;
export const SYMBOL_KIND = 15;

/** No line: an extent that is still open. */
export const OPEN = 0x7fffffff;

export class FactBuffer {
  count = 0;
  names = new Int32Array(1 << 16);
  lines = new Int32Array(1 << 16);
  columns = new Uint16Array(1 << 16);
  kinds = new Uint8Array(1 << 16);
  /** Index + 1 of the definition that an occurrence is, or 0. */
  definition = new Int32Array(1 << 16);

  definitionCount = 0;
  definitionKinds = new Uint8Array(1 << 14);
  definitionEnds = new Int32Array(1 << 14);
  /** Name of the struct, union or enum around a member or enumerator, or 0. */
  definitionContainers = new Int32Array(1 << 14);

  scopeCount = 0;
  scopeNames = new Int32Array(1 << 12);
  scopeLines = new Int32Array(1 << 12);
  scopeColumns = new Uint16Array(1 << 12);
  scopeEnds = new Int32Array(1 << 12);
  /** 1 for a macro, 0 for a function. */
  scopeMacros = new Uint8Array(1 << 12);

  /** False under `#if 0`: what stands there is used, called and assigned, but defines nothing. */
  defines = true;

  clear(): void {
    this.count = 0;
    this.definitionCount = 0;
    this.scopeCount = 0;
  }

  /** Adds an occurrence; returns its index. Columns past 65,535 count as 0, not known. */
  add(name: number, line: number, column: number, kind: number): number {
    const i = this.count;
    if (i === this.names.length) this.#growOccurrences();
    this.count = i + 1;
    this.names[i] = name;
    this.lines[i] = line;
    this.columns[i] = column > 0xffff ? 0 : column;
    this.kinds[i] = kind;
    this.definition[i] = 0;
    return i;
  }

  /** Says that occurrence `index` defines (or declares) something; returns the definition's index, or -1 where nothing is defined. */
  define(index: number, kind: number, symbol: number, end: number, container: number): number {
    if (!this.defines) return -1;
    const i = this.definitionCount++;
    if (i === this.definitionKinds.length) {
      this.definitionKinds = growBytes(this.definitionKinds, i * 2);
      this.definitionEnds = grow(this.definitionEnds, i * 2);
      this.definitionContainers = grow(this.definitionContainers, i * 2);
    }
    this.kinds[index] = kind;
    this.definition[index] = i + 1;
    this.definitionKinds[i] = symbol;
    this.definitionEnds[i] = end;
    this.definitionContainers[i] = container;
    return i;
  }

  openScope(name: number, line: number, column: number, macro: boolean): number {
    const i = this.scopeCount++;
    if (i === this.scopeNames.length) this.#growScopes();
    this.scopeNames[i] = name;
    this.scopeLines[i] = line;
    this.scopeColumns[i] = column > 0xffff ? 0 : column;
    this.scopeEnds[i] = OPEN;
    this.scopeMacros[i] = macro ? 1 : 0;
    return i;
  }

  #growOccurrences(): void {
    const length = this.names.length * 2;
    this.names = grow(this.names, length);
    this.lines = grow(this.lines, length);
    this.columns = growShorts(this.columns, length);
    this.kinds = growBytes(this.kinds, length);
    this.definition = grow(this.definition, length);
  }

  #growScopes(): void {
    const length = this.scopeNames.length * 2;
    this.scopeNames = grow(this.scopeNames, length);
    this.scopeLines = grow(this.scopeLines, length);
    this.scopeColumns = growShorts(this.scopeColumns, length);
    this.scopeEnds = grow(this.scopeEnds, length);
    this.scopeMacros = growBytes(this.scopeMacros, length);
  }
}

function growBytes(array: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(array);
  return larger;
}

function growShorts(array: Uint16Array, length: number): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(length);
  larger.set(array);
  return larger;
}
