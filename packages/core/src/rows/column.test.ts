import { expect, it } from 'vitest';
import { columnText, columnTime, columnWeight } from './column.ts';

const row = (value: unknown) => ({ file: 'rows.jsonl', line: 3, value });

it.each([
  ['2026-01-31', Date.UTC(2026, 0, 31)],
  ['2026-01-31 10:00', Date.UTC(2026, 0, 31, 10)],
  ['2026-01-31T10:00:00.5', Date.UTC(2026, 0, 31, 10, 0, 0, 500)],
  ['2026-01-31T10:00:00+02:00', Date.UTC(2026, 0, 31, 8)],
  ['2026', Date.UTC(2026, 0)],
  ['20260131', 20260131],
  [17.5, 17.5],
  [5n, 5],
  [new Date(7), 7],
])('%s is a time', (at, time) => {
  expect(columnTime(row({ at }), 'at', 'splitByTime')).toBe(time);
});

it.each(['yesterday', 'Row number 0.', true, {}, Number.NaN])('%s is none', (at) => {
  expect(() => columnTime(row({ at }), 'at', 'splitByTime')).toThrow(/no time[\s\S]*rows.jsonl, row 3, field "at"/);
});

it.each([
  [0, 0],
  ['0.5', 0.5],
  [3n, 3],
])('%s is a weight', (weight, number) => {
  expect(columnWeight(row({ weight }), 'weight', 'rowWeight')).toBe(number);
});

it.each([-1, '-0.5', Number.POSITIVE_INFINITY, 'much', ' ', true, [1]])('%s is none', (weight) => {
  expect(() => columnWeight(row({ weight }), 'weight', 'rowWeight')).toThrow(/no weight[\s\S]*row 3, field "weight"/);
});

it('texts are equal where values are', () => {
  expect(columnText(row({ at: [1, 2] }), 'at', 'splitBy')).toBe('[1,2]');
  expect(columnText(row({ at: 0 }), 'at', 'splitBy')).toBe('0');
});

it.each([
  [{ customer: 'a' }, 'Did you mean "customer"?'],
  [{ a: 1, b: 2 }, 'this one has "a", "b"'],
  [{ custmer: '' }, 'Fill it in'],
  ['text', 'this one has none'],
])('a row that does not have the column says what it has', (value, fix) => {
  expect(() => columnText(row(value), 'custmer', 'splitBy')).toThrow(fix);
});
