import { openEngine } from '../../engine/open-engine.ts';
import { assertEvaluable, evaluateDecoder } from '../../evaluation/evaluate-decoder.ts';
import type { Evaluation } from '../../evaluation/evaluation.ts';
import { openTrainable } from '../../run/prepare-run.ts';
import { resultFolders } from '../../run/save-result.ts';
import { settlePrecision } from '../../task/settle-precision.ts';
import type { EngineName } from '../../tensor/engine.ts';
import { firstLine, openHeldOut } from '../open-held-out.ts';
import type { RunSubject } from '../run-subject.ts';

/** The evaluation of a run's result once more, from the files that run.json names; or why that cannot be. */
export async function repeatEvaluation(subject: RunSubject): Promise<Evaluation | { readonly skipped: string }> {
  const { run, description, engine, onEvaluation } = subject;
  const heldOut = await openHeldOut(subject);
  if ('skipped' in heldOut) return heldOut;
  await openEngine(engine ?? (description.engine.name as EngineName));
  const evaluation = await assertEvaluable(heldOut.task, heldOut.set).catch((error: Error) => error);
  if (evaluation instanceof Error) return { skipped: firstLine(evaluation) };
  const task = await settlePrecision(heldOut.task, { batches: { batch: { rows: 1, length: 1 }, evaluation } });
  const { decoder } = await openTrainable({ task }, resultFolders(run));
  try {
    return (await evaluateDecoder(decoder, heldOut.set, { ...task, onProgress: onEvaluation })).evaluation;
  } finally {
    decoder.parameters.dispose();
  }
}
