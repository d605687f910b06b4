import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GenerationRequest } from '../../generation/request.ts';
import { perturbationNames } from '../../perturbations/perturbations.ts';
import { defineRecipe } from '../../recipe/define-recipe.ts';
import { meanOf } from '../../recipe/metric.ts';
import { plain } from '../../recipe/plain.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { examplesOf } from '../../test-support/examples.ts';
import { tinyTokenizer } from '../../testing/tiny-tokenizer.ts';
import { tokenizeExample } from '../../tokenization/tokenize-example.ts';
import { parseTrainingOptions } from '../../training/parse-options.ts';
import type { EvaluationSet } from '../evaluation-set.ts';
import type { AskingTask } from './ask-again.ts';
import { compareAnswers, type SensitivityOptions } from './measure-sensitivity.ts';
import { type AskingOptions, prepareAskings } from './prepare-askings.ts';

interface Row {
  readonly message: string;
  readonly basket: string[];
  readonly problem: string;
}

const exactMatch = meanOf<Row>({
  name: 'exactMatch',
  direction: 'higher-is-better',
  definition: 'equal',
  score: (row, text) => Number(row.problem === text),
});

const recipe = defineRecipe<Row>({
  name: 'problems',
  options: {},
  row: z.object({ message: z.string(), basket: z.array(z.string()), problem: z.string() }),
  answerField: 'problem',
  defaults: {
    promptLossWeight: 0,
    promptLossWeightReason: 'none',
    generationRatio: 1,
    maxLength: 512,
    maxNewTokens: 32,
  },
  layout: plain().layout,
  render: ({ message, basket, problem }) => ({
    prompt: [
      { role: 'user', text: message, freedom: { case: true, typing: true } },
      { role: 'user', text: `\nBasket: ${basket.join(', ')}\n`, freedom: { items: basket } },
      {
        role: 'user',
        text: 'Name the problem.',
        phrasings: { question: 'What is wrong?', heldOut: 'Say what is wrong.' },
      },
    ],
    completion: [{ role: 'assistant', text: problem }],
  }),
  metrics: [exactMatch],
});

const tokenizer = tinyTokenizer();
const rows: Row[] = Array.from({ length: 40 }, (_, i) => ({
  message: `Still waiting for my ${i % 2 ? 'card' : 'refund'} since ${i} days`,
  basket: [`tea ${i}`, 'milk', 'bread'],
  problem: i % 2 ? 'card arrival' : 'refund missing',
}));

function setOf(of: Recipe<Row>, some = rows): EvaluationSet<Row> {
  const { layout, defaults } = of;
  const examples = some.map((row) => {
    const room = { maxLength: 512, maxNewTokens: defaults.maxNewTokens, longAnswers: 'drop' as const };
    const example = tokenizeExample(of.render(row), { layout, tokenizer, ...room, where: '' });
    if (typeof example === 'string') throw new Error(example);
    return { ...example, roleWeights: new Float64Array(9).fill(1), rowWeight: 1 };
  });
  return { rows: some, examples: examplesOf(examples) };
}

const task = (of: Recipe<Row> = recipe): AskingTask<Row> => ({
  recipe: of,
  tokenizer,
  chat: undefined,
  maxLengthOf: () => 512,
  training: parseTrainingOptions({}),
  signal: undefined,
});

const promptOf = ({ promptIds }: GenerationRequest) => tokenizer.decode(promptIds);
const answering = async (
  answer: (prompt: string) => string,
  options: AskingOptions & SensitivityOptions = {},
  of = recipe,
) =>
  compareAnswers(
    async (requests, onDone) => {
      onDone(requests.length);
      return requests.map((request) => ({ text: answer(promptOf(request)), cut: false, newTokens: 1 }));
    },
    await prepareAskings(setOf(of), task(of), { ...options, answered: options.predictions !== undefined }),
    task(of),
    options,
  );

/** Knows every prompt by heart, and nothing else. */
const byHeart = (prompt: string) => {
  const row = rows.find(
    ({ message, basket }) => prompt === `${message}\nBasket: ${basket.join(', ')}\nName the problem.`,
  );
  return row?.problem ?? prompt;
};
/** Looks for one thing, wherever it stands: the number of days. */
const byKeyword = (prompt: string) => (rows[Number(/(\d+) d/i.exec(prompt)?.[1])] as Row).problem;

describe('a model', () => {
  it('that answers by the exact prompt is as sensitive as can be', async () => {
    const { changedShare, interval, rows: count, byPerturbation } = await answering(byHeart);
    expect([count, changedShare]).toEqual([40, 1]);
    // What 40 rows without an exception leave open: 0.025^(1/40).
    expect(interval).toEqual([expect.closeTo(0.9119, 4), 1]);
    expect(Object.keys(byPerturbation)).toEqual(perturbationNames);
    for (const effect of Object.values(byPerturbation)) {
      expect(effect).toMatchObject({ rows: 40, tooLong: 0, changed: 1 });
      expect(effect.metrics.exactMatch).toEqual({ before: 1, after: 0, difference: -1, interval: [-1, -1] });
    }
  });

  it('that goes by a keyword is not sensitive at all', async () => {
    const { changedShare, interval, byPerturbation, askings } = await answering(byKeyword);
    expect([changedShare, interval]).toEqual([0, [0, expect.closeTo(1 - 0.9119, 4)]]);
    expect(askings.filter(({ changed }) => changed)).toEqual([]);
    for (const effect of Object.values(byPerturbation)) {
      expect(effect.metrics.exactMatch).toMatchObject({ before: 1, after: 1, difference: 0, interval: [0, 0] });
    }
  });

  it('is measured in one way, where it is sensitive to that one only', async () => {
    const knowsInstruction = (prompt: string) => (prompt.endsWith('Name the problem.') ? 'card arrival' : 'what?');
    const { changedShare, byPerturbation, perRow } = await answering(knowsInstruction);
    expect(changedShare).toBe(1 / 4);
    expect(perRow).toEqual(rows.map((_, i) => ({ row: i + 1, asked: 4, changed: 1 })));
    const changed = Object.entries(byPerturbation).map(([name, effect]) => [name, effect.changed]);
    expect(changed).toEqual([
      ['phrasing', 1],
      ['case', 0],
      ['typing', 0],
      ['order', 0],
    ]);
    const one = await answering(knowsInstruction, { perturbations: ['case'] });
    expect([one.changedShare, Object.keys(one.byPerturbation)]).toEqual([0, ['case']]);
  });
});

