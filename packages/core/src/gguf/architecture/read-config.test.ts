import { expect, it } from 'vitest';
import { metadataOf } from '../format/metadata.ts';
import { readConfig } from './read-config.ts';

it('more blocks than a file has tensors are refused before anything is made for each', () => {
  const metadata = metadataOf(
    new Map<string, string | number>([
      ['general.architecture', 'qwen2'],
      ['qwen2.context_length', 16],
      ['qwen2.embedding_length', 4],
      ['qwen2.block_count', 4096],
      ['qwen2.feed_forward_length', 4],
      ['qwen2.attention.head_count', 2],
      ['qwen2.attention.layer_norm_rms_epsilon', 1e-5],
    ]),
    'x.gguf',
  );
  expect(() => readConfig({ metadata, tensors: new Map(), values: () => undefined })).toThrow(
    '"qwen2.block_count" is not known here: it is 4096, and the file has 0 tensors.',
  );
});
