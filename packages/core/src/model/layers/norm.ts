import * as tf from '@tensorflow/tfjs-core';
import { isBfloat16, toFloat32 } from '../../tensor/bfloat16.ts';
import type { NormShape } from '../config.ts';
import type { NormParameters, Parameters } from '../parameters/parameters.ts';
import type { Layer } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { rmsNorm } from './rms-norm.ts';

/** The norm that a shape describes, over `[tokens, features]`. */
export function norm(parameters: Parameters, { kind, name, epsilon }: NormShape): Layer {
  if (kind === 'layer') return widened(layerNorm(parameters, name, epsilon));
  return widened(rmsNorm(kind === 'rms' ? parameters : fromOne(parameters), `${name}.weight`, epsilon));
}

/** The same parameters, stored as their distance from 1: what is added to one is added to the other. */
const fromOne = (parameters: Parameters): NormParameters => ({
  precision: parameters.precision,
  get: (name) => tf.add(parameters.get(name), 1),
  accumulate: (name, gradient) => parameters.accumulate(name, gradient),
});

/** Norms read f32; what a linear layer hands them may be in less. */
const widened =
  (layer: Layer): Layer =>
  (x) => {
    if (!isBfloat16(x)) return layer(x);
    const wide = toFloat32(x);
    const result = layer(wide);
    wide.dispose();
    return result;
  };
