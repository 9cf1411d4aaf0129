// The words that are no names: C's keywords, GNU's spellings of them, and the preprocessor's. They are interned first,
// so that a name's id alone says whether it is a keyword and of which group.

/** Storage and function specifiers. */
const storage = ["typedef", "extern", "static", "inline", "__inline", "__inline__", "register", "auto"];
const tags = ["struct", "union", "enum"];
const types = [
  ..."void char short int long float double signed unsigned _Bool __signed__ __signed".split(" "),
  ..."const volatile restrict __const __volatile __volatile__ __restrict __restrict__ _Atomic".split(" "),
  ..."_Noreturn _Thread_local __extension__ __thread".split(" "),
];
/** Followed by a parenthesised group that declares nothing. */
const attributes = [
  ..."__attribute__ __attribute asm __asm __asm__ __declspec _Alignas _Static_assert".split(" "),
  ..."typeof __typeof __typeof__".split(" "),
];
const statements = "if else for while do switch case default return goto break continue".split(" ");
const operators = "sizeof _Alignof __alignof__ __alignof _Generic".split(" ");

/** Every keyword, in the order of its id; id 0 is no name. */
export const keywords: readonly string[] = [
  "",
  ...storage,
  ...tags,
  ...types,
  ...attributes,
  ...statements,
  ...operators,
  "defined", // a keyword in #if only; elsewhere a name like any other
];

/** Ids below this are keywords. */
export const FIRST_NAME = keywords.length - 1;
export const DEFINED = FIRST_NAME;

export const TYPEDEF = keywords.indexOf("typedef");
export const EXTERN = keywords.indexOf("extern");
export const STATIC = keywords.indexOf("static");
export const STRUCT = keywords.indexOf("struct");
export const UNION = keywords.indexOf("union");
export const ENUM = keywords.indexOf("enum");
export const FOR = keywords.indexOf("for");
export const ATOMIC = keywords.indexOf("_Atomic");

const typesFirst = keywords.indexOf(types[0]!);
const attributesFirst = keywords.indexOf(attributes[0]!);
const typeofFirst = keywords.indexOf("typeof");
const statementsFirst = keywords.indexOf(statements[0]!);
const operatorsFirst = keywords.indexOf(operators[0]!);

export const isStorage = (id: number): boolean => id < STRUCT;
export const isTag = (id: number): boolean => id >= STRUCT && id <= ENUM;
/** `int`, `const`, `struct`: can stand before a declarator. */
export const isType = (id: number): boolean =>
  (id >= STRUCT && id < attributesFirst) || (id >= typeofFirst && id < statementsFirst);
/** `__attribute__`, `asm`, `typeof`: the parentheses after it hold no parameters. */
export const isAttribute = (id: number): boolean => id >= attributesFirst && id < statementsFirst;
/** `if`, `return`: never at file scope. */
export const isStatement = (id: number): boolean => id >= statementsFirst && id < operatorsFirst;
export const isTypeSpecifier = (id: number): boolean => id >= typesFirst && id < attributesFirst;
