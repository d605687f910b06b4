import * as tf from '@tensorflow/tfjs-core';
import { isBfloat16, likeType, toFloat32 } from '../../tensor/bfloat16.ts';
import { product } from '../../tensor/product.ts';
import { chain, type Layer, layerResult } from '../layers/layer.ts';
import {
  type AdaptedPart,
  adaptedParts,
  addBias,
  biasName,
  type JoinedLinear,
  linear,
  loraAName,
  loraBName,
  magnitudeName,
  weightName,
} from '../layers/linear.ts';
import type { Noise } from '../noise.ts';
import type { Matrix } from '../parameters/matrix.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { lowRank } from './low-rank.ts';

/**
 * DoRA: an adapter turns the rows of a weight, and how long they are is learnt apart, a *magnitude* m for each output:
 *
 *     y = m / ‖W + scale · B A‖ ∘ (W + scale · B A) x + b
 *
 * The lengths are constants to the gradient. Source: Liu et al. 2024, arXiv 2402.09353, section 4.3; PEFT.
 */
export const isDecomposed = (linear: JoinedLinear): boolean => linear.parts.some((part) => part.adapter?.dora);

/** `[tokens, inputs] → [tokens, Σ outputs]`, as `linear` does it but with the parts' magnitudes. */
export const decomposedLinear = (parameters: Parameters, spec: JoinedLinear, noise?: Noise): Layer =>
  chain(linear(parameters, { ...spec, bias: false }, noise), scaledOutputs(parameters, spec));

/**
 * `f ∘ v + b` with f = m / ‖W + scale · B A‖. Kept is `u = f ∘ v`: without a bias that is the output itself, which the
 * next layer holds anyway. So the gradient by m, Σ dy ∘ v / ‖…‖ over the tokens, is taken as Σ dy ∘ u / m.
 */
function scaledOutputs(parameters: Parameters, spec: JoinedLinear): Layer {
  const scaled = (x: tf.Tensor) => scaledColumns(x, factors(parameters, spec));
  return (v) =>
    layerResult((keep) => {
      const own = scaled(v);
      const u = keep(own);
      return {
        output: spec.bias ? addBias(own, parameters.get(biasName(spec))) : own,
        pullback: (gradient) => {
          const dy = likeType(gradient, u);
          if (spec.bias) parameters.accumulate(biasName(spec), () => tf.sum(toFloat32(dy), 0));
          const sums = tf.tidy(() => columnSums(tf.mul(dy, u)));
          for (const { part, row } of decomposedParts(spec)) {
            const name = magnitudeName(part);
            parameters.accumulate(name, () => tf.divNoNan(tf.slice(sums, row, part.outputs), parameters.get(name)));
          }
          return scaled(dy);
        },
      };
    });
}

/** `x ∘ factors`, in x's precision. A factor near 1 would be 1 in bfloat16: what it is rounded by comes in apart. */
function scaledColumns(x: tf.Tensor, factors: tf.Tensor): tf.Tensor {
  if (!isBfloat16(x)) return tf.mul(x, factors);
  const near = likeType(factors, x);
  const rest = likeType(tf.sub(factors, toFloat32(near)), x);
  return tf.add(tf.mul(x, near), tf.mul(x, rest));
}

/** `[rows, columns] → [columns]`, in f32: as a product with ones, which needs no wider copy of what is in bfloat16. */
function columnSums(x: tf.Tensor): tf.Tensor {
  const [rows, columns] = x.shape as [number, number];
  const sums = { matrices: [tf.zeros([columns, 1])], scales: [1], transposed: false };
  const [result] = lowRank().gradients(x, likeType(tf.ones([rows, 1]), x), sums);
  return tf.reshape(result as tf.Tensor, [columns]);
}

/** What the outputs are multiplied by, `[Σ outputs]`: 1 where there is no magnitude. */
function factors(parameters: Parameters, spec: JoinedLinear): tf.Tensor {
  const magnitudes = spec.parts.map((part) =>
    part.adapter?.dora ? parameters.get(magnitudeName(part)) : tf.ones([part.outputs]),
  );
  return tf.div(tf.concat(magnitudes), lengths(parameters, spec));
}

/** `‖W + scale · B A‖` by rows, `[Σ outputs]`: 1 where there is no magnitude, ∞ for a row of zeros, which stays one. */
function lengths(parameters: Parameters, spec: JoinedLinear): tf.Tensor {
  const decomposed = new Map(decomposedParts(spec).map((place) => [place.part.name, place]));
  const matrices = [...decomposed.values()].map(({ part }) => loraBName(part));
  return parameters.derive(`${spec.name}.lengths`, [weightName(spec), loraAName(spec), ...matrices], () => {
    const norms = spec.parts.map(({ name, outputs }) => {
      const place = decomposed.get(name);
      return place ? rowNorms(parameters, spec, place) : tf.ones([outputs]);
    });
    const all = tf.concat(norms);
    return tf.where(tf.equal(all, 0), Number.POSITIVE_INFINITY, all);
  });
}

export const decomposedParts = (spec: JoinedLinear): AdaptedPart[] =>
  adaptedParts(spec).filter(({ part }) => part.adapter.dora);

/** Weights that are in f32 at one time, at most. */
const CHUNK_ELEMENTS = 2 ** 20;

/**
 * `‖W + scale · B A‖` of every row of a part, `[outputs]`, in f32. A few rows at a time are put together and measured:
 * the sum would be as large as the weights. Its square in parts, ‖w‖² + 2 scale · b·Aw + …, is two thirds of the time,
 * but where the parts cancel out, nothing but rounding is left.
 */
export function rowNorms(
  parameters: Pick<Parameters, 'get' | 'matrix'>,
  spec: JoinedLinear,
  place: AdaptedPart,
): tf.Tensor1D {
  const { part, row, rankOffset } = place;
  const { rank, scale } = part.adapter;
  const weight = parameters.matrix(weightName(spec));
  const a = tf.slice(parameters.get(loraAName(spec)), [rankOffset, 0], [rank, spec.inputs]);
  const b = tf.mul(parameters.get(loraBName(part)), scale);
  const chunk = Math.max(1, Math.floor(CHUNK_ELEMENTS / spec.inputs));
  const norms: tf.Tensor1D[] = [];
  for (let from = 0; from < part.outputs; from += chunk) {
    const count = Math.min(chunk, part.outputs - from);
    const measured = tf.tidy(() => {
      const change = product(tf.slice(b, [from, 0], [count, rank]), a);
      const rows = tf.add(rowsOf(weight, spec, row + from, count), change);
      return tf.sqrt(tf.sum(tf.square(rows), 1));
    });
    norms.push(measured as tf.Tensor1D);
  }
  return tf.concat(norms);
}

/** Some rows of the layer's matrix, `[count, inputs]`, however it lies. */
export function rowsOf(weight: Matrix, { inputs, transposed }: JoinedLinear, from: number, count: number): tf.Tensor {
  if (!transposed) return weight.slice([from, 0], [count, inputs]);
  return tf.transpose(weight.slice([0, from], [inputs, count]));
}
