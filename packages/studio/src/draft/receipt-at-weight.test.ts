import { fileURLToPath } from 'node:url';
import { plain, preview } from '@counterweight/core';
import { expect, it } from 'vitest';
import { receiptAtWeight } from './receipt-at-weight.ts';

const model = fileURLToPath(new URL('../../../../models/stories260k', import.meta.url));
const data = [
  {
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Who are you?' },
      { role: 'assistant', content: 'A cat.' },
      { role: 'user', content: 'And now?' },
      { role: 'assistant', content: 'A dog.' },
    ],
  },
  { prompt: 'Once upon a time', completion: ' there was a cat.' },
];

it.each([0, 0.25])('is what a preview at that weight says, with template weight %d', async (templateLossWeight) => {
  const at = (promptLossWeight: number) =>
    preview({ recipe: plain(), model, data, rows: 2, training: { promptLossWeight, templateLossWeight } });
  const whole = await at(1);
  for (const weight of [0.01, 0.1, 0.5, 1, 1.5]) {
    const { receipt, examples } = receiptAtWeight(whole, weight);
    const asked = await at(weight);
    expect(receipt.promptWeightShare).toBeCloseTo(asked.receipt.promptWeightShare, 12);
    expect(receipt.templateWeightShare ?? 0).toBeCloseTo(asked.receipt.templateWeightShare ?? 0, 12);
    expect({ ...receipt, promptWeightShare: 0, templateWeightShare: 0 }).toEqual({
      ...asked.receipt,
      promptWeightShare: 0,
      templateWeightShare: 0,
    });
    for (const [i, example] of examples.entries()) {
      expect(example.ids).toEqual(asked.examples[i]?.ids);
      for (const [at, own] of example.weights.entries())
        expect(own).toBeCloseTo(asked.examples[i]?.weights[at] ?? -1, 12);
    }
  }
});
