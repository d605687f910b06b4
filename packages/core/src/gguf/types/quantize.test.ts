import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typesFor } from './mixture.ts';
import { STORAGE, type TensorType } from './quantize.ts';
import { typeOf } from './types.ts';

const fixture = JSON.parse(readFileSync(new URL('./fixtures/quantized.json', import.meta.url), 'utf8')) as {
  values: string;
  types: Record<string, string>;
};
const values = new Float32Array(Uint8Array.from(Buffer.from(fixture.values, 'base64')).buffer);
const bytesOf = (type: string) => Buffer.from(fixture.types[type] ?? '', 'base64');

function squaredError(type: TensorType, bytes: Uint8Array): number {
  const { dequantize } = typeOf(STORAGE[type].type, { tensor: '', file: '' });
  const back = new Float32Array(values.length);
  dequantize(bytes, back);
  return back.reduce((sum, value, i) => sum + (value - (values[i] as number)) ** 2, 0);
}

const different = (ours: Uint8Array, theirs: Uint8Array) => ours.filter((byte, i) => byte !== theirs[i]).length;

describe('numbers are quantised as ggml does it', () => {
  it.each(['q8_0', 'q4_1', 'q5_0'] as const)('to the bit: %s', (type) => {
    expect(different(STORAGE[type].encode(values), bytesOf(type))).toBe(0);
  });

  // Sums of 64 bits and of 32 now and then choose another scale.
  it.each(['q4_k', 'q6_k'] as const)('but for a few bytes, with no larger an error: %s', (type) => {
    const [ours, theirs] = [STORAGE[type].encode(values), bytesOf(type)];
    expect(ours.length).toBe(theirs.length);
    expect(different(ours, theirs) / ours.length).toBeLessThan(0.01);
    expect(squaredError(type, ours) / squaredError(type, theirs)).toBeLessThan(1.001);
  });
});

describe('a file of type', () => {
  const chosen = (type: Parameters<typeof typesFor>[0], tied = true) => {
    const of = typesFor(type, { layers: 16, tied });
    return (name: string, columns = 1024) => of({ name: `${name}.weight`, columns });
  };

  it('q4_k_m has finer values and down projections in the layers where llama.cpp has them', () => {
    const of = chosen('q4_k_m');
    const finer = Array.from({ length: 16 }, (_, layer) => layer).filter((i) => of(`blk.${i}.ffn_down`) === 'q6_k');
    expect(finer).toEqual([0, 1, 4, 7, 10, 13, 14, 15]);
    expect([of('blk.4.attn_v'), of('blk.5.attn_v'), of('blk.4.attn_q')]).toEqual(['q6_k', 'q4_k', 'q4_k']);
    expect([of('token_embd'), chosen('q4_k_m', false)('token_embd'), of('output')]).toEqual(['q6_k', 'q4_k', 'q4_k']);
    expect([of('blk.4.attn_q', 576), of('blk.4.attn_v', 576), of('blk.4.attn_q', 24)]).toEqual(['q5_0', 'q8_0', 'f16']);
  });

  it('q4_1 has a finer matrix for the logits, the others have one type', () => {
    expect(['token_embd', 'blk.0.attn_v'].map((name) => chosen('q4_1')(name))).toEqual(['q6_k', 'q4_1']);
    expect(chosen('q4_1')('token_embd', 576)).toBe('q8_0');
    expect(['token_embd', 'blk.0.ffn_down'].map((name) => chosen('q8_0')(name))).toEqual(['q8_0', 'q8_0']);
    expect(chosen('q8_0')('blk.0.ffn_down', 24)).toBe('f16');
  });
});
