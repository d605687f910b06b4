// Made from the schemas beside it: `pnpm docs:tables` writes it anew.

/** Which rows are read, and which of them are held out. */
export interface DataOptionsInput {
  /** Rows to read at most, the first ones; those after them are not read. A whole number above 0. */
  maxRows?: number | undefined;
  /**
   * Fields of the recipe and the columns of the data that they are read from, such as
   * prompt=Question,completion=Answer; a column may be a path, answers.text.0.
   */
  map?: Record<string, string> | undefined;
  /**
   * Rows that may be invalid: they are left out, and counted; one more ends the run with a list of them. A whole number
   * from 0. Default: `0`.
   */
  skipInvalid?: number | undefined;
  /** A column of the data with each row's own weight in the loss, 0 or more; rows with 0 are dropped. */
  rowWeight?: string | undefined;
  /** How much of an epoch is of which file or folder of the data, in their order, such as 0.7,0.3. */
  dataProportions?: number[] | undefined;
  /**
   * Rows that say what an earlier row says: counted, or dropped; near: and those that nearly do. Of up to 20,000 rows
   * those are counted anyway. Default: `count`.
   */
  duplicates?: 'count' | 'count-near' | 'drop' | 'drop-near' | undefined;
  /**
   * Rows to train on that say what a row to evaluate on says: counted, or not trained on; near: and those that nearly
   * do. Default: `count`.
   */
  leakage?: 'count' | 'count-near' | 'drop' | 'drop-near' | undefined;
  /**
   * Decides which rows are held out; apart from the seed, so that runs with other seeds hold out the same. A whole
   * number from 0. Default: `0`.
   */
  splitSeed?: number | undefined;
  /** A column of the data: rows that say the same there are all held out, or all trained on. */
  splitBy?: string | undefined;
  /** A column of the data with times or numbers: the latest rows are held out. */
  splitByTime?: string | undefined;
}

