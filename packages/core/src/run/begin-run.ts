import { breather } from '../abort.ts';
import { restoreNewest } from '../checkpoint/checkpoints.ts';
import { checkMemory } from '../task/check-memory.ts';
import { countDropped } from '../tokenization/receipt.ts';
import { type ParameterSums, sumParameters } from '../training/changes.ts';
import type { LoopState } from '../training/loop.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { logBegin } from './history.ts';
import type { PreparedRun } from './prepare-run.ts';
import { beginRun, checkpointsIn } from './run-folder.ts';
import { openRunLog, type RunLog, resetLogs } from './run-log.ts';
import { assertRoom, reportUnwritten } from './save-result.ts';
import { writeShownExamples } from './shown-examples.ts';

/** What the first worker, or the only one, begins with. */
export interface BegunByFirst {
  readonly restored: LoopState | undefined;
  readonly log: RunLog;
  /** The parameters as they were before the first step of all, also of a run that is resumed. */
  readonly untrained: ParameterSums;
  /** The same themselves, of an adapter. */
  readonly initial: Float32Array | undefined;
}

/** @returns with `restored`, the whole state of a checkpoint, where the run goes on with one */
export async function beginFirst<Row>(run: PreparedRun<Row>, decoder: TrainableDecoder): Promise<BegunByFirst> {
  const { options, folder, data, plan, description } = run;
  const { onEvent } = options;
  const { parameters } = decoder;
  const memory = checkMemory(decoder, run.largest);
  await assertRoom(folder.path, 4 * parameters.trainableSize);
  const untrained = await sumParameters(parameters, breather(run.task.signal));
  const isKept = run.task.training.method === 'lora' && options.measureForgetting !== 'never';
  const initial = isKept ? (await parameters.vector.data<'float32'>()).slice() : undefined;
  const restored = options.resume
    ? await restoreNewest(checkpointsIn(folder.path), parameters, {
        lastStep: plan.steps,
        keep: run.task.training.keepCheckpoints,
        onSkipped: (damaged, { problem }) =>
          onEvent?.({ type: 'checkpoint-skipped', folder: damaged, message: problem }),
      })
    : undefined;
  if (restored) {
    for (const file of await resetLogs(folder.path, restored.folder)) onEvent?.({ type: 'log-restored', file });
  } else {
    await beginRun(folder.path, description);
    await writeShownExamples(folder.path, run).catch((error) => reportUnwritten(error, folder.path, onEvent));
  }
  await logBegin(folder.path, { step: restored?.state.step ?? 0, command: options.command });
  const log = await openRunLog(folder.path, (error) => reportUnwritten(error, folder.path, onEvent));
  const invalid = data.receipt.dropped.filter(({ reason }) => reason === 'invalid');
  onEvent?.({
    type: 'start',
    steps: plan.steps,
    examples: data.examples.length,
    generationRatio: data.receipt.generationRatio,
    dropped: countDropped(data.receipt.dropped),
    unused: data.receipt.unused,
    trainableParameters: parameters.trainableSize,
    precision: run.task.training.precision,
    memory,
    duplicates: data.duplicates,
    ...(invalid.length > 0 && { invalid }),
    ...(data.receipt.evaluationDropped && { evaluationDropped: data.receipt.evaluationDropped }),
    ...(data.receipt.notes && { notes: data.receipt.notes }),
    ...(description.model.blocks && { blocks: description.model.blocks }),
  });
  return { restored: restored?.state, log, untrained, initial };
}
