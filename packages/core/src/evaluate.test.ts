import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { extendRecipe } from './recipe/extend-recipe.ts';
import { plain } from './recipe/plain.ts';
import { temporaryFolder } from './test-support/folder.ts';
import { storiesFolder } from './tokenizer/test-support/tokenizers.ts';

const path = temporaryFolder();

it('knows before the work that its predictions have no place', async () => {
  // No model is opened for it: this one is not there.
  const evaluated = evaluate({ recipe: plain(), model: './nowhere', data: 'x', predictions: '/dev/null/out.jsonl' });
  await expect(evaluated).rejects.toMatchObject({ code: 'output-unwritable', where: '/dev/null' });
});

describe('asking again', () => {
  const recipe = extendRecipe(plain(), {
    name: 'stories',
    defaults: { maxNewTokens: 6 },
    render: (row, base) => {
      const { prompt, ...rest } = base.render(row);
      const phrasings = { short: ' And then?', heldOut: ' What came after it?' };
      const freedom = { case: true, typing: true };
      return { ...rest, freedom, prompt: [...prompt, { role: 'user', text: ' What happened next?', phrasings }] };
    },
  });
  const data = ['Tim lost a red ball.', 'Ann went outside with Ben.', 'The little dog was sleeping.'].map((prompt) => ({
    prompt,
    completion: ' Yes.',
  }));
  const options = { recipe, model: storiesFolder, data, engine: 'wasm' } as const;

  it('is a field of the evaluation, and its rows are in the file of predictions', async () => {
    const plainly = await evaluate(options);
    expect(plainly).not.toHaveProperty('sensitivity');
    const predictions = path('predictions.jsonl');
    const estimated: number[] = [];
    const onEstimate = ({ outputs }: { readonly outputs: number }) => estimated.push(outputs);
    const { sensitivity, ...rest } = await evaluate({ ...options, perturb: true, predictions, onEstimate });
    // This recipe has no metrics: the rows' own prompts are answered to be compared with, and each three times more.
    expect(estimated).toEqual([3 + 3 * 3]);
    expect(rest).toEqual(plainly);
    expect(sensitivity).toMatchObject({ rows: 3, byPerturbation: { phrasing: { rows: 3 }, case: { rows: 3 } } });
    expect(Object.keys(sensitivity?.byPerturbation ?? {})).toEqual(['phrasing', 'case', 'typing']);
    expect(sensitivity).not.toHaveProperty('askings');
    const lines = readFileSync(predictions, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ row, perturbation = 'own' }) => `${perturbation} ${row}`)).toEqual(
      ['own', 'phrasing', 'case', 'typing'].flatMap((way) => [1, 2, 3].map((row) => `${way} ${row}`)),
    );
    expect(lines[3]).toMatchObject({
      prompt: 'Tim lost a red ball. What came after it?',
      change: 'What came after it?',
      reference: ' Yes.',
      changed: expect.any(Boolean),
    });
    const changed = lines.filter((line) => line.perturbation === 'typing' && line.changed).length;
    expect(sensitivity?.byPerturbation.typing?.changed).toBeCloseTo(changed / 3, 12);
  });

  it('can be asked of some ways and another seed', async () => {
    const { sensitivity } = await evaluate({ ...options, perturb: { perturbations: ['case'], seed: 3 } });
    expect(Object.keys(sensitivity?.byPerturbation ?? {})).toEqual(['case']);
  });

  it.each([
    [{ perturb: true, sampling: { temperature: 0.8 } }, /sampled/],
    [{ perturb: true, sampling: { samples: 2, temperature: 0.8 } }, /sampled/],
    [{ perturb: true, training: { evaluateLossesOnly: true } }, /Nothing is generated/],
    [{ perturb: { perturbations: ['typo'] } }, /no perturbation "typo"[\s\S]*phrasing, case, typing, order/],
  ])('refuses %j before the work', async (more, message) => {
    const asked = evaluate({ ...options, model: './nowhere', ...(more as object) });
    await expect(asked).rejects.toMatchObject({ code: 'option-invalid', message: expect.stringMatching(message) });
  });
});
