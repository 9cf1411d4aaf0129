// Declarations: specifiers, declarators, structs, attributes, functions in both styles. What they declare goes to the scopes.
import { type CType, type Member, pointerTo, SCALAR, type StructType, VOID } from "./ctypes.ts";
import { castTo, conditional, expression } from "./expressions.ts";
import type { Sym } from "./facts.ts";
import { keepFeeds, noteInitial } from "./feeds.ts";
import { initialize, instance } from "./initializers.ts";
import type { Parser } from "./parser.ts";
import type { Local } from "./scopes.ts";
import { compound } from "./statements.ts";

export interface Specifiers {
  type: CType | undefined;
  storage: "" | "typedef" | "static" | "extern";
  attributes: Attributes;
}

/** What matters of `__attribute__` and `__asm("name")`. */
export interface Attributes {
  alias?: string;
  ifunc?: string;
  section?: string;
}

export interface Declarator {
  name: number;
  loc: number;
  type: CType | undefined;
  /** Of the function that it declares directly. */
  parameters?: Parameter[];
  attributes: Attributes;
}

export interface Parameter {
  readonly name: number;
  type: CType | undefined;
}

/** Every declaration of a buffer. */
export function translationUnit(p: Parser): void {
  while (p.at < p.to) {
    const before = p.at;
    externalDeclaration(p);
    if (p.at === before) p.at++;
  }
}

function externalDeclaration(p: Parser): void {
  if (p.take(";") || p.take("}")) return;
  if (p.word === "asm") asmDeclaration(p);
  else if (!declared(p)) skipDeclaration(p);
}

/** One declaration or function; false where it is not understood. */
function declared(p: Parser): boolean {
  const specifiers = readSpecifiers(p);
  if (p.take(";")) return true;
  do {
    const one = declarator(p, specifiers.type);
    trailing(p, one.attributes);
    if (one.name === 0) return false;
    if (specifiers.storage !== "typedef" && one.parameters !== undefined && startsBody(p, one.parameters)) {
      functionDefinition(p, specifiers, one);
      return true;
    }
    declareOne(p, specifiers, one);
  } while (p.take(","));
  return p.take(";");
}

/** Past what is not understood: to the next semicolon or the end of a block. */
function skipDeclaration(p: Parser): void {
  while (p.at < p.to) {
    const word = p.word;
    if (word === ";") {
      p.at++;
      return;
    }
    if (word === "{") {
      p.at = p.after(p.at);
      p.take(";");
      return;
    }
    if (word === "(" || word === "[") p.at = p.after(p.at);
    else p.at++;
    // A name that a type begins on a line of its own: something was called here that is no declaration.
    if (
      p.isTypeStart() &&
      p.locs[p.at] !== p.locs[p.at - 1] &&
      (p.word === "static" || p.word === "extern" || p.word === "typedef" || p.word === "struct")
    )
      return;
  }
}

/** A body, or the declarations of an old-style function's parameters before it. */
function startsBody(p: Parser, parameters: readonly Parameter[]): boolean {
  if (p.word === "{") return true;
  const isOldStyle =
    parameters.length > 0 && parameters.every(({ name, type }) => name !== 0 && type === undefined);
  if (!isOldStyle || p.word === "typedef" || p.word === "static" || p.word === "extern") return false;
  return p.isTypeStart() || (p.isName() && p.isName(p.at + 1));
}

/** `__asm(".global a\n a = b")`: another name. */
function asmDeclaration(p: Parser): void {
  const { loc } = { loc: p.locs[p.at]! };
  p.at++;
  while (p.word === "volatile" || p.word === "const") p.at++;
  const end = p.after(p.at);
  let text = "";
  for (let at = p.at; at < end; at++) if (p.isString(at)) text += p.text(at).slice(1, -1);
  for (const line of text.split(/\\n|;/)) {
    const same = /^\s*(?:\.set\s+)?([A-Za-z_]\w*)\s*[=,]\s*([A-Za-z_]\w*)\s*$/.exec(line);
    if (same !== null) p.facts.aliases.push({ name: same[1]!, target: same[2]!, loc, isIfunc: false });
  }
  p.at = end;
  p.take(";");
}

