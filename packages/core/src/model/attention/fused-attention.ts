import * as tf from '@tensorflow/tfjs-core';
import { likeType } from '../../tensor/bfloat16.ts';
import { callKernel } from '../../tensor/kernels.ts';
import { type Layer, layerResult } from '../layers/layer.ts';
import { type AttentionShape, attentionScale, type Sequence } from './grouped-heads.ts';

/**
 * Attention as one operation each way (`native/kernels/attention.cc`), rotation and all, in the joined layout and in
 * either precision. The probabilities are never stored but made again from the log-sum-exp of the scores, so that memory
 * grows with the length and not with its square, and keys that a token does not see cost nothing.
 */
export function fusedAttention(shape: AttentionShape, sequence: Sequence): Layer {
  const { heads, keyValueHeads, softcap = 0 } = shape;
  const attributes = {
    int: { rows: sequence.rows, heads, key_value_heads: keyValueHeads },
    float: { scale: attentionScale(shape), softcap },
  };
  return (qkv) =>
    layerResult((keep) => {
      const inputs = [qkv, ...angles(sequence), ...spans(sequence)];
      const outputs = callKernel<[tf.Tensor, tf.Tensor]>('CwAttention', inputs, 2, attributes);
      const kept = [...inputs, ...outputs].map(keep);
      const gradient = (dy: tf.Tensor) => likeType(dy, kept[0] as tf.Tensor);
      return {
        output: outputs[0],
        pullback: (dy) => callKernel<[tf.Tensor]>('CwAttentionGrad', [...kept, gradient(dy)], 1, attributes)[0],
      };
    });
}

/** Empty where there are none, as the spans are. */
function angles({ rotary }: Sequence): [cos: tf.Tensor, sin: tf.Tensor] {
  if (rotary) return [rotary.cos, rotary.sin];
  const none = tf.tensor1d([]);
  return [none, none];
}

function spans({ spans }: Sequence): [starts: tf.Tensor, prefixes: tf.Tensor] {
  const { starts = [], prefixes = [] } = spans ?? {};
  return [tf.tensor1d(starts, 'int32'), tf.tensor1d(prefixes, 'int32')];
}
