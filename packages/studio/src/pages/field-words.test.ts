import { expect, it } from 'vitest';
import { inFormWords } from './field-words.ts';

it.each([
  ['Give one of --eval-data and --eval-split.', 'Give one of “rows to evaluate on” and “share that is held out”.'],
  ['Choose a smaller --batch-size, or --recompute.', 'Choose a smaller “batch size”, or “recompute”.'],
  ['option learningRate', '“learning rate”'],
  [
    'No.\n  where: option maxLength\n  fix:   Give --max-length 512.',
    'No.\n  where: “max length”\n  fix:   Give “max length” 512.',
  ],
  ['There is another option here -- or there; a--b stays.', 'There is another option here -- or there; a--b stays.'],
])('says what stands beside the field: %s', (message, said) => {
  expect(inFormWords(message)).toBe(said);
});
