import { isDecomposed } from '../model/adapters/dora.ts';
import { SCORES_AT_ONCE, scoresFitAtOnce } from '../model/attention/blocked-attention.ts';
import type { AttentionShape } from '../model/attention/grouped-heads.ts';
import type { BlockLinears, BlockShape } from '../model/config.ts';
import { type JoinedLinear, outputsOf, ranksOf } from '../model/layers/linear.ts';
import { baseParameters, linearsInBlock, linearsOf } from '../model/parameters/parameter-table.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import { quantizedBytes } from '../tensor/block-types.ts';
import { currentEngine } from '../tensor/engine.ts';
import { chunkElements } from './loss/vocabulary-loss.ts';
import type { BatchShape, EvaluationShape, ModelPlan } from './model-plan.ts';

/**
 * Bytes of the tensors that there are at once, counted from the layers' code: f32 has 4, bf16 has 2. Our own kernels make
 * fewer than tfjs's operations, which is why most counts come in two.
 */

const bytesOf = (precision: Precision): number => (precision === 'bf16' ? 2 : 4);

/** The weights: frozen ones in blocks or in the model's precision, what is trained in f32, as a vector and its views (`tensor/view.ts`). */
export function weightBytes({ config, parameters }: ModelPlan): number {
  const { precision, trainable, trainableSize, blocks } = parameters;
  const trained = new Set(trainable.map(({ name }) => name));
  const frozen = baseParameters(config, linearsOf(config)).filter(({ name }) => !trained.has(name));
  const bytes = frozen.map(({ name, shape }) => {
    const type = blocks.get(name);
    return type ? quantizedBytes(type, shape) : sizeOf(shape) * (shape.length > 1 ? bytesOf(precision) : 4);
  });
  return bytes.reduce((sum, size) => sum + size, (currentEngine().fusedKernels ? 4 : 8) * trainableSize);
}

/**
 * Gradient and moments, of which each of so many workers (`shards`) may keep its share: our own engine's only. An update of
 * tfjs's own operations makes eight vectors as large beside them; as measured, half of that finds no place in what the
 * activations leave.
 */
export const optimizerBytes = ({ parameters: { trainableSize } }: ModelPlan, shards = 1): number =>
  (currentEngine().fusedKernels ? 4 + MOMENTS / shards : 28) * trainableSize;

/** Bytes a parameter: the mean and the variance of its gradient. */
const MOMENTS = 8;

/**
 * Of a sharded optimizer between two steps: a checkpoint is put together in the gradient's memory and as much again, and read
 * as a whole, beside the worker's own share.
 */
export const gatheredBytes = ({ parameters: { trainableSize } }: ModelPlan, shards: number): number =>
  shards === 1 ? 0 : (MOMENTS + MOMENTS / shards) * trainableSize;

/** What all blocks keep between the way there and the way back. */
export function keptBytes(model: ModelPlan, batch: BatchShape): number {
  const { config, blocks, recompute } = model;
  const streamBytes = 4 * config.hiddenSize;
  const perBlock = keptPerToken(model, batch);
  const kept = recompute ? blocks.length * streamBytes + perBlock : blocks.length * perBlock;
  return batch.rows * batch.length * (kept + streamBytes);
}

/** Bytes a token that one block keeps: what attention, its projection and the activation read, A x, and the norms' x. */
function keptPerToken({ config, blocks, parameters }: ModelPlan, batch: BatchShape): number {
  const block = blocks[0] as BlockLinears;
  const bytes = bytesOf(parameters.precision);
  const ranks = linearsInBlock(block).reduce((sum, linear) => sum + ranksOf(linear), 0);
  const inputs = block.attentionOutput.inputs + ranks;
  // Scaled outputs, where no other layer keeps the same.
  const apart = (linear: JoinedLinear) => linear.bias || linear === block.attentionOutput || linear === block.down;
  const scaled = linearsInBlock(block).filter((linear) => isDecomposed(linear) && apart(linear));
  const read = currentEngine().fusedKernels ? [block.qkv, block.gateUp] : [block.gateUp];
  const outputs = [...read, ...scaled].reduce((sum, linear) => sum + outputsOf(linear), 0);
  const norms = 2 * 4 * (config.hiddenSize + 1);
  return bytes * (inputs + outputs) + norms + keptByAttention((config.blocks[0] as BlockShape).attention, batch);
}

