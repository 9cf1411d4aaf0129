// The operators of C over values: arithmetic, comparison, pointers, `@`. Data in, data out.

import type { Type } from "../../symbols/api.ts";
import type { MemoryReader } from "../../symbols/memory.ts";
import { wrap } from "../numbers.ts";
import { arrayOf, BUILTIN, isFloat, isIntegral, isSigned, resolve, sizeOf } from "../types.ts";
import { addressOf, EvaluationError, inMemory, integerOf, type Value } from "../values.ts";
import type { BinaryOperator } from "./ast.ts";
import { commonType, decay, makeFloat, makeInteger, numberOf, promote } from "./convert.ts";

type Comparison = "<" | ">" | "<=" | ">=" | "==" | "!=";
const COMPARISONS: readonly string[] = ["<", ">", "<=", ">=", "==", "!="];
const isComparison = (operator: BinaryOperator): operator is Comparison => COMPARISONS.includes(operator);

/** Largest array that `@` may make: more than any kernel table, less than what would hurt. */
const MAX_REPEAT = 1 << 24;

/** A binary operator other than `&&`, `||` and `,`, whose right side is not always evaluated. */
export function binary(operator: BinaryOperator, left: Value, right: Value, memory: MemoryReader): Value {
  if (operator === "@") return repeat(left, right, memory);
  // gdb takes a function for its address where values are compared or added, and only there.
  const takesFunctions = isComparison(operator) || operator === "+" || operator === "-";
  const first = takesFunctions ? decay(left) : decayArray(left);
  const second = takesFunctions ? decay(right) : decayArray(right);
  const pointers = [first, second].map(({ type }) => resolve(type).kind === "pointer");
  if (pointers[0] || pointers[1]) return pointerOperation(operator, first, second);
  for (const { type } of [first, second])
    if (!isIntegral(type) && !isFloat(type)) throw new EvaluationError(complaint(operator));
  if (isComparison(operator)) return compare(operator, first, second);
  if (operator === "<<" || operator === ">>") return shift(operator, first, second);
  if (isBoolean(first.type) && isBoolean(second.type)) return booleanOperation(operator, first, second);
  const type = commonType(first, second);
  if (isFloat(type)) return floatOperation(operator, type, numberOf(first), numberOf(second));
  const signed = isSigned(type);
  const size = sizeOf(type);
  const result = integerOperation(
    operator,
    wrap(integerOf(first), size, signed),
    wrap(integerOf(second), size, signed),
  );
  return makeInteger(type, result);
}

const isBoolean = (type: Type): boolean => {
  const resolved = resolve(type);
  return resolved.kind === "base" && resolved.encoding === "boolean";
};

/** gdb does not promote booleans among themselves. */
function booleanOperation(operator: BinaryOperator, left: Value, right: Value): Value {
  if (!["&", "|", "^"].includes(operator)) throw new EvaluationError("Invalid operation on booleans.");
  return makeInteger(left.type, integerOperation(operator, integerOf(left), integerOf(right)));
}

function integerOperation(operator: BinaryOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
    case "%":
      if (right === 0n) throw new EvaluationError("Division by zero");
      return operator === "/" ? left / right : left % right;
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    default:
      throw new EvaluationError(`Operator ${operator} does not apply to integers.`);
  }
}

function floatOperation(operator: BinaryOperator, type: Type, left: number, right: number): Value {
  const results: Partial<Record<BinaryOperator, number>> = {
    "+": left + right,
    "-": left - right,
    "*": left * right,
    "/": left / right,
  };
  const result = results[operator];
  if (result === undefined) throw new EvaluationError("Integer-only operation on floating point number.");
  return makeFloat(type, result);
}

function shift(operator: "<<" | ">>", left: Value, right: Value): Value {
  if (!isIntegral(left.type) || !isIntegral(right.type))
    throw new EvaluationError("Integer-only operation on floating point number.");
  const value = promote(left);
  const count = integerOf(right);
  const bits = BigInt(sizeOf(value.type) * 8);
  if (count < 0n || count >= bits)
    return makeInteger(value.type, operator === ">>" && integerOf(value) < 0n ? -1n : 0n);
  return makeInteger(value.type, operator === "<<" ? integerOf(value) << count : integerOf(value) >> count);
}

