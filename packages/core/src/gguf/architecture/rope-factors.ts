import type { ConfigFields } from '../../export/config-fields.ts';

/** The tensor that they travel in. */
export const ROPE_FACTORS = 'rope_freqs.weight';

/**
 * Llama 3's scaling of the rotary frequencies as divisors of each, `[headSize / 2]`, which llama.cpp reads from a tensor
 * of its own: long waves by `factor`, short ones by 1, smoothly in between. Undefined for other models.
 */
export function ropeFactors({ rope, headSize }: ConfigFields): Float32Array | undefined {
  if (rope.type !== 'llama3') return undefined;
  const parameter = (name: string, otherwise: number) => Number(rope.parameters[name] ?? otherwise);
  const factor = parameter('factor', 8);
  const low = parameter('low_freq_factor', 1);
  const high = parameter('high_freq_factor', 4);
  const context = parameter('original_max_position_embeddings', 8192);
  return Float32Array.from({ length: headSize / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * rope.theta ** ((2 * i) / headSize);
    const smooth = Math.min(1, Math.max(0, (context / wavelength - low) / (high - low)));
    return 1 / ((1 - smooth) / factor + smooth);
  });
}