/** Beside q, k and v: the softmax's sums where it is our kernel, else all that the plain one computes with. */
function keptByAttention(shape: AttentionShape, batch: BatchShape): number {
  const { heads, keyValueHeads, headSize } = shape;
  if (currentEngine().fusedKernels) return 4 * heads;
  const probabilities = scoresFitAtOnce(shape, batch) ? heads * batch.length : 0;
  return 4 * (2 * (heads + keyValueHeads) * headSize + probabilities);
}

/** The largest of what comes and goes in a step, with the gradient of one parameter. */
export function transientBytes(model: ModelPlan, { rows, length }: BatchShape): number {
  const { config, blocks, parameters } = model;
  const tokens = rows * length;
  const { fusedKernels } = currentEngine();
  const bytes = bytesOf(parameters.precision);
  const stream = 2 * 4 * config.hiddenSize;
  const { gateUp, down } = blocks[0] as BlockLinears;
  const scaled = isDecomposed(gateUp) ? outputsOf(gateUp) * (bytes === 2 ? 6 : 4) : 0;
  const activation = fusedKernels
    ? bytes * (outputsOf(gateUp) + down.inputs + config.hiddenSize)
    : 4 * (PLAIN_ACTIVATION * down.inputs + config.hiddenSize);
  const largest = parameters.trainable.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), 0);
  return (
    Math.max(
      logitsBytes(model, tokens, PLAIN_LOGITS.gradient) + tokens * (stream + bytes * config.hiddenSize),
      tokens * (stream + activation + scaled),
      fusedKernels ? 0 : plainAttentionBytes(model, { rows, length }, PLAIN_SCORES.gradient),
    ) +
    largest * (bytes === 2 ? 6 : 4)
  );
}

/** What an evaluation needs at once: a batch forward, then keys and values of a batch that is being written. */
export function evaluationBytes(model: ModelPlan, { rows, tokens, length }: EvaluationShape): number {
  const { config, blocks, parameters } = model;
  const { fusedKernels } = currentEngine();
  const { gateUp, down } = blocks[0] as BlockLinears;
  const stream = 2 * 4 * config.hiddenSize;
  const activation = fusedKernels
    ? bytesOf(parameters.precision) * (outputsOf(gateUp) + down.inputs)
    : 4 * (outputsOf(gateUp) + PLAIN_ACTIVATION_FORWARD * down.inputs);
  const batch = { rows: Math.ceil(tokens / length), length };
  const forward = Math.max(
    logitsBytes(model, tokens, PLAIN_LOGITS.forward) + tokens * stream,
    tokens * (stream + activation),
    fusedKernels ? 0 : plainAttentionBytes(model, batch, PLAIN_SCORES.forward),
  );
  const perLayer = config.blocks.map(({ attention: { keyValueHeads, headSize } }) => 2 * 4 * keyValueHeads * headSize);
  const cached = perLayer.reduce((sum, bytes) => sum + bytes, 0);
  // A layer's keys and values are there twice while they grow by a token.
  const writing = tokens * (cached + Math.max(...perLayer)) + 2 * 4 * rows * config.vocabularySize;
  return Math.max(forward, writing + plainAttentionBytes(model, batch, PLAIN_SCORES.forward));
}

/** Tensors at once, in tfjs's own operations: of the size of the logits, of the scores, of an activation's output. */
const PLAIN_LOGITS = { gradient: 4, forward: 2 };
const PLAIN_SCORES = { gradient: 3, forward: 2 };
const PLAIN_ACTIVATION = 13;
const PLAIN_ACTIVATION_FORWARD = 5;

function logitsBytes({ config, parameters }: ModelPlan, tokens: number, plain: number): number {
  const logits = Math.min(tokens * config.vocabularySize, chunkElements());
  return logits * (currentEngine().fusedKernels ? bytesOf(parameters.precision) : 4 * plain);
}

/** Scores of one layer, as many as are held at once, and queries, keys and values beside them. */
function plainAttentionBytes({ config }: ModelPlan, { rows, length }: BatchShape, tensors: number): number {
  const { heads, keyValueHeads, headSize } = (config.blocks[0] as BlockShape).attention;
  const scores = Math.min(rows * heads * length * length, SCORES_AT_ONCE);
  return 4 * (tensors * scores + 3 * rows * length * (heads + 2 * keyValueHeads) * headSize);
}
