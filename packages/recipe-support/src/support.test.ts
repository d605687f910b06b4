import { readFileSync } from 'node:fs';
import { recipeConformance } from '@counterweight/core/testing';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { support } from './support.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const csv = (name: string): Record<string, string>[] => parse(read(name), { columns: true });
const lines = (name: string): Record<string, unknown>[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const training = csv('banking77-train.csv');
const evaluation = csv('banking77-eval.csv');
const intents = csv('multidogo-intents-train.csv');
const actions = lines('next-actions.jsonl');
const labels = [...new Set(intents.map((row) => row.intent ?? ''))];

describe.each([
  ['name the problem', support(), evaluation.slice(0, 40)],
  ['name the problem, unmasked', support({ maskPersonalData: false }), evaluation.slice(0, 10)],
  ['one-sentence summary', support({ task: 'one-sentence-summary' }), lines('one-sentence-summaries.jsonl')],
  ['summary', support({ task: 'summary' }), lines('summaries.jsonl')],
  ['summary in points', support({ task: 'summary', style: 'bullet-points', maxWords: 20 }), lines('summaries.jsonl')],
  ['next action', support({ task: 'next-action' }), actions],
  ['intent', support({ task: 'intent' }), intents.slice(0, 60)],
  ['intent of a set', support({ task: 'intent', labels, labelsInPrompt: true }), intents.slice(0, 30)],
] as const)('%s conforms', (_, recipe, rows) => {
  for (const check of recipeConformance({ recipe: recipe as ReturnType<typeof support>, rows }))
    it(check.name, check.run);
});

/** What a model without a chat template sees, and what it is to say. */
function textOf<Row>(
  recipe: ReturnType<typeof support<never>> | { parseRow(row: unknown): Row },
  row: unknown,
): string {
  const { render, parseRow, layout } = recipe as ReturnType<typeof support>;
  const { prompt, completion } = render(parseRow(row));
  const { before, after } = layout.user;
  return [before, ...prompt.map(({ text }) => text), after, ...completion.map(({ text }) => text)].join('');
}

describe('a row', () => {
  it('becomes the message, a short instruction, and the label as words', () => {
    expect(textOf(support(), { message: ' Where is my card? ', problem: 'card_arrival' })).toBe(
      'Customer: Where is my card?\nName the problem in a few words.\ncard arrival',
    );
    expect(textOf(support({ task: 'intent' }), { message: 'a window seat please', intent: 'change_seat' })).toBe(
      'Customer: a window seat please\nWhat does the customer want?\nchange seat',
    );
  });

  it('becomes the conversation, whichever way it is written', () => {
    const turns = [
      { speaker: 'customer', text: 'Wrong size.\nAgain!' },
      { speaker: 'agent', text: 'Sorry.' },
    ];
    const chat = [
      { role: 'user', content: 'Wrong size.\nAgain!' },
      { role: 'assistant', content: 'Sorry.' },
    ];
    const conversation = 'Customer: Wrong size. Again!\nAgent: Sorry.';
    const recipe = support({ task: 'one-sentence-summary' });
    for (const dialogue of [turns, chat, conversation]) {
      expect(textOf(recipe, { dialogue, summary: 'The size is wrong.' })).toBe(
        `${conversation}\nSummarize the conversation in one sentence.\nThe size is wrong.`,
      );
    }
    expect(recipe.parseRow({ message: 'Wrong size.' }).source).toBe('Customer: Wrong size.');
    expect(textOf(support({ task: 'next-action' }), { dialogue: conversation, action: 'check_order' })).toBe(
      `${conversation}\nWhat does the agent do next?\ncheck order`,
    );
  });

  it('may ask for a length and a style of its own', () => {
    const recipe = support({ task: 'summary', maxWords: 25 });
    const row = { dialogue: 'Customer: x', summary: 'y' };
    const promptOf = (extra: object) => textOf(recipe, { ...row, ...extra }).split('\n')[1];
    expect(promptOf({})).toBe('Summarize the conversation in at most 25 words.');
    expect(promptOf({ maxWords: '12', style: '' })).toBe('Summarize the conversation in at most 12 words.');
    expect(promptOf({ style: 'bullet-points' })).toBe(
      'Summarize the conversation in at most 25 words, as points, each on a line of its own that begins with "- ".',
    );
    expect(promptOf({ style: 'handover' })).toMatch(/for the colleague who takes over/);
    expect(promptOf({ style: 'to-the-customer' })).toMatch(/as a note to the customer\.$/);
  });

  it('keeps to the set of labels, if there is one', () => {
    const recipe = support({ task: 'intent', labels: ['Book flight', 'change_seat'], labelsInPrompt: true });
    expect(textOf(recipe, { message: 'hi', intent: 'book_flight' })).toBe(
      'Customer: hi\nWhat does the customer want? Choose from: Book flight; change seat.\nBook flight',
    );
    expect(recipe.answers).toEqual({ texts: ['Book flight', 'change seat'] });
    expect(() => recipe.parseRow({ message: 'hi', intent: 'sing' })).toThrow(
      expect.objectContaining({ field: 'intent', message: '"sing" is none of the 2 labels' }),
    );
    expect(support({ task: 'intent' }).answers).toBeUndefined();
  });

  it('has no completion without its answer', () => {
    expect(support().render(support().parseRow({ message: 'Where is my card?' })).completion).toEqual([]);
    expect(support().render(support().parseRow({ message: 'Where is my card?', problem: ' ' })).completion).toEqual([]);
  });

  it.each([
    [{ text: 'x', category: 'y' }, 'message', /"message" is missing/],
    [{ message: '  ' }, 'message', /"message" is empty/],
    [{ message: 'x', problem: 7 }, 'problem', /expected string, received number/],
  ])('is refused as %j, naming the field', (row, field, message) => {
    expect(() => support().parseRow(row)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });

  it.each([
    [{}, 'dialogue', /"dialogue" is missing/],
    [{ message: 'x', dialogue: 'y' }, 'dialogue', /either "dialogue" or "message"/],
    [{ dialogue: 'y', maxWords: 0 }, 'maxWords', /"maxWords" does not fit/],
    [{ dialogue: 'y', style: 'sung' }, 'style', /"style" does not fit/],
  ])('is refused as %j, naming the field', (row, field, message) => {
    expect(() => support({ task: 'summary' }).parseRow(row)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });
});

describe('personal data', () => {
  const dialogue =
    'Agent: Your e-mail and order ID?\nCustomer: cminh730@email.com, 3348917502\nCustomer: (977) 625-2661';

  it('is masked in what is trained on and what is asked, and counted', () => {
    const recipe = support({ task: 'one-sentence-summary' });
    const row = recipe.parseRow({ dialogue, summary: 'Call (977) 625-2661.' });
    expect(row.source).toBe('Agent: Your e-mail and order ID?\nCustomer: [e-mail], 3348917502\nCustomer: [phone]');
    expect(row.summary).toBe('Call [phone].');
    expect(recipe.tally?.(row)).toEqual({
      'e-mail addresses masked': 1,
      'phone numbers masked': 2,
      'card numbers masked': 0,
      'summaries of more than one sentence': 0,
    });
  });

  it('stays where one asks for it', () => {
    const recipe = support({ task: 'next-action', maskPersonalData: false });
    const row = recipe.parseRow({ dialogue });
    expect(row.source).toBe(dialogue);
    expect(recipe.tally?.(row)).toEqual({});
  });

  it('is not in the banking questions, so that nothing in them changes', () => {
    const recipe = support();
    for (const row of [...training, ...evaluation]) expect(recipe.parseRow(row).message).toBe(row.message);
  });
});

describe('options', () => {
  it('have their defaults', () => {
    const options = { task: 'name-the-problem', maskPersonalData: true };
    expect(support().options).toEqual(options);
    expect(support({ task: 'name-the-problem' }).options).toEqual(options);
    expect(support({ task: 'summary' }).options).toEqual({
      task: 'summary',
      maxWords: 40,
      style: 'neutral',
      rougeTokenizer: 'ascii',
      maskPersonalData: true,
    });
  });

  it.each([
    [{ task: 'sing' }, 'task'],
    [{ tusk: 1 }, 'tusk'],
    [{ maxWords: 3 }, 'maxWords'],
    [{ task: 'summary', style: 'sung' }, 'style'],
    [{ task: 'intent', labels: ['a_b', 'A b'] }, 'labels'],
    [{ task: 'intent', labels: ['a'] }, 'labels'],
  ])('refuse %j', (options, option) => {
    expect(() => support(options as never)).toThrow(expect.objectContaining({ option }));
  });

  it('know the type of their rows', () => {
    const problem: string | undefined = support().parseRow({ message: 'm', problem: 'p' }).problem;
    const maxWords: number = support({ task: 'summary' }).parseRow({ message: 'm' }).maxWords;
    const intent: string | undefined = support({ task: 'intent' }).parseRow({ message: 'm', intent: 'i' }).intent;
    expect([problem, maxWords, intent]).toEqual(['p', 40, 'i']);
  });
});

describe('beside a model', () => {
  const recipe = support();
  const rows = ['theft', 'card_arrival', 'card_arrival', 'theft', 'top up'].map((problem, i) =>
    recipe.parseRow({ message: `message ${i}`, problem }),
  );

  it('stands the most frequent label; of equals the first by name', () => {
    expect(recipe.baseline?.answer(rows.slice(3), rows)).toEqual(['card arrival', 'card arrival']);
    expect(recipe.baseline?.answer(rows.slice(3), [])).toEqual(['', '']);
  });

  it('each output counts as a label or none, as all rows together say', async () => {
    const unknown = recipe.metrics.find(({ name }) => name === 'unknownLabels');
    const predictions = rows.map((row, i) => ({ row, text: i === 0 ? 'once upon' : 'top up' }));
    expect(await unknown?.compute(predictions)).toBeCloseTo(0.2);
    expect(await Promise.all(predictions.map((one) => unknown?.perRow?.(one)))).toEqual([1, 0, 0, 0, 0]);
  });
});
