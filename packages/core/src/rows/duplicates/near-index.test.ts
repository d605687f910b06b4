import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { exampleKey, exampleWords } from './example-text.ts';
import { createNearIndex } from './near-index.ts';
import { jaccard, shinglesOf } from './shingles.ts';

const words = (text: string) => exampleWords({ prompt: [], completion: [{ role: 'assistant', text }] });
const shingles = (text: string) => shinglesOf(words(text));

describe('an example', () => {
  const [hello, there] = [
    { role: 'user', text: 'Hello' },
    { role: 'assistant', text: 'There' },
  ] as const;

  it('has a key for what it says, and by whom', () => {
    const key = exampleKey({ prompt: [hello], completion: [there] });
    expect(exampleKey({ prompt: [{ ...hello, weight: 0.5, shorten: 'start' }], completion: [there] })).toBe(key);
    expect(exampleKey({ prompt: [{ ...hello, role: 'system' }], completion: [there] })).not.toBe(key);
    expect(exampleKey({ prompt: [], completion: [there] })).not.toBe(key);
    expect(exampleKey({ prompt: [hello], completion: [{ ...there, message: { name: 'a' } }] })).not.toBe(key);
    expect(exampleKey({ prompt: [hello], completion: [there], tools: [{}] })).not.toBe(key);
  });

  it('has words without case, punctuation and ways of writing', () => {
    expect(words('The Café, again: ﬁve times!')).toEqual(['the', 'café', 'again', 'five', 'times']);
    expect(words('我喜歡 tea')).toEqual(['我', '喜', '歡', 'tea']);
  });
});

describe('shingles', () => {
  it('are runs of five words, each once', () => {
    expect(shingles('a b c d e f')).toHaveLength(2);
    expect(shingles('a a a a a a a')).toHaveLength(1);
    expect(shingles('a b')).toHaveLength(1);
    expect(shingles('…')).toHaveLength(0);
  });

  it('are alike by what they share of all', () => {
    expect(jaccard(Uint32Array.of(1, 2, 3, 4), Uint32Array.of(2, 3, 4, 5))).toBe(3 / 5);
    expect(jaccard(Uint32Array.of(1), Uint32Array.of(2))).toBe(0);
    expect(jaccard(new Uint32Array(), new Uint32Array())).toBe(0);
  });
});

describe('the index', () => {
  const random = createRandom(5);
  const word = () => `w${random.integer(5000)}`;
  const text = () => Array.from({ length: 100 }, word);
  const changed = (some: readonly string[], count: number) => {
    const result = [...some];
    for (let i = 0; i < count; i++) result[random.integer(result.length)] = word();
    return result;
  };

  it('finds the pairs that a comparison of all with all finds', () => {
    const texts = Array.from({ length: 60 }, text).flatMap((some) => [some, changed(some, 1), changed(some, 3)]);
    const sets = texts.map(shinglesOf);
    const index = createNearIndex();
    const found = sets.map((set, i) => {
      const first = index.find(set);
      index.add(i, set);
      return first;
    });
    const compared = sets.map((set, i) => {
      const first = sets.slice(0, i).findIndex((other) => jaccard(set, other) >= 0.8);
      return first < 0 ? undefined : first;
    });
    expect(compared.filter((first) => first !== undefined).length).toBeGreaterThan(50);
    expect(found).toEqual(compared);
  });

  it('finds nothing for a text without words, and nothing in an empty one', () => {
    const index = createNearIndex();
    expect(index.find(shingles('some text'))).toBeUndefined();
    index.add(0, shingles('!'));
    expect(index.find(shingles('?'))).toBeUndefined();
  });
});
