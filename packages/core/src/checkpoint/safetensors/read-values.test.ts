import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test-support/folder.ts';
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16 } from './half-floats.ts';
import { readValues } from './read-values.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors.ts';
import { streamSafetensors } from './stream-safetensors.ts';

const path = temporaryFolder();

/** Longer than one piece of the conversion, and every 16-bit number among them, NaN with all payloads included. */
const COUNT = 2 ** 18 + 77;
const halves = Uint16Array.from({ length: COUNT }, (_, i) => (i * 40_503) & 0xffff);
const singles = new Float32Array(Uint32Array.from({ length: COUNT }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);
const stored = { F32: singles, F16: halves, BF16: halves };
let file: SafetensorsFile;

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array | Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

beforeAll(async () => {
  const tensors = Object.entries(stored).map(([dtype, values]) => {
    return { name: dtype, dtype, shape: [COUNT], byteLength: values.byteLength, bytes: () => bytesOf(values) };
  });
  await streamSafetensors(path('all.safetensors'), tensors);
  file = await openSafetensors(path('all.safetensors'));
});
afterAll(() => file.close());

describe('values on their way from the file to their place', () => {
  it.each([
    ['F32', singles],
    ['F16', float16ToFloat32(halves)],
    ['BF16', bfloat16ToFloat32(halves)],
  ] as const)('%s becomes f32, to the bit', async (dtype, expected) => {
    const place = new Float32Array(new ArrayBuffer(4 + 4 * COUNT), 4);
    await readValues(file, dtype, place);
    expect(bytesOf(place).equals(bytesOf(expected))).toBe(true);
  });

  it.each([
    ['F32', float32ToBfloat16(singles)],
    ['F16', float32ToBfloat16(float16ToFloat32(halves))],
    ['BF16', halves],
  ] as const)('%s becomes bf16, to the bit', async (dtype, expected) => {
    const place = new Uint16Array(new ArrayBuffer(6 + 2 * COUNT), 6);
    await readValues(file, dtype, place);
    expect(bytesOf(place).equals(bytesOf(expected))).toBe(true);
  });
});