export function readSpecifiers(p: Parser): Specifiers {
  const found: Specifiers = { type: undefined, storage: "", attributes: {} };
  let hasType = false;
  while (p.at < p.to) {
    const word = p.word;
    if (word === "typedef" || word === "static" || word === "extern") {
      found.storage = word;
      p.at++;
    } else if (word === "const" || word === "volatile" || word === "inline" || word === "extension") p.at++;
    else if (word === "attribute") attribute(p, found.attributes);
    else if (word === "auto_type") {
      hasType = true;
      p.at++;
    } else if (word === "struct" || word === "union") {
      found.type = { kind: "struct", struct: structSpecifier(p) };
      hasType = true;
    } else if (word === "enum") {
      enumSpecifier(p);
      found.type = SCALAR;
      hasType = true;
    } else if (word === "typeof") {
      found.type = typeofType(p);
      hasType = true;
    } else if (p.isBaseType()) {
      found.type = p.id === p.voidId ? VOID : SCALAR;
      hasType = true;
      p.at++;
    } else if (!hasType && p.isName() && p.scopes.isTypedef(p.id)) {
      found.type = p.scopes.typedef(p.id);
      hasType = true;
      p.at++;
    } else if (!hasType && p.isName() && looksLikeType(p)) {
      hasType = true;
      p.at++;
    } else break;
  }
  return found;
}

/** A name that no typedef is known for, and that must be one: a name or a star and a name follow. */
function looksLikeType(p: Parser): boolean {
  if (p.isName(p.at + 1)) return true;
  let at = p.at + 1;
  while (p.wordAt(at) === "*") at++;
  return at > p.at + 1 && p.isName(at) && ["=", ";", ",", "(", ")", "["].includes(p.wordAt(at + 1));
}

function typeofType(p: Parser): CType | undefined {
  p.at++;
  const end = p.after(p.at);
  p.at++;
  p.unevaluated++;
  const type = p.isTypeStart() ? typeName(p) : expression(p).type;
  p.unevaluated--;
  p.at = end;
  return type;
}

/** A type's name, as in a cast. */
export function typeName(p: Parser): CType | undefined {
  return declarator(p, readSpecifiers(p).type).type;
}

function attribute(p: Parser, into: Attributes): void {
  p.at++;
  const end = p.after(p.at);
  for (let at = p.at; at < end; at++) {
    const name = p.text(at).replace(/^__|__$/g, "");
    if (name !== "alias" && name !== "ifunc" && name !== "section") continue;
    let value = "";
    for (let i = at + 2; p.isString(i); i++) value += p.text(i).slice(1, -1);
    into[name] = value;
  }
  p.at = end;
}

/** Attributes and an assembler's name after a declarator. */
function trailing(p: Parser, into: Attributes): void {
  for (;;) {
    if (p.word === "attribute") attribute(p, into);
    else if (p.word === "asm") p.at = p.after(p.at + 1);
    else return;
  }
}

function structSpecifier(p: Parser): StructType {
  const isUnion = p.word === "union";
  const loc = p.locs[p.at]!;
  p.at++;
  const attributes: Attributes = {};
  trailing(p, attributes);
  let tag = "";
  if (p.isName()) tag = p.text(p.at++);
  trailing(p, attributes);
  const struct = p.scopes.struct(tag === "" ? `(unnamed at ${loc}.${tagless(p)})` : tag, isUnion);
  if (p.word === "{") {
    const end = p.after(p.at);
    p.at++;
    const members = structMembers(p, end - 1);
    p.scopes.define(struct, members, p.isHeader);
    p.at = end;
    trailing(p, attributes);
  }
  return struct;
}

/** Several unnamed structs can stand on one line, or come from one macro. */
function tagless(p: Parser): number {
  return p.isHeader ? p.at : p.anonymous++;
}

function structMembers(p: Parser, end: number): Member[] {
  const members: Member[] = [];
  while (p.at < end) {
    const before = p.at;
    const { type } = readSpecifiers(p);
    if (p.word === ";") {
      if (type?.kind === "struct") members.push({ name: 0, type });
    } else {
      do {
        if (p.word === ":") {
          p.at++;
          conditional(p);
          continue;
        }
        const declared = declarator(p, type);
        if (declared.name !== 0) members.push({ name: declared.name, type: declared.type });
        if (p.take(":")) conditional(p);
        trailing(p, {});
      } while (p.take(","));
    }
    while (p.at < end && !p.take(";")) p.at = Math.max(p.after(p.at), p.at + 1);
    if (p.at === before) p.at++;
  }
  return members;
}

