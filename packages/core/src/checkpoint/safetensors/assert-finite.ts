import { UserError } from '../../errors.ts';

/**
 * A weight that is not finite makes every output NaN: better said when it is read.
 * @param values as f32, or as the bits of bfloat16
 * @throws {UserError} `model-invalid` naming the tensor and the place of the first such value
 */
export function assertFinite(values: Float32Array | Uint16Array, name: string, file: string): void {
  if (values instanceof Float32Array ? hasFiniteF32(values) : hasFiniteBfloat16(values)) return;
  const first = values.findIndex(values instanceof Float32Array ? notFinite : (bits) => !isFiniteBfloat16(bits));
  throw new UserError({
    code: 'model-invalid',
    problem: `Tensor "${name}" holds a value that is not a finite number (number ${first + 1} of ${values.length}).`,
    where: file,
    fix: 'Copy or download the weights again, or take an earlier checkpoint: the training that wrote them diverged.',
  });
}

/**
 * Not finite is an exponent of ones: adding 1 to it reaches the sign's bit. Without a branch this is a fraction of the time
 * that reading takes.
 */
function hasFiniteF32({ buffer, byteOffset, length }: Float32Array): boolean {
  const bits = new Int32Array(buffer, byteOffset, length);
  let reached = 0;
  for (let i = 0; i < length; i++) reached |= (((bits[i] as number) & 0x7f800000) + 0x00800000) | 0;
  return reached >= 0;
}

/** The same, two at a time where they lie so. */
function hasFiniteBfloat16(values: Uint16Array): boolean {
  const { buffer, byteOffset, length } = values;
  if (byteOffset % 4 !== 0) return values.every(isFiniteBfloat16);
  const pairs = new Int32Array(buffer, byteOffset, length >> 1);
  let reached = 0;
  for (let i = 0; i < pairs.length; i++) reached |= (((pairs[i] as number) & 0x7f807f80) + 0x00800080) | 0;
  return (reached & 0x80008000) === 0 && (length % 2 === 0 || isFiniteBfloat16(values[length - 1] as number));
}

const notFinite = (value: number): boolean => !Number.isFinite(value);
const isFiniteBfloat16 = (bits: number): boolean => (bits & 0x7f80) !== 0x7f80;
