import { meanOf } from '@counterweight/core/recipe';
import type { MyDomainRow } from './row.ts';

export const exactMatch = meanOf<MyDomainRow>({
  name: 'exactMatch',
  direction: 'higher-is-better',
  definition: 'Share of outputs equal to the answer, both in lower case and without white space at their ends.',
  score: (row, text) => (normalized(text) === normalized(row.myAnswer ?? '') ? 1 : 0),
});

export const wordOverlap = meanOf<MyDomainRow>({
  name: 'wordOverlap',
  direction: 'higher-is-better',
  definition: 'Mean Jaccard index of the sets of words of output and answer, in lower case; 0 where neither has one.',
  score: (row, text) => {
    const given = wordsOf(text);
    const wanted = wordsOf(row.myAnswer ?? '');
    const either = given.union(wanted).size;
    return either === 0 ? 0 : given.intersection(wanted).size / either;
  },
});

const normalized = (text: string) => text.trim().toLowerCase();

const wordsOf = (text: string) => new Set(normalized(text).split(/\s+/).filter(Boolean));
