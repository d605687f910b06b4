import type * as tf from '@tensorflow/tfjs-core';
import { toFloat32 } from '../tensor/bfloat16.ts';
import { type Decoder, vocabularyWeight } from './decoder.ts';
import { softCapped } from './layers/soft-cap.ts';

/** Logits of hidden states after the final norm, `[states, vocabulary]`, f32. To be called in a tidy. */
export function vocabularyLogits({ config, parameters }: Decoder, states: tf.Tensor): tf.Tensor {
  const logits = parameters.matrix(vocabularyWeight(config)).timesTransposed(states);
  return config.logitSoftcap === undefined ? toFloat32(logits) : softCapped(logits, config.logitSoftcap).output;
}
