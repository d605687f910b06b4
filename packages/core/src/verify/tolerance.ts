import type { DecoderConfig } from '../model/config.ts';
import type { Precision } from '../tensor/bfloat16.ts';

/** Half the distance from 1 to the next number. */
const UNIT_ROUNDOFF: Readonly<Record<Precision, number>> = { f32: 2 ** -24, bf16: 2 ** -9 };

/** Products that a number goes through in a block: 4 there; 8 back, where each gives two gradients. */
const PRODUCTS = 12;

/** Standard deviations. */
const SPREAD = 4;

/** Both of what is compared are rounded. */
const RESULTS = 2;

/**
 * How far two results of the same formula may be apart, as a part of their size, when sums are made in another order.
 * Rounding errors of a sum of n terms are as likely up as down, and come to √n · u (Higham and Mary 2019, doi
 * 10.1137/18M1226312, who give 4 times that as what is hardly ever passed); those of one product after the other add up
 * in the same way. In f32 that is 3e-5 for a model of 5 blocks and 172 features, 3e-4 for 30 blocks and 1,536.
 *
 * In bf16 sums are made in f32 as well, but everything that comes out of a product is rounded to 8 bits: once a product,
 * whatever its length. That is a hundredth and more, which only rough mistakes are larger than.
 */
export function roundingTolerance({ blocks }: DecoderConfig, precision: Precision): number {
  const widths = blocks.flatMap(({ linears: { qkv, down } }) => [qkv.inputs, down.inputs]);
  const terms = precision === 'f32' ? Math.max(...widths) : 1;
  return SPREAD * Math.sqrt(RESULTS * PRODUCTS * blocks.length * terms) * UNIT_ROUNDOFF[precision];
}

export const ROUNDING =
  'sums in another order round otherwise: 4 · √(24 · blocks · terms) · 2⁻²⁴ in f32, 4 · √(24 · blocks) · 2⁻⁹ in bf16';

export const EXACT = 'the same operations on the same numbers: nothing may differ';
