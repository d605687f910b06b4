import { readSafetensors } from '../../../packages/core/src/checkpoint/safetensors/safetensors.ts';
import { inMemory, JSON_WORDS, refused, type Target } from './target.ts';

function safetensors(
  tensors: Record<string, { dtype: string; shape: number[] }>,
  wide: Record<string, number>,
): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape }]) => {
    const begin = end;
    end += shape.reduce((product, size) => product * size, wide[dtype] as number);
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  return withHeader(
    JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) }),
    new Uint8Array(end),
  );
}

/** A safetensors file of a header and what follows it. */
export function withHeader(header: string, data: Uint8Array): Uint8Array {
  const json = Buffer.from(header);
  return Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(json.length)).buffer), json, data]);
}

export const safetensorsTarget: Target = {
  name: 'safetensors',
  json: 'safetensors',
  words: [
    ...JSON_WORDS,
    '"dtype":"F32"',
    '"shape":[2,2]',
    '"data_offsets":[0,4]',
    '"BF16"',
    '"I64"',
    '"__metadata__":',
  ],
  seeds: [
    safetensors(
      { a: { dtype: 'F32', shape: [2, 2] }, b: { dtype: 'BF16', shape: [3] }, c: { dtype: 'F16', shape: [] } },
      { F32: 4, BF16: 2, F16: 2 },
    ),
    safetensors({ 'model.x': { dtype: 'I64', shape: [1, 0] }, y: { dtype: 'F64', shape: [1] } }, { I64: 8, F64: 8 }),
    withHeader('{}', new Uint8Array()),
  ],
  async read(input) {
    const { tensors, read } = await readSafetensors(inMemory('x.safetensors', input));
    for (const name of tensors.keys()) {
      const values = await read(name).catch(refused);
      if (values && values.length * 2 > input.length) throw new Error('more values than bytes');
    }
  },
};
