import { z } from 'zod';
import { dataOptions } from './data-options.ts';

/** Beyond this, weights of the other tokens vanish beside it in f32. */
const weight = () => z.number().min(0).max(1e6);

/**
 * Everything a run can be told about training, with its default and its reason. The one home of these options: the
 * command line makes its flags from this schema (`learningRate` → `--learning-rate`), run.json records the result.
 */
export const trainingOptionsSchema = z.strictObject({
  method: z.enum(['lora', 'full']).default('lora').describe('train small low-rank adapters, or every weight'),
  loraRank: z.int().positive().default(16).describe('rank r of the adapters'),
  loraAlpha: z
    .number()
    .positive()
    .default(32)
    .describe('adapters are scaled by alpha / rank, or alpha / √rank with rsLora'),
  loraTargets: z
    .array(z.string().min(1))
    .min(1)
    .default(['all-linear'])
    .describe('linear layers that get an adapter: all-linear, or names such as q_proj,v_proj'),
  rsLora: z.boolean().default(false).describe('scale adapters by alpha / √rank, which keeps high ranks stable'),
  loraPlusRatio: z
    .number()
    .positive()
    .default(1)
    .describe('LoRA+: B learns this many times as fast as A, which keeps the learning rate; its paper takes 16'),
  dora: z
    .boolean()
    .default(false)
    .describe('learn how large each output of an adapted layer is apart from its direction (DoRA)'),
  loraDropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      'share of what the adapters read that a step leaves out (default: 0, or that of the adapter to go on with)',
    ),
  modulesToSave: z
    .array(z.string().min(1))
    .optional()
    .describe('modules to train whole beside the adapters, and to save with them: embed_tokens,lm_head'),
  addTokens: z
    .array(z.string().min(1))
    .refine((tokens) => new Set(tokens).size === tokens.length, 'a token is named twice')
    .optional()
    .describe(
      'texts that become tokens of their own, such as <ticket>,</ticket>; the vocabulary grows where it has no room. ' +
        'With lora the embeddings (and an untied head) are then trained and saved whole',
    ),
  promptLossWeight: weight()
    .optional()
    .describe("weight of the prompt's tokens in the loss: 0 masks them, 1 counts them fully (default: the recipe's)"),
  promptLossFraction: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('instead of a weight: the share of the total weight that the prompt makes up in every step'),
  templateLossWeight: weight().default(0).describe('weight of the template text between the segments'),
  systemLossWeight: weight().optional().describe("in place of the prompt's weight, for system messages"),
  userLossWeight: weight().optional().describe("in place of the prompt's weight, for what the user says"),
  toolLossWeight: weight().optional().describe("in place of the prompt's weight, for what tools answer"),
  trainOn: z
    .enum(['all-turns', 'replies', 'last-turn'])
    .default('all-turns')
    .describe(
      "which of the assistant's answers in a conversation are learnt (replies: all but a greeting that begins it)",
    ),
  phrasings: z
    .enum(['default', 'all'])
    .default('default')
    .describe(
      'words of the instruction that rows are trained on in: always the same, or all of the recipe’s but the one that ' +
        'is held out, a row one of them (by splitSeed); evaluations ask in the default one',
    ),
  format: z
    .enum(['auto', 'chat', 'plain'])
    .default('auto')
    .describe(
      "how roles become text: the model's chat template, or the recipe's plain layout; auto: the first there is",
    ),
  templateDate: z.iso
    .date()
    .optional()
    .describe('the day that chat templates are told that ask for it, such as 2026-01-31 (default: today)'),
  lossNormalization: z
    .enum(['weight-sum', 'token-count', 'completion-count', 'per-example'])
    .default('weight-sum')
    .describe('what the weighted loss is divided by, once a step'),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of a target that is spread evenly over the vocabulary'),
  neftuneAlpha: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'NEFTune: noise on the embeddings in training, uniform within ±alpha / √(tokens · features); its paper takes 5',
    ),
  precision: z
    .enum(['auto', 'f32', 'bf16'])
    .default('auto')
    .describe(
      'of frozen weights and activations; what is trained, losses and sums are f32 in either. auto: bf16 where its ' +
        'products are faster here or f32 does not fit into memory; f32 where every weight is trained',
    ),
  quantize: z
    .enum(['none', 'int8', 'int4'])
    .optional()
    .describe(
      'frozen linear weights in 8 or 4 bits, in blocks of 32 with a scale (default: none, of a GGUF file as they are in it, ' +
        'and with an adapter as they were when it was trained)',
    ),
  quantizeEmbeddings: z
    .boolean()
    .default(false)
    .describe('quantise the embedding table too, which is also the head where the two are tied'),
  recompute: z
    .boolean()
    .default(false)
    .describe(
      'gradient (activation) checkpointing: compute each block a second time on the way back, for long sequences',
    ),
  learningRate: z.number().positive().optional().describe('peak learning rate (default: 2e-4 for lora, 2e-5 for full)'),
  schedule: z
    .enum(['constant', 'linear', 'cosine'])
    .default('linear')
    .describe('how the learning rate goes on after the warm-up: it stays, or falls to its floor'),
  minLearningRateRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('the floor that the learning rate falls to, as a share of its peak'),
  warmupSteps: z.int().min(0).default(0).describe('steps over which the learning rate rises to its peak'),
  warmupRatio: z.number().min(0).lt(1).optional().describe('the warm-up as a share of all steps, instead of a number'),
  weightDecay: z.number().min(0).default(0.01).describe('decoupled; never on norms, biases and embeddings'),
  maxGradientNorm: z.number().positive().default(1).describe('gradients are scaled down to this global norm'),
  onNonFinite: z
    .enum(['stop', 'skip'])
    .default('stop')
    .describe(
      'where a loss, the gradient or a weight would not be a finite number: end the run, or leave the step out',
    ),
  epochs: z.number().positive().default(3).describe('passes over the data'),
  maxSteps: z.int().positive().optional().describe('optimizer steps at most; overrides epochs'),
  batchSize: z
    .int()
    .positive()
    .default(8)
    .describe('examples in a micro-batch; with packing, rows of them, each as full as fits'),
  gradientAccumulation: z.int().positive().default(1).describe('micro-batches in an optimizer step'),
  maxLength: z
    .int()
    .positive()
    .optional()
    .describe("tokens of an example at most, and of a packed row (default: the recipe's)"),
  longAnswers: z
    .enum(['drop', 'cut'])
    .default('drop')
    .describe(
      'a row whose answer is longer than what its prompt leaves of maxLength: leave it out, or learn the beginning ' +
        'of the answer, without an end',
    ),
  packing: z
    .enum(['none', 'examples', 'shared-prefix'])
    .default('none')
    .describe(
      'several examples in a row, each seeing itself only; shared-prefix computes once a row what they begin with. ' +
        'A step then holds more examples, and an epoch fewer steps',
    ),
  cache: z.boolean().default(true).describe('keep tokenized rows for the next run, in the folder of Counterweight'),
  shuffle: z.boolean().default(true).describe('a new order of the rows every epoch, from the seed'),
  seed: z.int().min(0).default(0).describe('decides adapters, order and sampling'),
  ...dataOptions,
  evaluateAtStart: z
    .boolean()
    .default(true)
    .describe('evaluate before the first step too: what was learnt shows beside it'),
  evaluateEvery: z
    .union([z.int().positive(), z.literal('epoch')])
    .optional()
    .describe('steps between evaluations, or epoch: after each (default: once, at the end)'),
  maxEvalRows: z
    .int()
    .positive()
    .optional()
    .describe('rows to evaluate on at most: the same ones every time, chosen by splitSeed'),
  evaluateLossesOnly: z
    .boolean()
    .default(false)
    .describe("measure losses only in evaluations: nothing is generated, and the recipe's metrics are left out"),
  bestMetric: z
    .string()
    .min(1)
    .default('completionLoss')
    .describe(
      'what evaluations are compared by: completionLoss, promptLoss, loss, perplexity, or a metric of the recipe',
    ),
  minDelta: z
    .number()
    .min(0)
    .default(0)
    .describe('an evaluation must be better by more than this to count as an improvement'),
  earlyStoppingPatience: z
    .int()
    .positive()
    .optional()
    .describe('evaluations in a row without an improvement that end the run (default: none do)'),
  plateauPatience: z
    .int()
    .positive()
    .optional()
    .describe('evaluations in a row without an improvement that lower the learning rate (default: none do)'),
  plateauFactor: z.number().positive().lt(1).default(0.5).describe('what the learning rate is multiplied by then'),
  keep: z
    .enum(['last', 'best'])
    .default('last')
    .describe('the result: the model after the last step, or that of the best evaluation'),
  checkpointEvery: z.int().positive().optional().describe('steps between checkpoints (default: none)'),
  keepCheckpoints: z.int().positive().default(2).describe('newest checkpoints to keep'),
  saveWaitSeconds: z
    .number()
    .min(0)
    .default(600)
    .describe('how long a finished training waits for room on a full disk, before it is saved elsewhere'),
});

export type { TrainingOptionsInput } from './options-input.ts';
export type TrainingOptions = z.output<typeof trainingOptionsSchema>;
/** Options of which nothing is left to the machine: `task/settle-precision.ts`. */
export type SettledTraining = TrainingOptions & { readonly precision: Exclude<TrainingOptions['precision'], 'auto'> };
