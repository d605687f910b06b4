import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import type { Freedom, RenderedExample, Segment } from '../recipe/recipe.ts';
import { type PerturbationName, perturbations } from './perturbations.ts';
import { plainWords } from './plain-words.ts';
import { misspellings } from './typing-error.ts';

const completion: RenderedExample['completion'] = [{ role: 'assistant', text: 'card arrival' }];
const example = (...prompt: Omit<Segment, 'role'>[]): RenderedExample => ({
  prompt: prompt.map((segment) => ({ role: 'user', ...segment })),
  completion,
});
const asked = (name: PerturbationName, of: RenderedExample, seed = 0) => perturbations[name](of, createRandom(seed));
const textOf = ({ prompt }: RenderedExample) => prompt.map(({ text }) => text).join('');
const seeds = Array.from({ length: 30 }, (_, seed) => seed);
/** What a text becomes, over several seeds. */
const all = (name: PerturbationName, text: string, freedom: Freedom): string[] => [
  ...new Set(seeds.map((seed) => textOf(asked(name, example({ text, freedom }), seed)?.example ?? example({ text })))),
];

const words = fc.array(fc.stringMatching(/^[a-zäéß]{1,9}$/), { minLength: 1, maxLength: 12 });
const messages = words.map((some) => `${some.join(' ')}?`);
const free = (text: string) =>
  example(
    { text, freedom: { case: true, typing: true, items: text.slice(0, -1).split(' ') } },
    { text: '\nName the problem.', phrasings: { question: '\nWhat is wrong?', heldOut: '\nSay what is wrong.' } },
  );

describe('every perturbation', () => {
  it.each(Object.keys(perturbations) as PerturbationName[])(
    '%s keeps the answer, and is the same for a seed',
    (name) => {
      fc.assert(
        fc.property(messages, fc.nat(), (text, seed) => {
          const given = free(text);
          const before = JSON.stringify(given);
          const perturbed = asked(name, given, seed);
          expect(perturbed).toEqual(asked(name, given, seed));
          expect(JSON.stringify(given)).toBe(before);
          if (!perturbed) return;
          expect(perturbed.example.completion).toBe(completion);
          expect(textOf(perturbed.example)).not.toBe(textOf(given));
          expect(perturbed.change).not.toBe('');
          expect(perturbed.example.prompt.map(({ text: _, ...rest }) => rest)).toEqual(
            given.prompt.map(({ text: _, ...rest }) => rest),
          );
        }),
      );
    },
  );

  it.each(Object.keys(perturbations) as PerturbationName[])('%s leaves what is not free', (name) => {
    expect(asked(name, example({ text: 'Where is my card?' }, { text: '\nName the problem.' }))).toBeUndefined();
  });
});

describe('case and punctuation', () => {
  it('changes letters’ case and the end, and no letter', () => {
    fc.assert(
      fc.property(messages, fc.nat(), (text, seed) => {
        const { example: other } = asked('case', example({ text, freedom: { case: true } }), seed) as {
          example: RenderedExample;
        };
        const letters = (one: string) => one.toLowerCase().replace(/[.?!]+$/, '');
        expect(letters(textOf(other))).toBe(letters(text));
      }),
    );
  });

  it.each([
    ['I lost my card.', ['i lost my card', 'I LOST MY CARD']],
    ['take x and B.', ['TAKE x AND B']],
    ['Where is it?', ['where is it', 'where is it???', 'WHERE IS IT', 'WHERE IS IT???']],
    ['is the US ATM free', ['IS THE US ATM FREE.']],
    ['Is the ATM free', ['is the ATM free.', 'IS THE ATM FREE.']],
    [
      'Run `npm Install` at https://Example.com/A?',
      ['RUN `npm Install` AT https://Example.com/A?', 'run `npm Install` at https://Example.com/A?'],
    ],
    ['[e-mail] 12 A320 snake_case camelCase "The Title" me@site.org', []],
    ['straße', ['STRAßE.']],
    ['カードはどこですか？', ['カードはどこですか']],
  ])('%s', (text, expected) => {
    const found = all('case', text, { case: true });
    expect(found.sort()).toEqual((expected.length > 0 ? [...expected] : [text]).sort());
  });
});

