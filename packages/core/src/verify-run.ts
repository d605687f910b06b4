import type { EngineChoice } from './engine/open-engine.ts';
import type { EvaluationProgress } from './evaluation/evaluation.ts';
import { assertNames, assertPath, type NamesOf } from './task/assert-task-options.ts';
import { type CheckHooks, makeChecks, type Verification } from './verify/check.ts';
import { RUN_CHECKS } from './verify/run-checks/index.ts';
import { type FindRecipe, openRunSubject } from './verify/run-subject.ts';

export interface VerifyRunOptions extends CheckHooks {
  /** The run folder. */
  readonly run: string;
  /** The recipe's module where run.json does not name a package: a path, as for `resolveRecipe`. */
  readonly recipe?: string | undefined;
  /** How the recipe is found. Default: `resolveRecipe` from the working directory. */
  readonly findRecipe?: FindRecipe | undefined;
  /** Default: the run's own, on which an evaluation comes out the same to the bit. */
  readonly engine?: EngineChoice | undefined;
  /** How far the evaluation is that is repeated. */
  readonly onEvaluation?: EvaluationProgress | undefined;
}

const NAMES: NamesOf<VerifyRunOptions> = {
  run: true,
  recipe: true,
  findRecipe: true,
  engine: true,
  signal: true,
  onEvaluation: true,
  onProgress: true,
  onCheck: true,
};

/**
 * Whether a finished run still is what it says: rows, model, tokenizer and recipe are those it was made from, the result
 * is the one that it saved, its logs and checkpoints are whole, and its last evaluation comes out the same once more.
 * Nothing is written.
 * @throws {UserError} where there is no run, or one that has not come to its end
 * @throws the reason of the signal once it is aborted
 * @example
 * ```ts
 * import { verifyRun } from '@counterweight/core';
 *
 * const { pass, checks } = await verifyRun({ run: 'runs/first' });
 * for (const { name, pass, found } of checks) console.log(name, pass, found);
 * ```
 */
export async function verifyRun(options: VerifyRunOptions): Promise<Verification> {
  assertNames(options, NAMES);
  assertPath('run', options?.run, 'Give the run folder that train wrote, such as runs/first.');
  return makeChecks(RUN_CHECKS, await openRunSubject(options), options);
}
