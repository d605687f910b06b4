import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { porterStem } from './porter-stemmer.ts';

it('stems 1,500 words as NLTK does', () => {
  const lines = readFileSync(new URL('../../fixtures/porter-stems.tsv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  expect(lines.length).toBeGreaterThan(1500);
  const stems = lines.map((line) => line.split('\t') as [string, string]);
  expect(stems.filter(([word, stem]) => porterStem(word) !== stem)).toEqual([]);
});

it('departs from the paper where NLTK does', () => {
  expect(['enjoy', 'happy', 'flies', 'died', 'skies', 'additionally', 'proceed', 'at', 'abe'].map(porterStem)).toEqual([
    'enjoy',
    'happi',
    'fli',
    'die',
    'sky',
    'addit',
    'proceed',
    'at',
    'abe',
  ]);
});
