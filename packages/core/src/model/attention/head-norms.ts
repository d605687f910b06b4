import * as tf from '@tensorflow/tfjs-core';
import { likeType, toFloat32 } from '../../tensor/bfloat16.ts';
import type { NormShape } from '../config.ts';
import type { Layer } from '../layers/layer.ts';
import { norm } from '../layers/norm.ts';
import type { Parameters } from '../parameters/parameters.ts';
import type { AttentionShape } from './grouped-heads.ts';

/**
 * Norms over the features of every head's queries and keys, in a joined `[tokens, q | k | v]`: one weight for all heads of
 * a kind. In the input's precision. Source: Dehghani et al. 2023, arXiv 2302.05442.
 */
export function headNorms(
  parameters: Parameters,
  { heads, keyValueHeads, headSize }: AttentionShape,
  { queryNorm, keyNorm }: { queryNorm: NormShape; keyNorm: NormShape },
): Layer {
  const widths = [heads * headSize, keyValueHeads * headSize, keyValueHeads * headSize];
  const apart = (x: tf.Tensor): [tf.Tensor, tf.Tensor, tf.Tensor] => {
    const [queries, keys, values] = tf.split(toFloat32(x), widths, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return [tf.reshape(queries, [-1, headSize]), tf.reshape(keys, [-1, headSize]), values];
  };
  const joined = ([queries, keys, values]: [tf.Tensor, tf.Tensor, tf.Tensor], like: tf.Tensor): tf.Tensor => {
    const rows = values.shape[0] as number;
    const flat = [queries, keys].map((x) => tf.reshape(toFloat32(x), [rows, -1]));
    return likeType(tf.concat([...flat, values], 1), like);
  };
  return (qkv) => {
    const [queries, keys, values] = tf.tidy(() => apart(qkv));
    const query = norm(parameters, queryNorm)(queries);
    const key = norm(parameters, keyNorm)(keys);
    const output = tf.tidy(() => joined([query.output, key.output, values], qkv));
    tf.dispose([queries, keys, values, query.output, key.output]);
    return {
      output,
      pullback: (gradient) =>
        tf.tidy(() => {
          const [dQueries, dKeys, dValues] = apart(gradient);
          return joined([query.pullback(dQueries), key.pullback(dKeys), dValues], gradient);
        }),
      dispose: () => {
        query.dispose();
        key.dispose();
      },
    };
  };
}
