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
  const first = decay(left);
  const second = decay(right);
  const pointers = [first, second].map(({ type }) => resolve(type).kind === "pointer");
  if (pointers[0] || pointers[1]) return pointerOperation(operator, first, second);
  for (const { type } of [first, second])
    if (!isIntegral(type) && !isFloat(type))
      throw new EvaluationError(
        isComparison(operator)
          ? "Argument to comparison operation not integer, boolean, pointer or aggregate of same."
          : "Argument to arithmetic operation not a number or boolean.",
      );
  if (isComparison(operator)) return compare(operator, first, second);
  if (operator === "<<" || operator === ">>") return shift(operator, first, second);
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
  if (result === undefined) throw new EvaluationError("Integer only operation.");
  return makeFloat(type, result);
}

function shift(operator: "<<" | ">>", left: Value, right: Value): Value {
  if (!isIntegral(left.type) || !isIntegral(right.type))
    throw new EvaluationError("Argument to arithmetic operation not a number or boolean.");
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
  if (isFloat(leftType) || isFloat(rightType))
    throw new EvaluationError("Argument to arithmetic operation not a number or boolean.");
  if (isComparison(operator)) return truth(ordered(operator, address(left), address(right)));
  if (leftType.kind === "pointer" && rightType.kind === "pointer") {
    if (operator !== "-") return integersFrom(operator, left, right);
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
    return makeInteger(left.type, operator === "+" ? address(left) + distance : address(left) - distance);
  }
  if (rightType.kind === "pointer" && operator === "+") return pointerOperation("+", right, left);
  return integersFrom(operator, left, right);
}

/** gdb lets bitwise and other arithmetic treat a pointer as a long. */
function integersFrom(operator: BinaryOperator, left: Value, right: Value): Value {
  const type = BUILTIN.long;
  return makeInteger(type, integerOperation(operator, integerOf(left), integerOf(right)));
}

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

/** Unary minus, plus and complement. */
export function unaryArithmetic(operator: "-" | "+" | "~", operand: Value): Value {
  if (isFloat(operand.type) && operator !== "~") {
    const number = numberOf(operand);
    return makeFloat(operand.type, operator === "-" ? -number : number);
  }
  if (!isIntegral(operand.type)) {
    const action = { "-": "unary minus", "+": "unary plus", "~": "complement" }[operator];
    throw new EvaluationError(`Argument to ${action} operation not a number, boolean.`);
  }
  const value = promote(operand);
  const number = integerOf(value);
  return makeInteger(value.type, operator === "-" ? -number : operator === "~" ? ~number : number);
}
