import { expect, it } from 'vitest';
import { finalAnswer, sameFinalAnswer } from './final-answer.ts';

it.each([
  ['She sold 24 clips.\n#### 72', 72],
  ['#### 1,234.50', 1234.5],
  ['####72', 72],
  ['#### $18', 18],
  ['#### -5', -5],
  ['#### -$5', -5],
  ['#### $-5', -5],
  ['#### 72.', 72],
  ['#### 72.0', 72],
  ['#### 7\n#### 8', 7],
  ['The answer is 72', undefined],
  ['####\n72', undefined],
  ['#### many', undefined],
])('the final answer of %j is %j', (solution, answer) => expect(finalAnswer(solution)).toBe(answer));

it('solutions agree by value, and none agrees with nothing', () => {
  expect(sameFinalAnswer('#### 18', 'so #### $18.00')).toBe(true);
  expect(sameFinalAnswer('#### 18', '#### 180')).toBe(false);
  expect(sameFinalAnswer('no number', 'no number')).toBe(false);
});
