import { expect, it } from 'vitest';
import { withLoraPlus } from '../adapters/lora.ts';
import { inVectorOrder, parameterGroupsOf } from './parameter-groups.ts';

const matrix = (name: string, rows: number, decay = true) => ({ name, shape: [rows, 8], decay });
const vector = (name: string, decay: boolean) => ({ name, shape: [16], decay });
const specs = [
  vector('norm', false),
  matrix('q.lora_A', 2),
  matrix('q.lora_B', 3),
  matrix('up.lora_A', 3),
  matrix('up.lora_B', 4),
  vector('up.magnitude', true),
  matrix('embeddings', 4, false),
];
const inOrder = (ratio: number) => inVectorOrder(withLoraPlus(specs, ratio));
const names = (ratio: number) => inOrder(ratio).map(({ name }) => name);

it('puts what decays first, and odd lengths behind the aligned ones', () => {
  const decayed = ['q.lora_A', 'up.lora_B', 'up.magnitude', 'q.lora_B', 'up.lora_A'];
  expect(inVectorOrder(specs).map(({ name }) => name)).toEqual([...decayed, 'norm', 'embeddings']);
  expect(parameterGroupsOf(inVectorOrder(specs))).toEqual([{ learningRateScale: 1, size: 160, decayedSize: 112 }]);
});

it('is the same with a LoRA+ ratio of 1', () => {
  expect(names(1)).toEqual(inVectorOrder(specs).map(({ name }) => name));
  expect(parameterGroupsOf(inOrder(1))).toEqual(parameterGroupsOf(inVectorOrder(specs)));
});

it('keeps A and B apart with another, vectors beside B as in PEFT', () => {
  expect(names(16)).toEqual(['q.lora_A', 'up.lora_A', 'embeddings', 'up.lora_B', 'up.magnitude', 'q.lora_B', 'norm']);
  expect(parameterGroupsOf(inOrder(16))).toEqual([
    { learningRateScale: 1, size: 72, decayedSize: 40 },
    { learningRateScale: 16, size: 88, decayedSize: 72 },
  ]);
});
