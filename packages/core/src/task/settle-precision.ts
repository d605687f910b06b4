import { openWeights } from '../checkpoint/open-weights.ts';
import { assertPrecision } from '../engine/assert-precision.ts';
import { measureProducts } from '../engine/measure.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import { currentEngine } from '../tensor/engine.ts';
import { type LargestBatches, modelFits } from './check-memory.ts';
import type { SettledTask, Task } from './open-task.ts';

interface Circumstances {
  /** The largest there will be: whether f32 fits. */
  readonly batches: LargestBatches;
  /** That are going to do the same at the same time. */
  readonly processes?: number;
  /** Where what f32 shows counts for more than speed. */
  readonly prefersF32?: boolean;
}

/**
 * Decides the precision `auto`, once the engine is open: f32 where every weight is trained; else bf16 where its products
 * are clearly faster on this machine, or where f32 does not fit into memory.
 * @throws {UserError} `engine-unavailable` when the engine cannot compute in the precision that was asked for
 */
export async function settlePrecision<Row>(task: Task<Row>, circumstances: Circumstances): Promise<SettledTask<Row>> {
  const { precision: asked } = task.training;
  const precision = asked === 'auto' ? await choose(task, circumstances) : asked;
  assertPrecision(precision);
  return { ...task, training: { ...task.training, precision } };
}

/** The same for a model that is used, of which no more is known than that a token goes through it. */
export async function settleForUse<Row>(task: Task<Row>): Promise<SettledTask<Row>> {
  const batches = { batch: { rows: 1, length: 1 }, evaluation: undefined };
  return settlePrecision(task, { batches, prefersF32: await isStoredInF32(task) });
}

async function choose<Row>(
  task: Task<Row>,
  { batches, processes = 1, prefersF32 = false }: Circumstances,
): Promise<Precision> {
  if (task.training.method === 'full' || !currentEngine().fusedKernels) return 'f32';
  const wanted = prefersF32 ? 'f32' : (await measureProducts()).faster;
  if (wanted === 'bf16') return wanted;
  const inF32: SettledTask<Row> = { ...task, training: { ...task.training, precision: 'f32' } };
  return (await modelFits(inF32, batches, processes)) ? 'f32' : 'bf16';
}

/**
 * Whether a model is used as it was trained: without an adapter, and stored in f32, as training every weight leaves it.
 * Rounded, it would be another one than the one that was evaluated.
 */
async function isStoredInF32<Row>({ modelFolder, adapter }: Task<Row>): Promise<boolean> {
  if (adapter) return false;
  const weights = await openWeights(modelFolder);
  await weights.close();
  const matrices = [...weights.tensors.values()].filter(({ shape }) => shape.length === 2);
  return matrices.every(({ dtype }) => dtype === 'F32');
}
