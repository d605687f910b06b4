import * as tf from '@tensorflow/tfjs-core';
import './gradients.ts';
import type { BlockAttention, BlockShape, DecoderConfig } from '../model/config.ts';
import { tinyConfigJson } from './tiny-model.ts';

/**
 * The same Llama written the plain way, one matrix at a time, for tfjs's own tape: what the fast one is compared with.
 * It shares no code with it but the names of the weights.
 */
export type Weights = Readonly<Record<string, tf.Tensor>>;

/** Negative log-likelihood of every next token, `[rows · (length − 1)]`, of rows of one length. */
export function plainLosses(
  config: DecoderConfig,
  weights: Weights,
  rows: readonly (readonly number[])[],
): tf.Tensor1D {
  const losses = rows.map((ids) => {
    const logits = plainLogits(config, weights, ids.slice(0, -1));
    const largest = tf.max(logits, -1, true);
    const logSum = tf.add(tf.log(tf.sum(tf.exp(tf.sub(logits, largest)), -1, true)), largest);
    const targets = tf.oneHot(tf.tensor1d(ids.slice(1), 'int32'), config.vocabularySize);
    return tf.sum(tf.mul(tf.sub(logSum, logits), targets), -1) as tf.Tensor1D;
  });
  return tf.concat(losses);
}

/** `[length, vocabulary]` */
export function plainLogits(config: DecoderConfig, weights: Weights, ids: readonly number[]): tf.Tensor {
  const weight = (name: string) => weights[name] as tf.Tensor;
  const embeddings = weight('model.embed_tokens.weight');
  let x = tf.matMul(tf.oneHot(tf.tensor1d([...ids], 'int32'), config.vocabularySize), embeddings);
  const norm = (input: tf.Tensor, name: string) => {
    const square = tf.mean(tf.mul(input, input), -1, true);
    return tf.mul(tf.div(input, tf.sqrt(tf.add(square, config.finalNorm.epsilon))), weight(name));
  };
  for (let layer = 0; layer < config.blocks.length; layer++) {
    const name = (rest: string) => `model.layers.${layer}.${rest}`;
    const normed = norm(x, name('input_layernorm.weight'));
    const qkv = tf.matMul(normed, weight(name('self_attn.qkv_proj.weight')), false, true);
    const attended = plainAttention((config.blocks[layer] as BlockShape).attention, qkv);
    x = tf.add(x, tf.matMul(attended, weight(name('self_attn.o_proj.weight')), false, true));
    const gateUp = tf.matMul(
      norm(x, name('post_attention_layernorm.weight')),
      weight(name('mlp.gate_up_proj.weight')),
      false,
      true,
    );
    const [gate, up] = tf.split(gateUp, 2, 1) as [tf.Tensor, tf.Tensor];
    const activated = tf.mul(tf.mul(gate, tf.sigmoid(gate)), up);
    x = tf.add(x, tf.matMul(activated, weight(name('mlp.down_proj.weight')), false, true));
  }
  return tf.matMul(norm(x, 'model.norm.weight'), embeddings, false, true);
}

/** Of the tiny model's config.json. */
const THETA = tinyConfigJson.rope_theta;

/** Head by head. */
function plainAttention({ heads, keyValueHeads, headSize }: BlockAttention, qkv: tf.Tensor): tf.Tensor {
  const length = qkv.shape[0] as number;
  const column = (index: number) => tf.slice(qkv, [0, index * headSize], [length, headSize]);
  const future = tf.tensor2d(
    Array.from({ length }, (_, query) => Array.from({ length }, (_, key) => (key > query ? -1e9 : 0))),
  );
  const outputs = Array.from({ length: heads }, (_, head) => {
    const group = Math.floor((head * keyValueHeads) / heads);
    const query = turn(column(head), THETA);
    const key = turn(column(heads + group), THETA);
    const scores = tf.add(tf.div(tf.matMul(query, key, false, true), Math.sqrt(headSize)), future);
    return tf.matMul(tf.softmax(scores), column(heads + keyValueHeads + group));
  });
  return tf.concat(outputs, 1);
}

/** Each pair (i, i + half) is turned by position · θ^(−2i / size), an angle in f32 as transformers has it. */
function turn(x: tf.Tensor, theta: number): tf.Tensor {
  const [length, size] = x.shape as [number, number];
  const angles = (f: (angle: number) => number) =>
    tf.tensor2d(
      Array.from({ length }, (_, position) =>
        Array.from({ length: size / 2 }, (_, i) => f(Math.fround(position * Math.fround(theta ** ((-2 * i) / size))))),
      ),
    );
  const [cos, sin] = [angles(Math.cos), angles(Math.sin)];
  const [a, b] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
  return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))], 1);
}
