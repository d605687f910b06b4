import { describe, expect, it } from 'vitest';
import { unsupportedNames } from './faithful-names.ts';
import { unsupportedNumbers } from './faithful-numbers.ts';

describe('numbers', () => {
  it.each([
    ['I paid $1,234.50 on 5th May', 'paid 1234.5 on May 5', []],
    ['I paid 1.234,50 €', 'paid 1,234.50 euros', []],
    ['two cards were blocked', '2 cards blocked', []],
    ['2 cards were blocked', 'Two cards blocked', []],
    ['it took twenty-five days', 'took 25 days', []],
    ['one order', '1 order', []],
    ['no cards', 'one card', []],
    ['order 007', 'order 7', ['7']],
    ['at 3:30', 'at 3:45', ['45']],
    ['flight A320', 'an A320, A321', ['321']],
    ['version 1.2.3', 'version 1.2.3 or 1.2.4', ['1.2.4']],
    ['$50 and $25', 'a total of $75', ['75']],
    ['nothing', 'three weeks, 10%', ['three', '10']],
    ['1.50 and 3,5', '1.5 and 3.50', []],
  ])('%s → %s', (source, output, unsupported) => expect(unsupportedNumbers(source, output)).toEqual(unsupported));
});

describe('names', () => {
  it.each([
    ['Customer: i am crystal minh', 'The customer Crystal Minh calls.', []],
    ['I am Crystal', 'A call from Crystal Minh.', ['Minh']],
    ['I am Crystal', "Crystal's card is blocked.", []],
    ['i am crystal', 'The card of Crystal’s sister', []],
    ['no atm nearby', 'No ATM was near, says Bob.', ['Bob']],
    ['a card', 'Alice Smith lost a card.', ['Alice', 'Smith']],
    ['a card', 'The customer lost a card. She waits.', []],
    ['a card', 'Card lost. I waited, OK', []],
    ['bought in november', '- bought in November\n- not in December', ['December']],
    ['ich heiße Jürgen', 'The Müller order of Jürgen', ['Müller']],
    ['a card', 'However, Monday is too late', ['Monday']],
  ])('%s → %s', (source, output, unsupported) => expect(unsupportedNames(source, output)).toEqual(unsupported));
});
