import * as tf from '@tensorflow/tfjs-core';
import { attention } from './attention.ts';
import type { DecoderConfig } from './config.ts';
import { embedding } from './embedding.ts';
import type { Sequence } from './grouped-heads.ts';
import { chain, forwardOnly, type Layer, recomputed, residual } from './layer.ts';
import { type JoinedLinear, linear } from './linear.ts';
import type { Parameters } from './parameters.ts';
import { rmsNorm } from './rms-norm.ts';
import { rotaryAt } from './rotary.ts';
import { maskOf, type Spans } from './spans.ts';
import { swiglu } from './swiglu.ts';

/** The linear layers of one block, in the order of the forward pass. */
export interface BlockLinears {
  readonly qkv: JoinedLinear;
  readonly attentionOutput: JoinedLinear;
  readonly gateUp: JoinedLinear;
  readonly down: JoinedLinear;
}

/** A model: its shape, its linear layers and where its weights are. */
export interface Decoder {
  readonly config: DecoderConfig;
  readonly blocks: readonly BlockLinears[];
  readonly parameters: Parameters;
  /** Blocks keep only their input for the way back, and are computed again. */
  readonly recompute?: boolean;
}

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';
export const blockNorm = (layer: number, which: 'input' | 'post_attention') =>
  `model.layers.${layer}.${which}_layernorm.weight`;
/** The matrix that turns hidden states into logits, `[vocabulary, hidden]`. */
export const vocabularyWeight = (config: DecoderConfig) => (config.tiedEmbeddings ? EMBEDDING : 'lm_head.weight');

/** One transformer block around the attention it is given (the one of training, or the one with a cache). */
export function block({ config, blocks, parameters }: Decoder, layer: number, attend: Layer): Layer {
  const { qkv, attentionOutput, gateUp, down } = blocks[layer] as BlockLinears;
  const norm = (which: 'input' | 'post_attention') => rmsNorm(parameters, blockNorm(layer, which), config.normEpsilon);
  return chain(
    residual(chain(norm('input'), linear(parameters, qkv), attend, linear(parameters, attentionOutput))),
    residual(chain(norm('post_attention'), linear(parameters, gateUp), swiglu, linear(parameters, down))),
  );
}

export interface TokenGrid {
  readonly rows: number;
  readonly length: number;
  /** Row-major, `rows × length`, padding at the end of the rows. */
  readonly inputIds: Int32Array;
  readonly positions: Int32Array;
  /** What the tokens see, absent where it is all that came before them. */
  readonly spans?: Spans | undefined;
}

export interface HiddenStates {
  /** After the final norm, `[rows · length, hidden]`. The caller disposes it. */
  readonly output: tf.Tensor;
  /** Takes the gradient home into every trainable parameter, and frees what was kept for it. Call once. */
  readonly pullback: (gradient: tf.Tensor) => void;
}

/** All tokens through all blocks, with the way back. */
export function hiddenStates(decoder: Decoder, grid: TokenGrid): HiddenStates {
  const { ids, layers, free } = prepare(decoder, grid);
  const embedded = embedding(decoder.parameters, EMBEDDING, ids);
  const result = chain(...layers)(embedded.output);
  embedded.output.dispose();
  return {
    output: result.output,
    pullback: (gradient) => {
      const dEmbedded = result.pullback(gradient);
      tf.tidy(() => embedded.pullback(dEmbedded));
      dEmbedded.dispose();
      free();
    },
  };
}

/** All tokens through all blocks, forward only: `[rows · length, hidden]`. The caller disposes it. */
export function inferHiddenStates(decoder: Decoder, grid: TokenGrid): tf.Tensor {
  const { ids, layers, free } = prepare(decoder, grid);
  const embedded = embedding(decoder.parameters, EMBEDDING, ids).output;
  const output = forwardOnly(layers, embedded);
  embedded.dispose();
  free();
  return output;
}

/** The tensors that all blocks share, and the layers from the embeddings to the final norm. */
function prepare(decoder: Decoder, { rows, length, inputIds, positions, spans }: TokenGrid) {
  const { config, parameters } = decoder;
  const ids = tf.tensor1d(inputIds, 'int32');
  const rotary = rotaryAt(positions, config.headSize, config.ropeTheta);
  let made: tf.Tensor | undefined;
  // One for all blocks, kept from the tidy of the block that asks first.
  const mask = () => {
    made ??= tf.keep(maskOf({ rows, length }, spans));
    return made;
  };
  const sequence: Sequence = { rows, length, rotary, spans, mask };
  const layers = [
    ...decoder.blocks
      .map((_, layer) => block(decoder, layer, attention(config, sequence)))
      .map((layer) => (decoder.recompute ? recomputed(layer) : layer)),
    rmsNorm(parameters, FINAL_NORM, config.normEpsilon),
  ];
  const free = () => tf.dispose([ids, made, rotary.cos, rotary.sin, rotary.rotateHalf]);
  return { ids, layers, free };
}
