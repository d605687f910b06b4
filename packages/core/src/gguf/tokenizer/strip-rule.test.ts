import { expect, it } from 'vitest';
import { tokenizerJsonSchema } from '../../tokenizer/tokenizer-json.ts';
import { nameWithStripRule } from './strip-rule.ts';

const added = (contents: readonly string[], rstrip: boolean) =>
  contents.map((content, id) => ({ id, content, rstrip }));
const json = (stripping: readonly string[]) =>
  tokenizerJsonSchema.parse({
    model: { vocab: {} },
    added_tokens: [...added(['<unk>', '<s>', '<|endoftext|>'], false), ...added(stripping, true)],
  });

it('is in the name of what strips as Phi-3, and of nothing else', () => {
  const phi = json(['</s>', '<|end|>']);
  expect(nameWithStripRule('model', phi)).toBe('model (phi-3)');
  expect(nameWithStripRule('Phi-3-mini', phi)).toBe('Phi-3-mini');
  expect(nameWithStripRule('my-phi3-and-Phi-3', json([]))).toBe('my-phi 3-and-phi 3');
  expect(nameWithStripRule('llama', json([]))).toBe('llama');
});
