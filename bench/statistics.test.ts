import { expect, test } from 'vitest';
import { batchesOf } from './job.ts';
import { parseCommand } from './options.ts';
import { neededOperations, SHAPES } from './shapes.ts';
import { median } from './statistics.ts';

test('median of an odd and an even count', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow('no values');
});

test('batches are whole', () => {
  const orders = [
    [3, 1, 2, 0, 4],
    [0, 1, 2, 3, 4],
  ];
  expect(batchesOf(orders, 2)).toEqual([
    [3, 1],
    [2, 0],
    [0, 1],
    [2, 3],
  ]);
});

test('options of the command line', () => {
  expect(parseCommand(['lora-135m', '--steps', '4', '--precision', 'bf16'])).toMatchObject({
    names: ['lora-135m'],
    steps: 4,
    precision: 'bf16',
    write: false,
  });
  expect(() => parseCommand(['--steps', 'many'])).toThrow('--steps takes a whole number');
  expect(() => parseCommand(['--precision', 'f16'])).toThrow('--precision is f32 or bf16');
});

test('operations of a step, counted by hand', () => {
  // One block of hidden size 2, two heads of size 1 with keys and values of their own, inner size 3, vocabulary 5.
  const shape = {
    ...SHAPES['15m'],
    hidden_size: 2,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 2,
    intermediate_size: 3,
    vocab_size: 5,
  };
  const examples = [{ length: 4, targets: 3 }];
  // Weights: 4 · 2·2 + 3 · 2·3 = 34, on 4 tokens; logits: 2·5 on 3 targets; attention: 6 · 2 · 4².
  expect(neededOperations(shape, { method: 'full', rank: 0, examples })).toBe(6 * 34 * 4 + 6 * 10 * 3 + 192);
  // Adapters of rank 1: 4 · (2 + 2) + 3 · (2 + 3) = 31.
  expect(neededOperations(shape, { method: 'lora', rank: 1, examples })).toBe((4 * 34 + 6 * 31) * 4 + 4 * 10 * 3 + 192);
});
