import { expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { plain } from './recipe/plain.ts';

it('knows before the work that its predictions have no place', async () => {
  // No model is opened for it: this one is not there.
  const evaluated = evaluate({ recipe: plain(), model: './nowhere', data: 'x', predictions: '/dev/null/out.jsonl' });
  await expect(evaluated).rejects.toMatchObject({ code: 'output-unwritable', where: '/dev/null' });
});
