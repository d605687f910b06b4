import { spend } from './budget.ts';
import { JinjaError } from './errors.ts';
import type { BinaryOperator } from './nodes.ts';
import { type Float, float, type Integer, integer, isInteger, isKind, type Value } from './values.ts';

/** The number that a value is to arithmetic: booleans are 0 and 1. */
export function numberOf(value: Value): Integer | Float | undefined {
  if (typeof value === 'boolean') return Number(value);
  return isInteger(value) || isKind(value, 'float') ? value : undefined;
}

/** @throws {JinjaError} for a whole number that no float can be */
export function floatOf(value: Integer | Float): number {
  if (typeof value === 'object') return value.value;
  const result = Number(value);
  if (!Number.isFinite(result)) throw new JinjaError('OverflowError', 'int too large to convert to float');
  return result;
}

export function calculate(operator: BinaryOperator, left: Integer | Float, right: Integer | Float): Value {
  if (typeof left === 'object' || typeof right === 'object' || operator === '/') {
    return float(withFloats(operator, floatOf(left), floatOf(right)));
  }
  if (operator === '**' && right < 0) return float(withFloats('**', floatOf(left), floatOf(right)));
  if (typeof left === 'number' && typeof right === 'number') {
    const small = withNumbers(operator, left, right);
    if (Number.isSafeInteger(small)) return small + 0;
  }
  return integer(withBigints(operator, BigInt(left), BigInt(right)));
}

function withNumbers(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '//':
      return a % b === 0 ? a / divisor(b) : Math.floor(a / divisor(b));
    case '%':
      return modulo(a, divisor(b, 'integer modulo by zero'));
    default:
      return a ** b;
  }
}

function withBigints(operator: BinaryOperator, a: bigint, b: bigint): bigint {
  if ((operator === '//' || operator === '%') && b === 0n) divisor(0);
  const isAcross = a % (b || 1n) !== 0n && a < 0n !== b < 0n;
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      spendBits(bitsOf(a) + bitsOf(b));
      return a * b;
    case '//':
      return a / b - (isAcross ? 1n : 0n);
    case '%':
      return (a % b) + (isAcross ? b : 0n);
    default:
      spendBits(bitsOf(a) * Number(b));
      return a ** b;
  }
}

const bitsOf = (value: bigint): number => value.toString(16).length * 4;

/** Products of long numbers take long. */
function spendBits(bits: number): void {
  if (bits > 2 ** 17) throw new JinjaError('OverflowError', 'the number is too large');
  spend((bits / 1000) ** 2);
}

function withFloats(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / divisor(b);
    case '//':
      return floorDivided(a, divisor(b));
    case '%':
      return modulo(a, divisor(b));
    default:
      return power(a, b);
  }
}

function power(a: number, b: number): number {
  if (a === 0 && b < 0) throw new JinjaError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  if (a === 1 || b === 0) return 1;
  const result = a ** b;
  if (Number.isNaN(result) && a < 0 && Number.isFinite(b))
    throw new JinjaError('ValueError', 'the power is a complex number');
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new JinjaError('OverflowError', "(34, 'Numerical result out of range')");
  }
  return result;
}

/** Python's remainder has the sign of the divisor. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function floorDivided(a: number, b: number): number {
  const quotient = (a - modulo(a, b)) / b;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function divisor(value: number, message = 'division by zero'): number {
  if (value === 0) throw new JinjaError('ZeroDivisionError', message);
  return value;
}

export function negated(value: Integer | Float): Value {
  if (typeof value === 'object') return float(-value.value);
  return integer(typeof value === 'bigint' ? -value : 0 - value);
}
