import * as tf from '@tensorflow/tfjs-core';
import { likeType, precisionOf, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import { product } from '../../tensor/product.ts';
import { type LowRankMatrices, lowRank } from '../adapters/low-rank.ts';
import type { Dropout, Noise } from '../noise.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { type Keep, type Layer, layerResult } from './layer.ts';

/** One of the linear layers a checkpoint stores: `y = W x + b`, W `[outputs, inputs]`. */
export interface LinearPart {
  /** As in the checkpoint: `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  readonly outputs: number;
  /** Set when the part has a low-rank adapter: `y += scale · B (A x)`. */
  readonly adapter?: Adapter;
}

export interface Adapter {
  readonly rank: number;
  /** alpha / rank, or alpha / √rank with rsLoRA. */
  readonly scale: number;
  /** The layer's outputs have magnitudes of their own: `dora.ts`. */
  readonly dora?: boolean;
}

/**
 * Linear layers that read the same input, computed as one product: their matrices lie one below the other in
 * `${name}.weight [Σ outputs, inputs]`. A lone layer is a joined one with a single part.
 */
export interface JoinedLinear {
  readonly name: string;
  readonly inputs: number;
  readonly parts: readonly LinearPart[];
  readonly bias: boolean;
  /** The matrix lies as `[inputs, outputs]`: a lone layer of GPT-2's, which calls it Conv1D. */
  readonly transposed?: boolean | undefined;
}

export const weightName = (linear: JoinedLinear) => `${linear.name}.weight`;
export const biasName = (linear: JoinedLinear) => `${linear.name}.bias`;
/** All A matrices of the joined layer, one below the other: `[Σ ranks, inputs]`. */
export const loraAName = (linear: JoinedLinear) => `${linear.name}.lora_A`;
/** `[outputs, rank]` */
export const loraBName = (part: LinearPart) => `${part.name}${LORA_B}`;
export const isLoraB = (name: string): boolean => name.endsWith(LORA_B);
const LORA_B = '.lora_B';
/** `[outputs]` */
export const magnitudeName = (part: LinearPart) => `${part.name}.lora_magnitude`;

export const weightShape = (linear: JoinedLinear): [number, number] =>
  linear.transposed ? [linear.inputs, outputsOf(linear)] : [outputsOf(linear), linear.inputs];

export const outputsOf = (linear: JoinedLinear) => linear.parts.reduce((sum, part) => sum + part.outputs, 0);
export const ranksOf = (linear: JoinedLinear) => linear.parts.reduce((sum, part) => sum + (part.adapter?.rank ?? 0), 0);

/** A part that has an adapter, and where its rows begin in the joined layer's matrix and in its A. */
export interface AdaptedPart {
  readonly part: LinearPart & { readonly adapter: Adapter };
  readonly row: number;
  readonly rankOffset: number;
}

export function adaptedParts({ parts }: JoinedLinear): AdaptedPart[] {
  let row = 0;
  let rankOffset = 0;
  return parts.flatMap((part) => {
    const { adapter, outputs } = part;
    const place = { row, rankOffset };
    row += outputs;
    rankOffset += adapter?.rank ?? 0;
    return adapter ? [{ part: { ...part, adapter }, ...place }] : [];
  });
}

/** `[tokens, inputs] → [tokens, Σ outputs]`, with the parts' adapters where they have some. In the input's precision. */
export function linear(parameters: Parameters, spec: JoinedLinear, noise?: Noise): Layer {
  const adapted = ranksOf(spec) > 0;
  const { transposed = false } = spec;
  const weight = () => parameters.matrix(weightName(spec));
  return (x, recompute) =>
    layerResult((keep) => {
      const precision = precisionOf(x);
      // Only what is trained asks for the input.
      const input = recompute ?? keeping(keep(x));
      const own = transposed ? weight().times(x) : weight().timesTransposed(x);
      const biased = spec.bias ? addBias(own, parameters.get(biasName(spec))) : own;
      const adapters = adapted ? adapt(parameters, spec, { x, input, own: biased, keep, noise }) : undefined;
      return {
        output: adapters?.output ?? biased,
        pullback: (gradient) => {
          const dy = toPrecision(gradient, precision);
          parameters.accumulate(weightName(spec), () => {
            const [left, right] = transposed ? [input(), dy] : [dy, input()];
            return toFloat32(product(left, right, { transposeA: true }));
          });
          if (spec.bias) parameters.accumulate(biasName(spec), () => tf.sum(toFloat32(dy), 0));
          const dx = transposed ? weight().timesTransposed(dy) : weight().times(dy);
          return adapters ? adapters.pullback(dy, dx) : dx;
        },
      };
    });
}

const keeping = (tensor: tf.Tensor) => () => tensor;

export const addBias = (y: tf.Tensor, bias: tf.Tensor): tf.Tensor => tf.add(y, likeType(bias, y));

/**
 * Adds every part's own `scale · B (A x)` to the layer's output; `pullback` adds to the gradient by the input. In training
 * x may have some of its values left out here: the same ones for all parts, which read one A below the other.
 */
function adapt(
  parameters: Parameters,
  spec: JoinedLinear,
  {
    x,
    input,
    own,
    keep,
    noise,
  }: { x: tf.Tensor; input: () => tf.Tensor; own: tf.Tensor; keep: Keep; noise: Noise | undefined },
) {
  const { scale, dropped } = inputDropout(spec, noise?.adapterDropout);
  const matrix = (name: string) => toFloat32(parameters.get(name));
  const a = (): LowRankMatrices => ({ matrices: [matrix(loraAName(spec))], scales: [scale], transposed: true });
  const b = (): LowRankMatrices => ({
    matrices: spec.parts.map((part) => (part.adapter ? matrix(loraBName(part)) : tf.zeros([part.outputs, 0]))),
    scales: spec.parts.map((part) => part.adapter?.scale ?? 1),
    transposed: false,
  });
  const products = lowRank();
  const down = keep(products.down(dropped?.(x) ?? x, a()));
  return {
    output: products.up(own, down, b()),
    pullback: (dy: tf.Tensor, dx: tf.Tensor): tf.Tensor => {
      const matrices = b();
      const gradients = products.gradients(dy, down, matrices);
      for (const [i, part] of spec.parts.entries()) {
        if (part.adapter) parameters.accumulate(loraBName(part), () => gradients[i] as tf.Tensor);
      }
      const dDown = products.down(dy, matrices);
      parameters.accumulate(loraAName(spec), () => {
        const read = dropped?.(input()) ?? input();
        return products.gradients(read, dDown, a())[0] as tf.Tensor;
      });
      if (!dropped) return products.up(dx, dDown, a());
      const nothing = likeType(tf.zeros(dx.shape), dx);
      return tf.add(dx, dropped(products.up(nothing, dDown, a())));
    },
  };
}

/**
 * What stays is divided by its share, so that the mean is the same. The scale goes into A's product, where bfloat16 does
 * not round it. Source: PEFT, `lora_dropout`.
 */
function inputDropout(spec: JoinedLinear, dropout: Dropout | undefined) {
  if (!dropout) return { scale: 1 };
  const dropped = (x: tf.Tensor) => tf.mul(x, likeType(dropout.mask(spec.name, x.shape as [number, number]), x));
  return { scale: 1 / (1 - dropout.rate), dropped };
}
