import { expect, it } from 'vitest';
import { assertFinite } from './assert-finite.ts';
import { float32ToBfloat16 } from './half-floats.ts';

const finite = [0, -0, 1, -3.4028234663852886e38, 1.401298464324817e-45, 3.38e38];

it('takes every finite number, in f32 and in bf16', () => {
  expect(() => assertFinite(Float32Array.from(finite), 'w', 'f')).not.toThrow();
  expect(() => assertFinite(float32ToBfloat16(Float32Array.from([0, -0, 1, -3.38e38, 1e-40])), 'w', 'f')).not.toThrow();
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %f by tensor and file', (value) => {
  const values = Float32Array.from([...finite, value]);
  for (const stored of [values, float32ToBfloat16(values), values.subarray(3)]) {
    expect(() => assertFinite(stored, 'lm_head.weight', 'model.safetensors')).toThrow(
      /"lm_head.weight" holds a value that is not a finite number.*\n.*where: model.safetensors/,
    );
  }
});
