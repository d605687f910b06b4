import { charactersOf } from './code-points.ts';
import { typeError, valueError } from './errors.ts';
import { indexOf, isKind, isSequence, isUndefined, markup, type Range, typeName, type Value } from './values.ts';

export interface Slice {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

/** `value[start:stop:step]`. @throws {JinjaError} for what has no places */
export function sliceOf(value: Value, slice: Slice): Value {
  if (typeof value === 'string') return chosen(charactersOf(value), slice).join('');
  if (isKind(value, 'markup')) return markup(chosen(charactersOf(value.text), slice).join(''));
  if (isSequence(value)) return { kind: value.kind, items: chosen(value.items, slice) };
  if (isKind(value, 'range')) return slicedRange(value, slice);
  if (isUndefined(value)) throw value.error();
  if (isKind(value, 'dict')) throw typeError("unhashable type: 'slice'");
  throw typeError(`'${typeName(value)}' object is not subscriptable`);
}

function chosen<Item>(items: readonly Item[], slice: Slice): Item[] {
  const { start, length, step } = placesOf(slice, items.length);
  if (step === 1) return items.slice(start, start + length);
  return Array.from({ length }, (_, i) => items[start + i * step] as Item);
}

function slicedRange(range: Range, slice: Slice): Range {
  const { start, stop, length, step } = placesOf(slice, range.length);
  const at = (place: number) => range.start + place * range.step;
  return { kind: 'range', start: at(start), stop: at(stop), step: range.step * step, length };
}

function placesOf(slice: Slice, length: number): { start: number; stop: number; step: number; length: number } {
  const step = slice.step === null ? 1 : place(slice.step);
  if (step === 0) throw valueError('slice step cannot be zero');
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (value: Value, fallback: number): number => {
    if (value === null) return fallback;
    const at = place(value);
    return Math.min(Math.max(at < 0 ? at + length : at, low), high);
  };
  const start = bound(slice.start, step > 0 ? low : high);
  const stop = bound(slice.stop, step > 0 ? high : low);
  return { start, stop, step, length: Math.max(0, Math.ceil((stop - start) / step)) };
}

function place(value: Value): number {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return indexOf(value);
  throw typeError('slice indices must be integers or None or have an __index__ method');
}
