import { decomposedLinear, isDecomposed } from './adapters/dora.ts';
import { headNorms } from './attention/head-norms.ts';
import { fromInterleavedQkv } from './attention/interleaved-qkv.ts';
import type { Activation, BlockAttention, BlockLinears, BlockShape, NormShape } from './config.ts';
import { gelu, geluTanh, geluTanhGated } from './layers/gelu.ts';
import { chain, type Layer, recomputeInput, residual } from './layers/layer.ts';
import { type JoinedLinear, linear } from './layers/linear.ts';
import { norm } from './layers/norm.ts';
import { parallelResidual } from './layers/parallel.ts';
import { swiglu } from './layers/swiglu.ts';
import type { Noise } from './noise.ts';
import type { Parameters } from './parameters/parameters.ts';

const ACTIVATIONS: Readonly<Record<Activation, Layer>> = {
  'silu-gated': swiglu,
  'gelu-tanh-gated': geluTanhGated,
  gelu,
  'gelu-tanh': geluTanh,
};

/**
 * One transformer block around the attention it is given: the one of training, or the one with a cache.
 * `linears` are those of the shape, with the adapters they have been given; `noise` is what training adds.
 */
export function transformerBlock(
  parameters: Parameters,
  { attention: shape, activation, norms, parallel }: BlockShape,
  linears: BlockLinears,
  attend: Layer,
  noise?: Noise,
): Layer {
  const { qkv, attentionOutput, gateUp, down } = linears;
  const project = (spec: JoinedLinear) => (isDecomposed(spec) ? decomposedLinear : linear)(parameters, spec, noise);
  const optional = (shape: NormShape | undefined) => (shape ? [norm(parameters, shape)] : []);
  const attention = chain(
    recomputeInput(norm(parameters, norms.beforeAttention), project(qkv)),
    ...beforeAttention(parameters, shape),
    attend,
    project(attentionOutput),
    ...optional(norms.afterAttention),
  );
  const mlp = chain(
    recomputeInput(norm(parameters, norms.beforeMlp), project(gateUp)),
    recomputeInput(ACTIVATIONS[activation], project(down)),
    ...optional(norms.afterMlp),
  );
  return parallel ? parallelResidual(attention, mlp) : chain(residual(attention), residual(mlp));
}

/** What happens to queries, keys and values before they meet. */
function beforeAttention(parameters: Parameters, shape: BlockAttention): Layer[] {
  const { interleavedQkv, queryNorm, keyNorm } = shape;
  return [
    ...(interleavedQkv ? [fromInterleavedQkv(shape)] : []),
    ...(queryNorm && keyNorm ? [headNorms(parameters, shape, { queryNorm, keyNorm })] : []),
  ];
}
