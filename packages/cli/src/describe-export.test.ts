import { exportFormats } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { describeExport } from './describe-export.ts';

describe('describeExport', () => {
  it('says size, type and what loads it', () => {
    expect(describeExport('gguf', { type: 'q8_0', bytes: 145_300_000 }, 'runs/my run/model-q8_0.gguf')).toBe(
      'Written to runs/my run/model-q8_0.gguf: 145 MB, weights in q8_0\n\nNext:\n' +
        "  shell: llama-cli --model 'runs/my run/model-q8_0.gguf'\n",
    );
  });

  it('says which weights an adapter was trained on', () => {
    const words = describeExport('merged', { type: 'f32', bytes: 1, dequantized: 'int4' }, 'runs/a/merged');
    expect(words).toContain('trained on weights in int4');
  });

  it.each(exportFormats)('names the place in the next step: %s', (to) => {
    const [, next = ''] = describeExport(to, { type: undefined, bytes: 1 }, 'runs/a/out').split('Next:');
    for (const part of ['runs/a', 'out']) expect(next).toContain(part);
  });
});
