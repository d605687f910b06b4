import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { whatFits } from './what-fits.ts';

describe('what fits', () => {
  beforeAll(() => openEngine('wasm'));

  it('has models of the sizes that their makers state', () => {
    const sizes = Object.fromEntries(whatFits().map(({ name, weights }) => [name, weights]));
    expect(sizes).toMatchObject({
      'SmolLM2 135M': 134_515_008,
      'TinyLlama 1.1B': 1_100_048_384,
      'Llama 2 7B': 6_738_415_616,
      'Llama 3.1 8B': 8_030_261_248,
    });
  });

  it('takes less with fewer bits, and when activations are recomputed', () => {
    for (const { ways } of whatFits()) {
      const bytes = (recompute: boolean) =>
        ways.filter(({ training }) => (training.recompute ?? false) === recompute).map((way) => way.bytes);
      expect(bytes(false)).toHaveLength(5);
      expect(bytes(false)).toEqual(bytes(false).toSorted((a, b) => b - a));
      for (const [i, plain] of bytes(false).entries()) expect(bytes(true)[i]).toBeLessThan(plain);
    }
  });

  it('holds to what WebAssembly can address, whatever is free', () => {
    const ways = whatFits().find(({ name }) => name === 'Llama 2 13B')?.ways ?? [];
    expect(ways.map(({ fits }) => fits)).toEqual(ways.map(() => false));
  });
});