function enumSpecifier(p: Parser): void {
  p.at++;
  trailing(p, {});
  if (p.isName()) p.at++;
  if (p.word !== "{") return;
  const end = p.after(p.at);
  p.at++;
  while (p.at < end - 1) {
    const before = p.at;
    const name = p.id;
    p.at++;
    trailing(p, {});
    if (p.take("=")) conditional(p);
    p.scopes.setEnumerator(name, p.isHeader);
    p.take(",");
    if (p.at === before) p.at++;
  }
  p.at = end;
  trailing(p, {});
}

/** A declarator over its base type; its name is 0 for that of a type's name. */
export function declarator(p: Parser, base: CType | undefined): Declarator {
  const attributes: Attributes = {};
  let type = base;
  for (;;) {
    const word = p.word;
    if (word === "*") {
      type = pointerTo(type);
      p.at++;
    } else if (word === "const" || word === "volatile" || word === "extension") p.at++;
    else if (word === "attribute") attribute(p, attributes);
    else break;
  }
  if (p.word === "(" && isNested(p)) {
    const inner = p.at + 1;
    p.at = p.after(p.at);
    const { type: outer } = suffixes(p, type);
    const end = p.at;
    p.at = inner;
    const found = declarator(p, outer);
    p.at = end;
    Object.assign(found.attributes, attributes);
    // `int (name)(void)` declares a function as `int name(void)` does.
    if (found.parameters === undefined && found.type === outer && outer?.kind === "function") {
      p.at = inner;
      while (p.wordAt(p.at) !== ")") p.at++;
      p.at++;
      found.parameters = suffixes(p, type).parameters ?? [];
      p.at = end;
    }
    return found;
  }
  let name = 0;
  const loc = p.at < p.to ? p.locs[p.at]! : 0;
  if (p.isName()) {
    name = p.id;
    p.at++;
  }
  trailing(p, attributes);
  const after = suffixes(p, type);
  return {
    name,
    loc,
    type: after.type,
    attributes,
    ...(after.parameters === undefined ? {} : { parameters: after.parameters }),
  };
}

function isNested(p: Parser): boolean {
  const next = p.wordAt(p.at + 1);
  if (next === "*" || next === "(" || next === "attribute") return true;
  return p.isName(p.at + 1) && !p.scopes.isTypedef(p.ids[p.at + 1]!);
}

function suffixes(p: Parser, base: CType | undefined): { type: CType | undefined; parameters?: Parameter[] } {
  if (p.word === "[") {
    const end = p.after(p.at);
    p.at = end;
    return { type: { kind: "array", to: suffixes(p, base).type } };
  }
  if (p.word !== "(") return { type: base };
  const end = p.after(p.at);
  p.at++;
  const parameters = readParameters(p, end - 1);
  p.at = end;
  return { type: { kind: "function", to: suffixes(p, base).type }, parameters };
}

function readParameters(p: Parser, end: number): Parameter[] {
  const parameters: Parameter[] = [];
  while (p.at < end) {
    const before = p.at;
    if (p.isName() && !p.isTypeStart() && [",", ")"].includes(p.wordAt(p.at + 1))) {
      parameters.push({ name: p.id, type: undefined });
      p.at++;
    } else if (p.word === "...") p.at++;
    else {
      const declared = declarator(p, readSpecifiers(p).type);
      trailing(p, {});
      const { type } = declared;
      const adjusted = type?.kind === "function" ? pointerTo(type) : type;
      if (declared.name !== 0 || adjusted?.kind !== "void")
        parameters.push({ name: declared.name, type: adjusted });
    }
    while (p.at < end && p.word !== ",") p.at = Math.max(p.after(p.at), p.at + 1);
    p.take(",");
    if (p.at === before) p.at++;
  }
  p.at = end;
  return parameters;
}

