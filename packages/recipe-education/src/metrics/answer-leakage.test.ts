import { describe, expect, it } from 'vitest';
import { leaksAnswer } from './answer-leakage.ts';

describe('a hint gives the answer away', () => {
  it.each([
    ['72', 'The answer is 72.'],
    ['72', 'So it is seventy-two clips.'],
    ['72', 'It is SEVENTY TWO'],
    ['72', 'You should get 72.0'],
    ['$1,000', 'she earned 1000 dollars'],
    ['1000', 'one thousand'],
    ['0.5', 'exactly ½ of it'],
    ['5 apples', 'there are five left'],
    ['-3', 'it is 3 below zero'],
    ['photosynthesis', 'It is called photo-synthesis.'],
    ['Marie Curie', 'Think of MARIE CURIE!'],
    ["l'albero rosa", 'Say: l’albero rosa'],
    ['è dietro', 'E dietro means behind'],
    ['World War 2', 'before world war two'],
  ])('%s: %s', (answer, hint) => expect(leaksAnswer(answer, hint)).toBe(true));
});

describe('a hint does not give the answer away', () => {
  it.each([
    ['72', 'How many are 48 and 24?'],
    ['24', 'Work out 48/2.'],
    ['7', 'She has 70 of them.'],
    ['4', 'Look at the 4th fact.'],
    ['rat', 'Keep them separate.'],
    ["e dietro l'albero rosa", 'The tree is "l\'albero".'],
    ['World War 2', 'Go on with step 2.'],
    ['Marie Curie', 'Her first name is Marie.'],
    ['', 'anything'],
    ['72', ''],
  ])('%s: %s', (answer, hint) => expect(leaksAnswer(answer, hint)).toBe(false));
});