describe('what is asked', () => {
  it('is listed: the row, what was changed, the prompt and its answer', async () => {
    const { askings } = await answering((prompt) => prompt.slice(0, 9));
    expect(askings).toHaveLength(160);
    for (const { row, perturbation, prompt, reference, output, change, changed, scores } of askings) {
      const own = rows[row - 1] as Row;
      expect(reference).toBe(own.problem);
      expect(output).toBe(prompt.slice(0, 9));
      expect(prompt).not.toBe(`${own.message}\nBasket: ${own.basket.join(', ')}\nName the problem.`);
      expect(changed).toBe(output.trim() !== own.message.slice(0, 9).trim());
      expect(scores).toEqual({ exactMatch: 0 });
      if (perturbation === 'typing') {
        const [was, is] = change.split(' → ') as [string, string];
        expect(own.message).toContain(was);
        expect(prompt).toContain(is);
      }
    }
  });

  it('is the same for a seed, another for another, and does not hang on which rows are measured', async () => {
    const prompts = async (options: AskingOptions, maxEvalRows?: number) => {
      const training = parseTrainingOptions({ ...(maxEvalRows !== undefined && { maxEvalRows }) });
      const answer = async (requests: readonly GenerationRequest[]) =>
        requests.map(() => ({ text: '', cut: false, newTokens: 1 }));
      const prepared = await prepareAskings(setOf(recipe), { ...task(), training }, options);
      const { askings } = await compareAnswers(answer, prepared, task());
      return askings.map(({ row, perturbation, prompt }) => `${row} ${perturbation} ${prompt}`);
    };
    const all = await prompts({});
    expect(await prompts({ seed: 0 })).toEqual(all);
    expect(await prompts({ seed: 1 })).not.toEqual(all);
    const some = await prompts({}, 7);
    expect(some).toHaveLength(28);
    expect(all).toEqual(expect.arrayContaining(some));
  });

  it('leaves out what there is nothing to change of, and what would be too long', async () => {
    const bare: Recipe<Row> = {
      ...recipe,
      render: (row) => ({ ...recipe.render(row), prompt: [{ role: 'user', text: row.message }] }),
    };
    const { rows: count, changedShare, interval, byPerturbation } = await answering(byHeart, {}, bare);
    expect({ count, changedShare, interval, byPerturbation }).toEqual({
      count: 0,
      changedShare: null,
      interval: null,
      byPerturbation: {},
    });
    // Of a row that says of all of its user's words that a slip changes nothing.
    const open: Recipe<Row> = { ...bare, render: (row) => ({ ...bare.render(row), freedom: { typing: true } }) };
    expect(Object.keys((await answering(byHeart, {}, open)).byPerturbation)).toEqual(['typing']);
    const heldOut = 'Say what is wrong. '.repeat(40);
    const wordy: Recipe<Row> = {
      ...recipe,
      render: (row) => ({
        ...recipe.render(row),
        prompt: [{ role: 'user', text: 'Name it.', phrasings: { heldOut, b: 'What?' } }],
      }),
    };
    const short = await answering(byHeart, { perturbations: ['phrasing'] }, wordy);
    expect([short.rows, short.byPerturbation]).toEqual([0, {}]);
  });
});

describe('answers', () => {
  const spelt = (prompt: string) => (prompt.endsWith('Name the problem.') ? ' Card  arrival\n' : 'Card arrival');
  it('are compared without extra white space, or as the recipe compares them', async () => {
    expect((await answering(spelt)).changedShare).toBe(0);
    const strict = { ...recipe, normaliseAnswer: (text: string) => text };
    expect((await answering(spelt, { perturbations: ['phrasing'] }, strict)).changedShare).toBe(1);
    const lax = { ...recipe, normaliseAnswer: (text: string) => text.trim().length.toFixed(0).slice(0, 0) };
    expect((await answering(byHeart, {}, lax)).changedShare).toBe(0);
  });

  it('to the own prompts may be known already', async () => {
    let asked = 0;
    const progress: unknown[] = [];
    const predictions = rows.map(({ problem }) => ({ output: problem }));
    const { byPerturbation } = await answering(
      (prompt) => {
        asked++;
        return byHeart(prompt);
      },
      { predictions, perturbations: ['order'], onProgress: (...done) => progress.push(done) },
    );
    expect(asked).toBe(40);
    expect(progress).toEqual([[40, 40, 'perturbations']]);
    expect(byPerturbation.order?.metrics.exactMatch?.before).toBe(1);
  });
});
