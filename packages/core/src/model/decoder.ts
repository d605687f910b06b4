import * as tf from '@tensorflow/tfjs-core';
import { type Breathe, withBreaths } from '../abort.ts';
import { attention } from './attention/attention.ts';
import { sequencesFor } from './attention/sequences.ts';
import type { AttentionSpans } from './attention/spans.ts';
import { transformerBlock } from './block.ts';
import type { BlockLinears, BlockShape, DecoderConfig } from './config.ts';
import { type Layer, recomputed, walk, walkForward } from './layers/layer.ts';
import { norm } from './layers/norm.ts';
import { tokenEmbedding } from './layers/token-embedding.ts';
import type { Noise } from './noise.ts';
import type { Parameters } from './parameters/parameters.ts';

/** A model: its shape, its linear layers and where its weights are. */
export interface Decoder {
  readonly config: DecoderConfig;
  /** Those of the shape, with their adapters. */
  readonly blocks: readonly BlockLinears[];
  readonly parameters: Parameters;
  /** Blocks keep only their input for the way back, and are computed again. */
  readonly recompute?: boolean;
}

/** The matrix that turns hidden states into logits, `[vocabulary, hidden]`. */
export const vocabularyWeight = ({ tiedEmbeddings, embedding, head }: DecoderConfig): string =>
  tiedEmbeddings ? embedding.name : head;

/** A block of the model around the attention it is given. */
export function block({ config, blocks, parameters }: Decoder, layer: number, attend: Layer, noise?: Noise): Layer {
  const [shape, linears] = [config.blocks[layer] as BlockShape, blocks[layer] as BlockLinears];
  return transformerBlock(parameters, shape, linears, attend, noise);
}

export interface TokenGrid {
  readonly rows: number;
  readonly length: number;
  /** Row-major, `rows × length`, padding at the end of the rows. */
  readonly inputIds: Int32Array;
  readonly positions: Int32Array;
  /** What the tokens see, absent where it is all that came before them. */
  readonly spans?: AttentionSpans | undefined;
}

export interface HiddenStates {
  /** After the final norm, `[rows · length, hidden]`. The caller disposes it. */
  readonly output: tf.Tensor;
  /** Takes the gradient home into every trainable parameter, and frees what was kept for it. Call once. */
  readonly pullback: (gradient: tf.Tensor) => Promise<void>;
  /** Frees that where no gradient will come. */
  readonly dispose: () => void;
}

export interface WayThrough {
  /** The noise of training. */
  readonly noise?: Noise | undefined;
  /** Awaited between the layers of a block, of which one of a large model may take seconds. What it throws frees what was kept. */
  readonly breathe?: Breathe | undefined;
}

/** All tokens through all blocks, with the way back. */
export async function hiddenStates(
  decoder: Decoder,
  grid: TokenGrid,
  { noise, breathe }: WayThrough = {},
): Promise<HiddenStates> {
  const { embedded, layers, free } = prepare(decoder, grid, noise);
  const result = await withBreaths(walk(layers, embedded.output), breathe).catch((error: unknown) => {
    free();
    throw error;
  });
  return {
    output: result.output,
    dispose: () => {
      result.dispose();
      free();
    },
    pullback: async (gradient) => {
      try {
        const dEmbedded = await withBreaths(result.pullback(gradient), breathe);
        tf.tidy(() => embedded.pullback(dEmbedded));
        dEmbedded.dispose();
      } finally {
        free();
      }
    },
  };
}

/** All tokens through all blocks, forward only: `[rows · length, hidden]`. The caller disposes it. */
export async function inferHiddenStates(decoder: Decoder, grid: TokenGrid, breathe?: Breathe): Promise<tf.Tensor> {
  const { embedded, layers, free } = prepare(decoder, grid);
  try {
    return await withBreaths(walkForward(layers, embedded.output), breathe);
  } finally {
    free();
  }
}

/** The stream at its beginning, the layers from there to the final norm, and what frees what they share. */
function prepare(decoder: Decoder, grid: TokenGrid, noise?: Noise) {
  const { config, parameters, recompute } = decoder;
  const ids = tf.tensor1d(grid.inputIds, 'int32');
  const embedded = withNoise(tokenEmbedding(parameters, config.embedding, ids, grid.positions), noise);
  const sequences = sequencesFor(grid);
  const layers = [
    ...config.blocks
      .map(({ attention: shape }, layer) => block(decoder, layer, attention(shape, sequences.of(shape)), noise))
      .map((layer) => (recompute ? recomputed(layer) : layer)),
    norm(parameters, config.finalNorm),
  ];
  const free = () => {
    ids.dispose();
    embedded.dispose();
    sequences.free();
  };
  return { embedded, layers, free };
}

/** The gradient goes through an addition as it is. */
function withNoise<Embedded extends { readonly output: tf.Tensor }>(embedded: Embedded, noise?: Noise): Embedded {
  if (!noise?.embeddings) return embedded;
  const added = noise.embeddings(embedded.output.shape[1] as number);
  const output = tf.add(embedded.output, added);
  tf.dispose([added, embedded.output]);
  return { ...embedded, output };
}
