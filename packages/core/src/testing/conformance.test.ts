import { describe, expect, it } from 'vitest';
import { meanOf } from '../recipe/metric.ts';
import { plain } from '../recipe/plain.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { recipeConformance } from './conformance.ts';

const pairs = [
  { prompt: 'Two and two?\n', completion: 'four' },
  { prompt: 'Three and three?\n', completion: 'six 🎉' },
];
const chats = pairs.map(({ prompt, completion }) => ({
  messages: [
    { role: 'system', content: 'Count.' },
    { role: 'user', content: prompt },
    { role: 'assistant', content: completion },
  ],
}));

describe('the plain recipe conforms', () => {
  for (const check of recipeConformance({ recipe: plain(), rows: pairs })) it(`pairs: ${check.name}`, check.run);
  const withoutAnswer = (row: unknown) => ({ messages: (row as (typeof chats)[number]).messages.slice(0, -1) });
  for (const check of recipeConformance({ recipe: plain(), rows: chats, withoutAnswer }))
    it(`chats: ${check.name}`, check.run);
});

describe('a recipe that does not conform is caught', () => {
  const good = plain();
  type Row = ReturnType<typeof good.parseRow>;
  let calls = 0;
  const faulty: [string, Partial<Recipe<Row>>, RegExp][] = [
    ['a name', { name: 'My Recipe' }, /kebab-case/],
    ['options', { options: { when: new Date(0) } }, /plain JSON/],
    ['defaults', { defaults: { ...good.defaults, promptLossWeight: Number.NaN } }, /promptLossWeight/],
    ['room', { defaults: { ...good.defaults, maxNewTokens: 4096 } }, /room for a prompt/],
    [
      'chance',
      { render: () => ({ prompt: [], completion: [{ role: 'assistant', text: String(calls++) }] }) },
      /differ/,
    ],
    [
      'a leak',
      { render: (row) => ({ ...good.render(row), prompt: [{ role: 'user', text: row.completion ?? 'none' }] }) },
      /prompt depends on the answer/,
    ],
    ['silence', { render: (row) => ({ ...good.render(row), completion: [] }) }, /completion is empty/],
    [
      'the wrong speaker',
      { render: (row) => ({ prompt: [], completion: [{ role: 'user', text: row.completion ?? '' }] }) },
      /not the assistant/,
    ],
    ['everything is a row', { parseRow: () => ({ prompt: 'a', completion: 'b' }) }, /must throw a RowError/],
    [
      'a metric that prefers silence',
      {
        metrics: [
          meanOf({
            name: 'length',
            direction: 'lower-is-better',
            definition: 'characters',
            score: (_, text) => text.length,
          }),
        ],
      },
      /not lower-is-better/,
    ],
    [
      'a baseline that cheats',
      { baseline: { name: 'the answer', answer: (rows) => rows.map(({ completion }) => completion ?? '') } },
      /baseline depends on the answers/,
    ],
    ['a baseline of too few answers', { baseline: { name: 'none', answer: () => [] } }, /0 answers to 2 rows/],
    ['answers it may not give', { answers: { texts: ['four', 'five'] } }, /answer is none that may be given/],
    ['a tally that is no count', { tally: () => ({ halves: 0.5 }) }, /tally "halves" must be a whole number/],
    [
      'an asynchronous metric that fails',
      {
        metrics: [
          {
            name: 'late',
            direction: 'higher-is-better',
            definition: 'fails',
            compute: () => Promise.reject(new Error('it broke late')),
          },
        ],
      },
      /it broke late/,
    ],
    [
      'a metric that is no number',
      {
        metrics: [
          meanOf({
            name: 'ratio',
            direction: 'higher-is-better',
            definition: '0/0',
            score: (_, text) => text.length / text.length,
          }),
        ],
      },
      /not a number/,
    ],
    ...(
      [
        ['a mean that is none of its scores', { perRow: () => 0.5 }, /its scores have the mean 0.5/],
        ['a mean without scores', {}, /has no perRow/],
        ['a score that is no number', { perRow: () => Number.POSITIVE_INFINITY }, /the score Infinity/],
      ] as const
    ).map(([name, scores, message]): [string, Partial<typeof good>, RegExp] => [
      name,
      {
        metrics: [
          {
            name: 'length',
            direction: 'higher-is-better',
            definition: 'characters of the first output',
            aggregation: 'mean',
            compute: ([first]) => first?.text.length ?? 0,
            ...scores,
          },
        ],
      },
      message,
    ]),
  ];
  it.each(faulty)('%s', async (_, fault, message) => {
    const errors: string[] = [];
    for (const check of recipeConformance({ recipe: { ...good, ...fault }, rows: pairs })) {
      try {
        await check.run();
      } catch (error) {
        errors.push((error as Error).message);
      }
    }
    expect(errors.join('\n')).toMatch(message);
  });
});
