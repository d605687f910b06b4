import type * as tf from '@tensorflow/tfjs-core';
import { likeType, toFloat32 } from '../tensor/bfloat16.ts';
import { product } from '../tensor/product.ts';
import { type Decoder, vocabularyWeight } from './decoder.ts';
import { softCapped } from './layers/soft-cap.ts';

/** Logits of hidden states after the final norm, `[states, vocabulary]`, f32. To be called in a tidy. */
export function vocabularyLogits({ config, parameters }: Decoder, states: tf.Tensor): tf.Tensor {
  const weight = likeType(parameters.get(vocabularyWeight(config)), states);
  const logits = product(states, weight, { transposeB: true });
  return config.logitSoftcap === undefined ? toFloat32(logits) : softCapped(logits, config.logitSoftcap).output;
}
