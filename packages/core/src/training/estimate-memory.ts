import { UserError } from '../errors.ts';
import { isDecomposed } from '../model/adapters/dora.ts';
import { scoresFitAtOnce } from '../model/attention/blocked-attention.ts';
import type { AttentionShape } from '../model/attention/grouped-heads.ts';
import type { BlockLinears } from '../model/config.ts';
import { type JoinedLinear, outputsOf, ranksOf } from '../model/layers/linear.ts';
import { linearsInBlock } from '../model/parameters/parameter-table.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import { currentEngine } from '../tensor/engine.ts';
import { chunkElements } from './loss/vocabulary-loss.ts';
import type { TrainableDecoder } from './step.ts';

/** The largest micro-batch of a run, padding counted. */
export interface BatchShape {
  readonly rows: number;
  readonly length: number;
}

/** What a run needs at its peak, in bytes. */
export interface MemoryEstimate {
  /** The process before the first step, with the model in it. */
  readonly process: number;
  /** Gradient and both moments of what is trained. */
  readonly optimizer: number;
  /** What the blocks keep between the way there and the way back. */
  readonly activations: number;
  /** The largest of what comes and goes: logits, or the gradients inside a block. */
  readonly passing: number;
  readonly total: number;
}

/** What an allocator keeps beside what it was asked for, as measured: gaps between tensors of different sizes. */
const GAPS = 1.15;

const bytesOf = (precision: Precision): number => (precision === 'bf16' ? 2 : 4);

/**
 * The peak of a training step, from the sizes of what the layers keep; within a tenth of what is measured
 * (`estimate-memory.test.ts`).
 * @param processBytes resident memory now: engine and weights are in it
 */
export function estimateMemory(
  decoder: TrainableDecoder,
  { rows, length }: BatchShape,
  processBytes: number,
): MemoryEstimate {
  const { config, blocks, parameters, recompute } = decoder;
  const tokens = rows * length;
  const bytes = bytesOf(parameters.precision);
  const streamBytes = 4 * config.hiddenSize;
  const block = blocks[0] as BlockLinears;
  const perBlock = keptPerToken(decoder, block, { rows, length });
  const kept = recompute ? blocks.length * streamBytes + perBlock : blocks.length * perBlock;
  const largest = parameters.trainable.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), 0);
  // Where products of bfloat16 go through f32, what they multiply is there in both.
  const passingBytes = bytes === 2 && !currentEngine().bfloat16Products ? 6 : bytes;
  const logits = Math.min(tokens * config.vocabularySize, chunkElements()) * passingBytes;
  const passing = Math.max(
    logits + tokens * (2 * streamBytes + bytes * config.hiddenSize),
    tokens * (2 * streamBytes + passingBytes * (outputsOf(block.gateUp) + block.down.inputs + config.hiddenSize)) +
      (isDecomposed(block.gateUp) ? tokens * outputsOf(block.gateUp) * (bytes === 2 ? 6 : 4) : 0),
  );
  const gradient = largest * (bytes === 2 ? 6 : 4);
  const parts = {
    process: processBytes,
    optimizer: 12 * parameters.trainableSize,
    activations: GAPS * tokens * (kept + streamBytes),
    passing: GAPS * (passing + gradient),
  };
  return { ...parts, total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

/** Bytes a token that one block keeps: what attention, its projection and the activation read, A x, and the norms' x. */
function keptPerToken({ config, parameters }: TrainableDecoder, block: BlockLinears, batch: BatchShape): number {
  const bytes = bytesOf(parameters.precision);
  const ranks = linearsInBlock(block).reduce((sum, linear) => sum + ranksOf(linear), 0);
  const inputs = block.attentionOutput.inputs + ranks;
  // Scaled outputs, where no other layer keeps the same.
  const apart = (linear: JoinedLinear) => linear.bias || linear === block.attentionOutput || linear === block.down;
  const scaled = linearsInBlock(block).filter((linear) => isDecomposed(linear) && apart(linear));
  const outputs = [block.qkv, block.gateUp, ...scaled].reduce((sum, linear) => sum + outputsOf(linear), 0);
  const norms = 2 * 4 * (config.hiddenSize + 1);
  return bytes * (inputs + outputs) + norms + keptByAttention(config.blocks[0]?.attention as AttentionShape, batch);
}

/** Beside q, k and v: the softmax's sums where it is our kernel, else all that the plain one computes with. */
function keptByAttention(shape: AttentionShape, batch: BatchShape): number {
  const { heads, keyValueHeads, headSize } = shape;
  if (currentEngine().fusedKernels) return 4 * heads;
  const probabilities = scoresFitAtOnce(shape, batch) ? heads * batch.length : 0;
  return 4 * (2 * (heads + keyValueHeads) * headSize + probabilities);
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** @throws {UserError} `memory-exceeded` when a run would need more than there is, saying what to turn down. */
export function assertMemory({ total, optimizer, activations }: MemoryEstimate, availableBytes: number): void {
  if (total <= availableBytes) return;
  throw new UserError({
    code: 'memory-exceeded',
    problem: `Training would need about ${gigabytes(total)} of memory, and there are ${gigabytes(availableBytes)}.`,
    where: `${gigabytes(activations)} of it for the tokens of a batch, ${gigabytes(optimizer)} for the optimizer`,
    fix:
      activations > optimizer
        ? 'Turn down --batch-size (and up --gradient-accumulation) or --max-length, or give --recompute or --precision bf16.'
        : 'Train an adapter (--method lora), with fewer --lora-targets or a lower --lora-rank.',
  });
}
