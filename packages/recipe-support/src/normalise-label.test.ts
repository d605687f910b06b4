import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseLabel } from './normalise-label.ts';
import { support } from './support.ts';

describe('a label', () => {
  it.each([
    'card_arrival',
    'card arrival',
    'Card arrival.',
    ' Card  arrival\n',
    'CARD_ARRIVAL',
    'card-arrival',
    'card\u00a0arrival',
    '"card arrival"',
    '“Card arrival.”',
    '**card_arrival**',
    '`card_arrival`',
    'card arrival?!',
    'card_arrival:',
  ])('written %j is the same as others', (written) => {
    expect(normaliseLabel(written)).toBe('card arrival');
  });

  it.each([
    ['C', 'C++'],
    ['C', 'C#'],
    ['-1', '1'],
    ['.5', '5'],
    ['2.5', '25'],
    ['cafe', 'café'],
    ['card arrival', 'arrival card'],
    ['card arrival', 'cardarrival'],
    ['card arrival', 'the card arrival'],
    ['?', ''],
    ['?', '!'],
  ])('%j is not %j', (one, other) => {
    expect(normaliseLabel(one)).not.toBe(normaliseLabel(other));
  });

  it('does not change when it is normalised again, and never disappears', () => {
    const unusual = fc.string({ unit: fc.constantFrom(...' _-."\'*`?aB1\n') });
    const text = fc.oneof(
      unusual,
      fc.string({ unit: 'binary' }),
      fc.tuple(unusual, fc.string({ unit: 'binary' }), unusual).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (label) => {
        const once = normaliseLabel(label);
        expect(normaliseLabel(once)).toBe(once);
        expect(normaliseLabel(` ${label}\n`)).toBe(once);
        if (label.trim() !== '') expect(once).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(['intent', 'next-action', 'name-the-problem'] as const)('the metrics of %s', (task) => {
  const field = { intent: 'intent', 'next-action': 'action', 'name-the-problem': 'problem' }[task];
  const recipe = support({ task } as never);
  const scores = async (...pairs: [label: string | undefined, output: string][]) => {
    const predictions = pairs.map(([label, text]) => ({
      row: recipe.parseRow({ message: 'hi', [field]: label }),
      text,
    }));
    return Object.fromEntries(
      await Promise.all(recipe.metrics.map(async ({ name, compute }) => [name, await compute(predictions)] as const)),
    );
  };

  it('compare labels as both sides write them', async () => {
    expect(
      await scores(['card_arrival', 'card_arrival'], ['card_arrival', 'Card arrival.'], ['Pin blocked', 'pin_blocked']),
    ).toEqual({
      exactMatch: 1,
      macroF1: 1,
      unknownLabels: 0,
    });
  });

  it('count outputs that are no label, and leave out rows that have none', async () => {
    expect(await scores(['a', 'b'], ['b', 'b'], ['a', 'a or b'], ['b', ''], [undefined, 'a'])).toMatchObject({
      exactMatch: 1 / 4,
      unknownLabels: 2 / 4,
    });
  });
});

it('with a set, an output of the set is known whether or not a row has it', () => {
  const recipe = support({ task: 'intent', labels: ['Book flight', 'change_seat'] });
  expect(recipe.parseRow({ message: 'hi', intent: '“Book_Flight.”' }).intent).toBe('Book flight');
  const row = recipe.parseRow({ message: 'hi', intent: 'book_flight' });
  const unknown = recipe.metrics.find(({ name }) => name === 'unknownLabels');
  expect(unknown?.compute(['change_seat', 'book a flight'].map((text) => ({ row, text })))).toBe(1 / 2);
  expect(() => support({ task: 'intent', labels: ['card-arrival', 'Card arrival.'] })).toThrow(/stands there twice/);
});