function functionDefinition(p: Parser, specifiers: Specifiers, declared: Declarator): void {
  const parameters = declared.parameters!;
  while (p.word !== "{" && p.at < p.to) {
    const before = p.at;
    const { type } = readSpecifiers(p);
    do {
      const one = declarator(p, type);
      const parameter = parameters.find(({ name }) => name === one.name);
      if (parameter !== undefined)
        parameter.type = one.type?.kind === "function" ? pointerTo(one.type) : one.type;
    } while (p.take(","));
    p.take(";");
    if (p.at === before) p.at++;
  }
  const sym = p.scopes.declare(declared.name, specifiers.storage === "static", p.file, p.isHeader);
  sym.type = declared.type;
  sym.isFunction = true;
  if (sym.node !== 0) p.facts.nodeFunctions.set(sym.node, sym);
  sym.defined = declared.loc;
  noteAttributes(p, sym, { ...specifiers.attributes, ...declared.attributes }, declared.loc);
  const end = p.after(p.at);
  const { locals } = p.scopes;
  const mark = locals.length;
  parameters.forEach(({ name, type }, i) => {
    if (name !== 0)
      locals.push({ name, type, node: p.facts.parameterNode(sym, i), isType: false, sym: undefined });
  });
  p.current = sym;
  const body = p.at;
  p.feeds.begin(parameters.map(({ name }) => name));
  compound(p);
  keepFeeds(p, body, end);
  p.current = undefined;
  locals.length = mark;
  p.at = end;
}

function noteAttributes(p: Parser, sym: Sym, { alias, ifunc, section }: Attributes, loc: number): void {
  const target = alias ?? ifunc;
  if (target !== undefined)
    p.facts.aliases.push({ name: sym.name, target, loc, isIfunc: ifunc !== undefined });
  if (section !== undefined) sections.set(sym, section);
}

const sections = new WeakMap<Sym, string>();

/** The linker set of a variable, from its section: `set_x` (FreeBSD), `link_set_x` (NetBSD). */
export function linkerSetOf(sym: Sym): string | undefined {
  const section = sections.get(sym);
  return section !== undefined && /^(link_)?set_/.test(section) ? section : undefined;
}

function declareOne(p: Parser, specifiers: Specifiers, declared: Declarator): void {
  const { name, type, loc } = declared;
  if (specifiers.storage === "typedef") {
    p.scopes.setTypedef(name, type, p.isHeader);
    return;
  }
  const sym = p.scopes.declare(name, specifiers.storage === "static", p.file, p.isHeader);
  if (type?.kind === "function") {
    sym.isFunction = true;
    if (sym.node !== 0) p.facts.nodeFunctions.set(sym.node, sym);
  } else if (specifiers.storage !== "extern" || p.word === "=") sym.defined = loc;
  if (sym.type === undefined || type !== undefined) sym.type = type;
  noteAttributes(p, sym, { ...specifiers.attributes, ...declared.attributes }, loc);
  if (specifiers.storage !== "extern" || p.word === "=") instance(p, sym, loc);
  const first = p.at + 1;
  if (!p.take("=")) return;
  initialize(p, { type, node: type?.kind === "function" ? 0 : p.facts.symbolNode(sym), variable: sym });
  if (type === undefined || type.kind === "scalar") noteInitial(p, "variable", name, first, p.at);
}

/** A declaration inside a function. */
export function localDeclaration(p: Parser): void {
  const specifiers = readSpecifiers(p);
  if (p.take(";")) return;
  do {
    const before = p.at;
    const declared = declarator(p, specifiers.type);
    trailing(p, declared.attributes);
    if (declared.name === 0) {
      if (p.at === before) break;
      continue;
    }
    const local = declareLocal(p, specifiers, declared);
    if (!p.take("=")) continue;
    local.node ||= p.facts.node(p.spellings.text(declared.name));
    const first = p.at;
    initialize(p, { type: declared.type, node: local.node });
    if (declared.type === undefined || declared.type.kind === "scalar")
      noteInitial(p, "local", declared.name, first, p.at);
  } while (p.take(","));
  while (p.at < p.to && !p.take(";")) {
    if (p.word === "}") return;
    if (p.word === "(") castTo(p);
    else p.at++;
  }
}

function declareLocal(p: Parser, { storage }: Specifiers, { name, type }: Declarator): Local {
  let sym: Sym | undefined;
  if (storage === "extern" || (type?.kind === "function" && storage !== "typedef")) {
    sym = p.scopes.symbol(name) ?? p.scopes.external(p.spellings.text(name));
    if (type?.kind === "function") sym.isFunction = true;
    sym.type ??= type;
  }
  const local: Local = { name, type, node: 0, isType: storage === "typedef", sym };
  if (storage === "typedef") p.scopes.setTypedef(name, type, false);
  p.scopes.locals.push(local);
  return local;
}
