import { describe, expect, it } from 'vitest';
import { isOneSentence, sentencesOf } from './sentences.ts';

describe('one sentence', () => {
  it.each([
    'The customer wants a refund.',
    'The customer wants a refund',
    'Dr. Smith of Acme Inc. asks, e.g. at 5 p.m. today, for no. 7 at $3.50.',
    'J. R. Smith called.',
    'He was told "No." and left.',
    'Version 1.2.3 fails!',
    'She asked: why?!',
    'wait... what',
    '1. Call the customer.',
    '顧客は返金を求めている。',
  ])('%s', (text) => expect(sentencesOf(text)).toHaveLength(1));
});

describe('not one sentence', () => {
  it.each([
    ['', 0],
    [' … ', 0],
    ['He called. She wrote.', 2],
    ['Where is it? It was sent!', 2],
    ['"Stop." The agent left.', 2],
    ['- wants a refund\n- is angry', 2],
    ['It closes at 5 p.m. The customer is late.', 2],
    ['カードがない。新しいカードが必要。', 2],
    ['Costs were $5. 7 days passed.', 2],
  ])('%s', (text, count) => {
    expect(sentencesOf(text)).toHaveLength(count);
    expect(isOneSentence(text)).toBe(false);
  });
});