describe('a typing error', () => {
  it('is one, in one word of four letters or more, behind its first letter', () => {
    fc.assert(
      fc.property(messages, fc.nat(), (text, seed) => {
        const perturbed = asked('typing', example({ text, freedom: { typing: true } }), seed);
        const long = plainWords(text).filter(({ word }) => word.length >= 4);
        if (!perturbed) {
          // Words that no slip changes into another one than there is.
          expect(long.filter(({ word }) => misspellings(word).length > 1)).toEqual([]);
          return;
        }
        const [before, after] = [text.split(' '), textOf(perturbed.example).split(' ')];
        const changed = before.flatMap((word, i) => (word === after[i] ? [] : [[word, after[i] as string] as const]));
        expect(changed).toHaveLength(1);
        const [was, is] = changed[0] as readonly [string, string];
        expect(was.replace('?', '').length).toBeGreaterThanOrEqual(4);
        expect(misspellings(was.replace('?', ''))).toContain(is.replace('?', ''));
        expect(is[0]).toBe(was[0]);
      }),
    );
  });

  it.each([
    ['code in backticks', 'see `waiting` now'],
    ['a block of code', 'see\n```\nwaiting\n```'],
    ['a line of code', 'return waiting;'],
    ['another line of code', '    waiting for it'],
    ['a call', 'waiting(card)'],
    ['identifiers', 'waiting_card waitingCard card2waiting --waiting waiting-card'],
    ['addresses', 'waiting@card.org www.waiting.org /waiting/card'],
    ['placeholders', '[waiting] <waiting> {waiting}'],
    ['quotations', 'say "waiting", “waiting” now'],
    ['names', 'Waiting WAITING'],
    ['short words', 'is my new one'],
    ['scripts without capitals', 'カードはどこですか בכרטיס'],
    ['a speaker', 'customer: yes'],
  ])('is never in %s', (_, text) => {
    for (const seed of seeds)
      expect(asked('typing', example({ text, freedom: { typing: true } }), seed)).toBeUndefined();
  });

  it('spares words that are to be kept, and makes no other word', () => {
    const kept = example({ text: 'reverse the list', freedom: { typing: true, keep: ['reverse'] } });
    for (const seed of seeds) expect(textOf(asked('typing', kept, seed)?.example ?? kept)).toMatch(/^reverse /);
    const form = all('typing', 'form', { typing: true });
    expect(form).not.toContain('from');
    expect(form.length).toBeGreaterThan(1);
    // The word that would come out stands in the prompt already, and means something there.
    for (const seed of seeds) {
      const text = 'marts';
      const found = asked('typing', example({ text, freedom: { typing: true } }, { text: 'matrs' }), seed);
      expect(textOf(found?.example ?? example({ text }))).not.toMatch(/^matrs/);
    }
  });
});

describe('another phrasing', () => {
  const phrasings = { question: '\nWhat is it?', heldOut: '\nSay what it is.' };
  it('is the one that is held out, in all segments', () => {
    const given = example(
      { text: 'a' },
      { text: '\nName it.', phrasings },
      { text: ' Now.', phrasings: { heldOut: ' At once.' } },
    );
    expect(textOf(asked('phrasing', given)?.example as RenderedExample)).toBe('a\nSay what it is. At once.');
  });
});

describe('another order', () => {
  it('has the same items with the same text between them', () => {
    fc.assert(
      fc.property(words, fc.nat(), (items, seed) => {
        const given = example({ text: `Choose from: ${items.join('; ')}.`, freedom: { items } });
        const perturbed = asked('order', given, seed);
        if (!perturbed) {
          expect(new Set(items).size).toBe(1);
          return;
        }
        const listed = /^Choose from: (.*)\.$/.exec(textOf(perturbed.example))?.[1]?.split('; ') ?? [];
        expect([...listed].sort()).toEqual([...items].sort());
        expect(listed).not.toEqual(items);
      }),
    );
  });

  it('moves parts whole, beside each other only', () => {
    const part = (name: string, ...texts: string[]) => texts.map((text) => ({ text, freedom: { part: name } }));
    const given = example(
      { text: 'Begin. ' },
      ...part('likes', 'Likes: ', 'tea', '\n'),
      ...part('bought', 'Bought: ', 'milk', '\n'),
      { text: 'Between.\n' },
      ...part('alone', 'Alone\n'),
      { text: 'End.' },
    );
    for (const seed of seeds) {
      expect(textOf(asked('order', given, seed)?.example as RenderedExample)).toBe(
        'Begin. Bought: milk\nLikes: tea\nBetween.\nAlone\nEnd.',
      );
    }
    expect(asked('order', example(...part('one', 'a', 'b')))).toBeUndefined();
    expect(asked('order', example({ text: 'x, x', freedom: { items: ['x', 'x'] } }))).toBeUndefined();
  });

  it('leaves items alone that do not stand in their text', () => {
    expect(asked('order', example({ text: 'a, b', freedom: { items: ['a', 'c'] } }))).toBeUndefined();
  });
});
