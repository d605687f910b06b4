import { UserError } from '../../errors.ts';
import {
  type Dequantize,
  dequantizeBF16,
  dequantizeF16,
  dequantizeF32,
  dequantizeQ4_0,
  dequantizeQ4_1,
  dequantizeQ5_0,
  dequantizeQ5_1,
  dequantizeQ8_0,
} from './dequantize.ts';
import { dequantizeQ4K, dequantizeQ5K, dequantizeQ6K } from './dequantize-k.ts';

/** How tensors are stored: blocks of so many values in so many bytes. */
export interface GgmlType {
  readonly name: string;
  readonly blockSize: number;
  readonly blockBytes: number;
  readonly dequantize: Dequantize;
}

const type = (name: string, blockSize: number, blockBytes: number, dequantize: Dequantize): GgmlType => ({
  name,
  blockSize,
  blockBytes,
  dequantize,
});

/** Those that are read, by ggml's numbers. */
const READ: Readonly<Record<number, GgmlType>> = {
  0: type('F32', 1, 4, dequantizeF32),
  1: type('F16', 1, 2, dequantizeF16),
  2: type('Q4_0', 32, 18, dequantizeQ4_0),
  3: type('Q4_1', 32, 20, dequantizeQ4_1),
  6: type('Q5_0', 32, 22, dequantizeQ5_0),
  7: type('Q5_1', 32, 24, dequantizeQ5_1),
  8: type('Q8_0', 32, 34, dequantizeQ8_0),
  12: type('Q4_K', 256, 144, dequantizeQ4K),
  13: type('Q5_K', 256, 176, dequantizeQ5K),
  14: type('Q6_K', 256, 210, dequantizeQ6K),
  30: type('BF16', 1, 2, dequantizeBF16),
};

/** The names of those that are not, for messages. */
const OTHERS: Readonly<Record<number, string>> = {
  ...{ 9: 'Q8_1', 10: 'Q2_K', 11: 'Q3_K', 15: 'Q8_K', 16: 'IQ2_XXS', 17: 'IQ2_XS', 18: 'IQ3_XXS', 19: 'IQ1_S' },
  ...{ 20: 'IQ4_NL', 21: 'IQ3_S', 22: 'IQ2_S', 23: 'IQ4_XS', 24: 'I8', 25: 'I16', 26: 'I32', 27: 'I64', 28: 'F64' },
  ...{ 29: 'IQ1_M', 34: 'TQ1_0', 35: 'TQ2_0', 39: 'MXFP4', 40: 'NVFP4' },
};

/** @throws {UserError} `model-unsupported` for a type that is not read, with its name */
export function typeOf(number: number, { tensor, file }: { tensor: string; file: string }): GgmlType {
  const known = Object.hasOwn(READ, number) ? READ[number] : undefined;
  if (known) return known;
  const names = Object.values(READ).map(({ name }) => name);
  throw new UserError({
    code: 'model-unsupported',
    problem: `The type ${OTHERS[number] ?? number} of ${tensor} is not read.`,
    where: file,
    fix: `Take a file of the model with ${names.slice(0, -1).join(', ')} or ${names.at(-1)}: Q4_K_M and Q8_0 are such.`,
  });
}
