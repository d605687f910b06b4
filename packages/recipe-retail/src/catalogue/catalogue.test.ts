import { describe, expect, it } from 'vitest';
import { createCatalogue } from './catalogue.ts';
import { readRecommendations } from './read-recommendations.ts';

const catalogue = createCatalogue(
  [
    'cat food',
    'dog food',
    'crème brûlée',
    { name: 'FRZN MEAT/MEAT DINNERS', sold: 3 },
    'salt, sea',
    '2% milk',
    'eggs',
    '7 up',
  ],
  0.85,
);

describe('a written name', () => {
  it.each([
    ['eggs', 'eggs', 'exact'],
    ['EGGS ', 'eggs', 'normalised'],
    ['creme brulee!', 'crème brûlée', 'normalised'],
    ['frzn meat - meat dinners', 'FRZN MEAT/MEAT DINNERS', 'normalised'],
    // 1 edit in 8 letters: 0.875
    ['cat fod', 'cat food', 'fuzzy'],
    ['creme brule', 'crème brûlée', 'fuzzy'],
  ])('%j is %j, %s', (written, name, by) => {
    expect(catalogue.find(written)).toEqual({ name, by });
  });

  it.each([['cow food'], ['egg'], ['milk'], [''], ['?!'], ['cat food for the very hungry']])(
    '%j is nothing',
    (written) => {
      expect(catalogue.find(written)).toBeUndefined();
    },
  );

  it('takes the likest of several, and the threshold as it is given', () => {
    const strict = createCatalogue(['abcdefgh', 'abcdefgx'], 0.875);
    expect(strict.find('abcdefg')).toEqual({ name: 'abcdefgh', by: 'fuzzy' });
    expect(createCatalogue(['abcdefgh', 'abcdefghi'], 0.5).find('abcdefghij')?.name).toBe('abcdefghi');
    expect(createCatalogue(['abcdefgh'], 0.88).find('abcdefg')).toBeUndefined();
    expect(createCatalogue(['abcdefgh'], 1).find('ABCDEFGH')?.by).toBe('normalised');
  });
});

describe('a generated text', () => {
  it('is read line by line: matched, without repetitions, unknown names in their places', () => {
    expect(readRecommendations('1. eggs\n- Dog food\n\n* unicorn dust\nEGGS\n2) cat foood\n', catalogue)).toEqual({
      ranked: ['eggs', 'dog food', undefined, 'cat food'],
      unknown: ['unicorn dust'],
      duplicates: 1,
      matched: { exact: 1, normalised: 2, fuzzy: 1 },
    });
  });

  it('counts an unknown name that is repeated once', () => {
    const { ranked, unknown, duplicates } = readRecommendations('moon\nmoon\nsun', catalogue);
    expect({ ranked, unknown, duplicates }).toEqual({
      ranked: [undefined, undefined],
      unknown: ['moon', 'sun'],
      duplicates: 1,
    });
  });

  it.each([
    ['eggs, dog food; cat food', ['eggs', 'dog food', 'cat food']],
    ['salt, sea', ['salt, sea']],
    ['salt, sea\neggs', ['salt, sea', 'eggs']],
    ['2% milk\n7 up', ['2% milk', '7 up']],
    ['Nothing.', []],
    ['', []],
    [' \n ', []],
  ])('%j has %j', (text, ranked) => {
    expect(readRecommendations(text, catalogue).ranked).toEqual(ranked);
  });
});