/** What a run is told about training. All of it may be left out. */
export interface TrainingOptionsInput extends DataOptionsInput {
  /** Train small low-rank adapters, or every weight. Default: `lora`. */
  method?: 'lora' | 'full' | undefined;
  /** Rank r of the adapters. A whole number above 0. Default: `16`. */
  loraRank?: number | undefined;
  /** Adapters are scaled by alpha / rank, or alpha / √rank with rsLora. Above 0. Default: `32`. */
  loraAlpha?: number | undefined;
  /** Linear layers that get an adapter: all-linear, or names such as q_proj,v_proj. Default: `all-linear`. */
  loraTargets?: string[] | undefined;
  /** Scale adapters by alpha / √rank, which keeps high ranks stable. Default: `false`. */
  rsLora?: boolean | undefined;
  /**
   * LoRA+: B learns this many times as fast as A, which keeps the learning rate; its paper takes 16. Above 0. Default:
   * `1`.
   */
  loraPlusRatio?: number | undefined;
  /** Learn how large each output of an adapted layer is apart from its direction (DoRA). Default: `false`. */
  dora?: boolean | undefined;
  /**
   * Share of what the adapters read that a step leaves out. From 0, below 1. Default: 0, or that of the adapter to go
   * on with.
   */
  loraDropout?: number | undefined;
  /** Modules to train whole beside the adapters, and to save with them: embed_tokens,lm_head. */
  modulesToSave?: string[] | undefined;
  /**
   * Texts that become tokens of their own, such as \<ticket>,\</ticket>; the vocabulary grows where it has no room.
   * With lora the embeddings (and an untied head) are then trained and saved whole.
   */
  addTokens?: string[] | undefined;
  /**
   * Weight of the prompt's tokens in the loss: 0 masks them, 1 counts them fully. From 0, to 1000000. Default: the
   * recipe's.
   */
  promptLossWeight?: number | undefined;
  /** Instead of a weight: the share of the total weight that the prompt makes up in every step. From 0, below 1. */
  promptLossFraction?: number | undefined;
  /** Weight of the template text between the segments. From 0, to 1000000. Default: `0`. */
  templateLossWeight?: number | undefined;
  /** In place of the prompt's weight, for system messages. From 0, to 1000000. */
  systemLossWeight?: number | undefined;
  /** In place of the prompt's weight, for what the user says. From 0, to 1000000. */
  userLossWeight?: number | undefined;
  /** In place of the prompt's weight, for what tools answer. From 0, to 1000000. */
  toolLossWeight?: number | undefined;
  /**
   * Which of the assistant's answers in a conversation are learnt (replies: all but a greeting that begins it).
   * Default: `all-turns`.
   */
  trainOn?: 'all-turns' | 'replies' | 'last-turn' | undefined;
  /**
   * Words of the instruction that rows are trained on in: always the same, or all of the recipe’s but the one that is
   * held out, a row one of them (by splitSeed); evaluations ask in the default one. Default: `default`.
   */
  phrasings?: 'default' | 'all' | undefined;
  /**
   * How roles become text: the model's chat template, or the recipe's plain layout; auto: the first there is. Default:
   * `auto`.
   */
  format?: 'auto' | 'chat' | 'plain' | undefined;
  /** The day that chat templates are told that ask for it, such as 2026-01-31. Default: today. */
  templateDate?: string | undefined;
  /** What the weighted loss is divided by, once a step. Default: `weight-sum`. */
  lossNormalization?: 'weight-sum' | 'token-count' | 'completion-count' | 'per-example' | undefined;
  /** Share of a target that is spread evenly over the vocabulary. From 0, below 1. Default: `0`. */
  labelSmoothing?: number | undefined;
  /**
   * NEFTune: noise on the embeddings in training, uniform within ±alpha / √(tokens · features); its paper takes 5. From
   * 0. Default: `0`.
   */
  neftuneAlpha?: number | undefined;
  /**
   * Of frozen weights and activations; what is trained, losses and sums are f32 in either. auto: bf16 where its
   * products are faster here or f32 does not fit into memory; f32 where every weight is trained. Default: `auto`.
   */
  precision?: 'auto' | 'f32' | 'bf16' | undefined;
  /**
   * Frozen linear weights in 8 or 4 bits, in blocks of 32 with a scale. Default: none, of a GGUF file as they are in
   * it, and with an adapter as they were when it was trained.
   */
  quantize?: 'none' | 'int8' | 'int4' | undefined;
  /** Quantise the embedding table too, which is also the head where the two are tied. Default: `false`. */
  quantizeEmbeddings?: boolean | undefined;
  /**
   * Gradient (activation) checkpointing: compute each block a second time on the way back, for long sequences. Default:
   * `false`.
   */
  recompute?: boolean | undefined;
  /** Peak learning rate. Above 0. Default: 2e-4 for lora, 2e-5 for full. */
  learningRate?: number | undefined;
  /** How the learning rate goes on after the warm-up: it stays, or falls to its floor. Default: `linear`. */
  schedule?: 'constant' | 'linear' | 'cosine' | undefined;
  /** The floor that the learning rate falls to, as a share of its peak. From 0, to 1. Default: `0`. */
  minLearningRateRatio?: number | undefined;
  /** Steps over which the learning rate rises to its peak. A whole number from 0. Default: `0`. */
  warmupSteps?: number | undefined;
  /** The warm-up as a share of all steps, instead of a number. From 0, below 1. */
  warmupRatio?: number | undefined;
  /** Decoupled; never on norms, biases and embeddings. From 0. Default: `0.01`. */
  weightDecay?: number | undefined;
  /** Gradients are scaled down to this global norm. Above 0. Default: `1`. */
  maxGradientNorm?: number | undefined;
  /**
   * Where a loss, the gradient or a weight would not be a finite number: end the run, or leave the step out. Default:
   * `stop`.
   */
  onNonFinite?: 'stop' | 'skip' | undefined;
  /** Passes over the data. Above 0. Default: `3`. */
  epochs?: number | undefined;
  /** Optimizer steps at most; overrides epochs. A whole number above 0. */
  maxSteps?: number | undefined;
  /**
   * Examples in a micro-batch; with packing, rows of them, each as full as fits. A whole number above 0. Default: `8`.
   */
  batchSize?: number | undefined;
  /** Micro-batches in an optimizer step. A whole number above 0. Default: `1`. */
  gradientAccumulation?: number | undefined;
  /** Tokens of an example at most, and of a packed row. A whole number above 0. Default: the recipe's. */
  maxLength?: number | undefined;
  /**
   * A row whose answer is longer than what its prompt leaves of maxLength: leave it out, or learn the beginning of the
   * answer, without an end. Default: `drop`.
   */
  longAnswers?: 'drop' | 'cut' | undefined;
  /**
   * Several examples in a row, each seeing itself only; shared-prefix computes once a row what they begin with. A step
   * then holds more examples, and an epoch fewer steps. Default: `none`.
   */
  packing?: 'none' | 'examples' | 'shared-prefix' | undefined;
  /** Keep tokenized rows for the next run, in the folder of Counterweight. Default: `true`. */
  cache?: boolean | undefined;
  /** A new order of the rows every epoch, from the seed. Default: `true`. */
  shuffle?: boolean | undefined;
  /** Decides adapters, order and sampling. A whole number from 0. Default: `0`. */
  seed?: number | undefined;
  /** Evaluate before the first step too: what was learnt shows beside it. Default: `true`. */
  evaluateAtStart?: boolean | undefined;
  /** Steps between evaluations, or epoch: after each. Default: once, at the end. */
  evaluateEvery?: number | 'epoch' | undefined;
  /** Rows to evaluate on at most: the same ones every time, chosen by splitSeed. A whole number above 0. */
  maxEvalRows?: number | undefined;
  /**
   * Measure losses only in evaluations: nothing is generated, and the recipe's metrics are left out. Default: `false`.
   */
  evaluateLossesOnly?: boolean | undefined;
  /**
   * What evaluations are compared by: completionLoss, promptLoss, loss, perplexity, or a metric of the recipe. Default:
   * `completionLoss`.
   */
  bestMetric?: string | undefined;
  /** An evaluation must be better by more than this to count as an improvement. From 0. Default: `0`. */
  minDelta?: number | undefined;
  /** Evaluations in a row without an improvement that end the run. A whole number above 0. Default: none do. */
  earlyStoppingPatience?: number | undefined;
  /**
   * Evaluations in a row without an improvement that lower the learning rate. A whole number above 0. Default: none do.
   */
  plateauPatience?: number | undefined;
  /** What the learning rate is multiplied by then. Above 0, below 1. Default: `0.5`. */
  plateauFactor?: number | undefined;
  /** The result: the model after the last step, or that of the best evaluation. Default: `last`. */
  keep?: 'last' | 'best' | undefined;
  /** Steps between checkpoints. A whole number above 0. Default: none. */
  checkpointEvery?: number | undefined;
  /** Newest checkpoints to keep. A whole number above 0. Default: `2`. */
  keepCheckpoints?: number | undefined;
  /**
   * How long a finished training waits for room on a full disk, before it is saved elsewhere. From 0. Default: `600`.
   */
  saveWaitSeconds?: number | undefined;
}
