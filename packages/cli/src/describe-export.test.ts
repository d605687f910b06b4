import { exportFormats } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { describeExport } from './describe-export.ts';

describe('describeExport', () => {
  const shown = (path: string) => path.replace('/home/me/', '');

  it('says size, type and what loads it', () => {
    const written = { output: '/home/me/runs/my run/model-q8_0.gguf', type: 'q8_0', bytes: 145_300_000 } as const;
    const first =
      'Written to runs/my run/model-q8_0.gguf: 145 MB, weights in q8_0\n\nNext:\n' +
      "  shell: llama-cli --model 'runs/my run/model-q8_0.gguf'\n";
    expect(describeExport('gguf', written, shown)).toBe(first);
    const modelfile = '/home/me/runs/my run/model-q8_0.Modelfile';
    expect(describeExport('gguf', { ...written, modelfile }, shown)).toBe(
      `${first}  shell: ollama create NAME -f 'runs/my run/model-q8_0.Modelfile'\n`,
    );
  });

  it('says which weights an adapter was trained on', () => {
    const written = { output: 'runs/a/merged', type: 'f32', bytes: 1, dequantized: 'int4' } as const;
    expect(describeExport('merged', written, shown)).toContain('trained on weights in int4');
  });

  it.each(exportFormats)('names the place in the next step: %s', (to) => {
    const words = describeExport(to, { output: 'runs/a/out', type: undefined, bytes: 1 }, shown);
    const [, next = ''] = words.split('Next:');
    for (const part of ['runs/a', 'out']) expect(next).toContain(part);
  });
});