function ordered(operator: Comparison, left: bigint | number, right: bigint | number): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "<=":
      return left <= right;
    case ">=":
      return left >= right;
    case "==":
      return left === right;
    case "!=":
      return left !== right;
  }
}

const truth = (condition: boolean): Value => makeInteger(BUILTIN.int, condition ? 1n : 0n);

function compare(operator: Comparison, left: Value, right: Value): Value {
  const type = commonType(left, right);
  if (isFloat(type)) return truth(ordered(operator, numberOf(left), numberOf(right)));
  const size = sizeOf(type);
  const signed = isSigned(type);
  return truth(ordered(operator, wrap(integerOf(left), size, signed), wrap(integerOf(right), size, signed)));
}

/** Pointers: comparison, difference, and moving by whole elements (GNU C: void and functions count 1). */
function pointerOperation(operator: BinaryOperator, left: Value, right: Value): Value {
  const leftType = resolve(left.type);
  const rightType = resolve(right.type);
  const address = (value: Value) => wrap(integerOf(value), 8, false);
  for (const type of [leftType, rightType])
    if (type.kind !== "pointer" && !isIntegral(type)) throw new EvaluationError(complaint(operator));
  if (isComparison(operator)) return truth(ordered(operator, address(left), address(right)));
  if (leftType.kind === "pointer" && rightType.kind === "pointer") {
    if (operator !== "-") throw new EvaluationError(complaint(operator));
    const size = sizeOf(leftType.target());
    if (size !== sizeOf(rightType.target()))
      throw new EvaluationError(
        "First argument of `-' is a pointer and second argument is neither\nan integer nor a pointer of the same type.",
      );
    return makeInteger(
      BUILTIN.long,
      BigInt.asIntN(64, address(left) - address(right)) / BigInt(Math.max(size, 1)),
    );
  }
  if (leftType.kind === "pointer" && (operator === "+" || operator === "-")) {
    const distance = integerOf(right) * BigInt(sizeOf(leftType.target()) || 1);
    return makeInteger(leftType, operator === "+" ? address(left) + distance : address(left) - distance);
  }
  if (rightType.kind === "pointer" && operator === "+") return pointerOperation("+", right, left);
  throw new EvaluationError(complaint(operator));
}

/** gdb's word on operands that an operator does not take. */
function complaint(operator: BinaryOperator): string {
  if (operator === "==" || operator === "!=") return "Invalid type combination in equality test.";
  if (isComparison(operator)) return "Invalid type combination in ordering comparison.";
  return "Argument to arithmetic operation not a number or boolean.";
}

const decayArray = (value: Value): Value => (resolve(value.type).kind === "function" ? value : decay(value));

/** `value @ count`: an array that starts at the value. */
function repeat(left: Value, right: Value, memory: MemoryReader): Value {
  if (left.place.kind !== "memory" || left.bits)
    throw new EvaluationError("Only values in memory can be extended with '@'.");
  if (!isIntegral(right.type)) throw new EvaluationError("Invalid number of repetitions.");
  const count = integerOf(right);
  if (count <= 0n) throw new EvaluationError("Invalid number 0 of repetitions.".replace("0", String(count)));
  if (count > MAX_REPEAT) throw new EvaluationError(`Too many repetitions (at most ${MAX_REPEAT}).`);
  return inMemory(arrayOf(left.type, Number(count)), addressOf(left).address, memory);
}

const UNARY_COMPLAINTS = {
  "-": "Argument to negate operation not a number.",
  "+": "Argument to positive operation not a number.",
  "~": "Argument to complement operation not an integer, boolean.",
} as const;

/** Unary minus, plus and complement. */
export function unaryArithmetic(operator: "-" | "+" | "~", operand: Value): Value {
  if (isFloat(operand.type) && operator !== "~") {
    const number = numberOf(operand);
    return makeFloat(operand.type, operator === "-" ? -number : number);
  }
  if (!isIntegral(operand.type)) {
    throw new EvaluationError(UNARY_COMPLAINTS[operator]);
  }
  // Unlike C, gdb keeps the type of what is no narrower than int.
  const value = sizeOf(operand.type) < 4 ? promote(operand) : { ...operand, type: resolve(operand.type) };
  const number = integerOf(value);
  return makeInteger(value.type, operator === "-" ? -number : operator === "~" ? ~number : number);
}
