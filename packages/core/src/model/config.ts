import type { AttentionShape } from './attention/grouped-heads.ts';
import type { RotaryShape } from './attention/rotary.ts';
import type { JoinedLinear } from './layers/linear.ts';

/**
 * A decoder-only transformer as data: a family (`families/`) writes it, and everything else reads it. Names are those of
 * the checkpoint; sizes are numbers of features or tokens.
 */
export interface DecoderConfig {
  readonly family: string;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly heads: number;
  /** Longest sequence the model was made for. */
  readonly contextLength: number;
  readonly embedding: EmbeddingShape;
  readonly blocks: readonly BlockShape[];
  readonly finalNorm: NormShape;
  /** The matrix that turns hidden states into logits, unless it is the embedding table itself. */
  readonly head: string;
  readonly tiedEmbeddings: boolean;
  /** Logits go through `softcap · tanh(logit / softcap)` (Gemma 2). */
  readonly logitSoftcap?: number | undefined;
}

export interface EmbeddingShape {
  /** Of the table `[vocabulary, hidden]`. */
  readonly name: string;
  /** Its rows are multiplied by this (Gemma). */
  readonly scale?: number | undefined;
  /** Of a table `[contextLength, hidden]` that is added, where positions are learned (GPT-2). */
  readonly positions?: string | undefined;
}

/** A norm over the features, by the name of its module. */
export interface NormShape {
  readonly name: string;
  /**
   * `rms`: root mean square, with a weight. `rms-from-one`: the same, where the checkpoint holds the weight's distance
   * from 1 (Gemma). `layer`: less the mean, with weight and bias.
   */
  readonly kind: 'rms' | 'rms-from-one' | 'layer';
  readonly epsilon: number;
}

/** How a block's tokens look at each other. */
export interface BlockAttention extends AttentionShape {
  /** Absent where positions are not told by rotation. */
  readonly rotary?: RotaryShape | undefined;
  /** A token sees this many places, its own among them; all before it where absent. */
  readonly window?: number | undefined;
  /** Norms of every head's queries and keys, before they are rotated. */
  readonly queryNorm?: NormShape | undefined;
  readonly keyNorm?: NormShape | undefined;
  /** The checkpoint's rows are q, k, v of the first head, then of the next (GPT-NeoX); otherwise all q, all k, all v. */
  readonly interleavedQkv?: boolean | undefined;
}

/** What stands between the two linear layers of an MLP; the gated ones take gate and up side by side. */
export type Activation = 'silu-gated' | 'gelu-tanh-gated' | 'gelu' | 'gelu-tanh';

/** The linear layers of one block, in the order of the forward pass. */
export interface BlockLinears {
  readonly qkv: JoinedLinear;
  readonly attentionOutput: JoinedLinear;
  /** Gate and up, or up alone where the activation is not gated. */
  readonly gateUp: JoinedLinear;
  readonly down: JoinedLinear;
}

export interface BlockShape {
  readonly linears: BlockLinears;
  readonly attention: BlockAttention;
  readonly activation: Activation;
  readonly norms: {
    readonly beforeAttention: NormShape;
    readonly afterAttention?: NormShape | undefined;
    readonly beforeMlp: NormShape;
    readonly afterMlp?: NormShape | undefined;
  };
  /** Attention and MLP read the same stream, and are added to it together (GPT-NeoX). */
  readonly parallel?: boolean | undefined;
}

/** Of families some of whose layers look back over a window only; Infinity of all others. */
export const narrowestWindow = ({ blocks }: DecoderConfig): number =>
  Math.min(...blocks.map(({ attention }) => attention.window ?? Infinity));
