import * as tf from '@tensorflow/tfjs-core';
import { product } from '../engine/product.ts';
import { type Layer, layerResult } from './layer.ts';
import type { Parameters } from './parameters.ts';

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
  /** alpha / rank */
  readonly scale: number;
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
}

export const weightName = (linear: JoinedLinear) => `${linear.name}.weight`;
export const biasName = (linear: JoinedLinear) => `${linear.name}.bias`;
/** All A matrices of the joined layer, one below the other: `[Σ ranks, inputs]`. */
export const loraAName = (linear: JoinedLinear) => `${linear.name}.lora_A`;
/** `[outputs, rank]` */
export const loraBName = (part: LinearPart) => `${part.name}.lora_B`;

export const outputsOf = (linear: JoinedLinear) => linear.parts.reduce((sum, part) => sum + part.outputs, 0);
export const ranksOf = (linear: JoinedLinear) => linear.parts.reduce((sum, part) => sum + (part.adapter?.rank ?? 0), 0);

/** `[tokens, inputs] → [tokens, Σ outputs]`, with the parts' adapters where they have some. */
export function linear(parameters: Parameters, spec: JoinedLinear): Layer {
  const adapted = ranksOf(spec) > 0;
  return (x) =>
    layerResult((keep) => {
      const weight = parameters.get(weightName(spec));
      const input = keep(x);
      let output = product(x, weight, { transposeB: true });
      if (spec.bias) output = tf.add(output, parameters.get(biasName(spec)));
      const adapters = adapted ? lowRank(parameters, spec, x) : undefined;
      if (adapters) output = tf.add(output, adapters.output);
      const down = adapters && keep(adapters.down);
      return {
        output,
        pullback: (dy) => {
          parameters.accumulate(weightName(spec), () => product(dy, input, { transposeA: true }));
          if (spec.bias) parameters.accumulate(biasName(spec), () => tf.sum(dy, 0));
          const dx = product(dy, weight);
          return down ? tf.add(dx, lowRankPullback(parameters, spec, input, down, dy)) : dx;
        },
      };
    });
}

/** The adapters' share: `down = x Aᵀ [tokens, Σ ranks]`, then every part's own `scale · down Bᵀ`. */
function lowRank(parameters: Parameters, spec: JoinedLinear, x: tf.Tensor) {
  const down = product(x, parameters.get(loraAName(spec)), { transposeB: true });
  const tokens = x.shape[0] as number;
  const outputs = spreadOver(spec).map(({ part, rankOffset }) => {
    if (!part.adapter) return tf.zeros([tokens, part.outputs]);
    const own = tf.slice(down, [0, rankOffset], [-1, part.adapter.rank]);
    return tf.mul(product(own, parameters.get(loraBName(part)), { transposeB: true }), part.adapter.scale);
  });
  return { down, output: join(outputs) };
}

function lowRankPullback(parameters: Parameters, spec: JoinedLinear, x: tf.Tensor, down: tf.Tensor, dy: tf.Tensor) {
  const dDown = spreadOver(spec).flatMap(({ part, rankOffset, outputOffset }) => {
    if (!part.adapter) return [];
    const own = tf.slice(down, [0, rankOffset], [-1, part.adapter.rank]);
    const dOutput = tf.mul(tf.slice(dy, [0, outputOffset], [-1, part.outputs]), part.adapter.scale);
    parameters.accumulate(loraBName(part), () => product(dOutput, own, { transposeA: true }));
    return [product(dOutput, parameters.get(loraBName(part)))];
  });
  const joined = join(dDown);
  parameters.accumulate(loraAName(spec), () => product(joined, x, { transposeA: true }));
  return product(joined, parameters.get(loraAName(spec)));
}

function spreadOver(spec: JoinedLinear) {
  let outputOffset = 0;
  let rankOffset = 0;
  return spec.parts.map((part) => {
    const place = { part, outputOffset, rankOffset };
    outputOffset += part.outputs;
    rankOffset += part.adapter?.rank ?? 0;
    return place;
  });
}

const join = (columns: tf.Tensor[]): tf.Tensor =>
  columns.length === 1 ? (columns[0] as tf.Tensor) : tf.concat(columns, 1);
