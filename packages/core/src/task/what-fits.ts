import { planBlocks } from '../checkpoint/block-plan.ts';
import { planFresh } from '../checkpoint/plan-model.ts';
import { decoderConfig } from '../model/families/index.ts';
import { baseParameters, linearsOf } from '../model/parameters/parameter-table.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import { currentEngine } from '../tensor/engine.ts';
import { fits } from '../training/estimate-memory.ts';
import type { SettledTraining } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { estimateUnopened, limits } from './check-memory.ts';

/** A way to train, with what it takes at its peak. */
export interface Fitting {
  /** As options of `train`. */
  readonly training: { readonly method: 'lora' | 'full' } & Partial<
    Pick<SettledTraining, 'precision' | 'quantize' | 'recompute'>
  >;
  /** Of the whole process. */
  readonly bytes: number;
  readonly fits: boolean;
}

export interface FittingModel {
  /** A model that many know, for its size. */
  readonly name: string;
  readonly weights: number;
  readonly ways: readonly Fitting[];
}

/** The step that `whatFits` asks about. */
export const FITTED_STEP = { rows: 1, length: 512 } as const;

/**
 * Which sizes of models can be trained here, and how, by the estimate that a run begins with: an optimizer step of one row of
 * 512 tokens, in what this process has and what is free beside it, on the engine that is open.
 *
 * @example
 * ```ts
 * import { openEngine, whatFits } from '@counterweight/core';
 *
 * await openEngine('auto');
 * whatFits().find(({ name }) => name === 'Llama 3.1 8B')?.ways.filter(({ fits }) => fits);
 * ```
 */
export function whatFits(): FittingModel[] {
  const possible = currentEngine().fusedKernels ? WAYS : WAYS.filter(({ precision }) => precision !== 'bf16');
  return MODELS.map(({ name, json }) => {
    const config = decoderConfig({ ...COMMON, ...json }, name);
    const base = baseParameters(config, linearsOf(config));
    const ways = possible.map((way): Fitting => {
      const training = { ...parseTrainingOptions(way), precision: way.precision ?? 'f32' };
      const settings = { ...training, vocabulary: undefined };
      const blocks = planBlocks({ tensors: new Map() }, { config, base }, settings);
      const plan = planFresh(config, blocks, training, undefined);
      const estimate = estimateUnopened(plan, { batch: FITTED_STEP, evaluation: undefined });
      return { training: way, bytes: estimate.total, fits: fits(estimate, limits(1)) };
    });
    return { name, weights: base.reduce((sum, { shape }) => sum + sizeOf(shape), 0), ways };
  });
}

const WAYS: readonly Fitting['training'][] = [
  { method: 'full' },
  { method: 'lora', precision: 'f32' },
  { method: 'lora', precision: 'bf16' },
  { method: 'lora', precision: 'bf16', quantize: 'int8' },
  { method: 'lora', precision: 'bf16', quantize: 'int4' },
].flatMap((way) => [way, { ...way, recompute: true }] as Fitting['training'][]);

const COMMON = { model_type: 'llama', rms_norm_eps: 1e-5, max_position_embeddings: 2048 };

const shape = (
  vocabulary: number,
  hidden: number,
  inner: number,
  layers: number,
  heads: number,
  keyValues: number,
) => ({
  vocab_size: vocabulary,
  hidden_size: hidden,
  intermediate_size: inner,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keyValues,
});

/** As their config.json has them. */
const MODELS = [
  { name: 'SmolLM2 135M', json: { ...shape(49_152, 576, 1536, 30, 9, 3), tie_word_embeddings: true } },
  { name: 'SmolLM2 360M', json: { ...shape(49_152, 960, 2560, 32, 15, 5), tie_word_embeddings: true } },
  { name: 'TinyLlama 1.1B', json: shape(32_000, 2048, 5632, 22, 32, 4) },
  { name: 'SmolLM2 1.7B', json: { ...shape(49_152, 2048, 8192, 24, 32, 32), tie_word_embeddings: true } },
  { name: 'Llama 3.2 3B', json: { ...shape(128_256, 3072, 8192, 28, 24, 8), tie_word_embeddings: true } },
  { name: 'Llama 2 7B', json: shape(32_000, 4096, 11_008, 32, 32, 32) },
  { name: 'Llama 3.1 8B', json: shape(128_256, 4096, 14_336, 32, 32, 8) },
  { name: 'Llama 2 13B', json: shape(32_000, 5120, 13_824, 40, 40, 40) },
];
