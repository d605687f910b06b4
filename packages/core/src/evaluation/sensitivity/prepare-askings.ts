import { type GenerationRequest, requestMaker } from '../../generation/request.ts';
import { type PerturbationName, perturbationNames } from '../../perturbations/perturbations.ts';
import { type EvaluationSet, sampleRows } from '../evaluation-set.ts';
import { requestsFor } from '../predict.ts';
import { type Askings, type AskingTask, askAgain } from './ask-again.ts';

export interface AskingOptions {
  /** Ways of asking otherwise. Default: all. */
  readonly perturbations?: readonly PerturbationName[] | undefined;
  /** Decides what is changed of each row. Default 0. */
  readonly seed?: number | undefined;
  /** In place of the recipe's own. */
  readonly maxNewTokens?: number | undefined;
  /** Whether what the model writes for the rows' own prompts is, or will be, known from elsewhere. */
  readonly answered?: boolean | undefined;
}

/** Rows, and all that is to be asked of them, before anything is answered. */
export interface PreparedAskings<Row> {
  readonly set: EvaluationSet<Row>;
  readonly seed: number;
  /** The rows' own prompts; none where their answers are known. */
  readonly own: readonly GenerationRequest[];
  /** Of each way in which some row could be asked otherwise. */
  readonly perturbed: readonly (Askings & {
    readonly name: PerturbationName;
    readonly requests: readonly GenerationRequest[];
  })[];
}

/**
 * Every row in other ways that ask for the same.
 * @throws the reason of the task's signal once it is aborted
 */
export async function prepareAskings<Row>(
  heldOut: EvaluationSet<Row>,
  task: AskingTask<Row>,
  { perturbations = perturbationNames, seed = 0, maxNewTokens, answered = false }: AskingOptions = {},
): Promise<PreparedAskings<Row>> {
  const { recipe, tokenizer, training } = task;
  const set = sampleRows(heldOut, training);
  const requestFor = requestMaker(recipe, tokenizer, maxNewTokens);
  const perturbed: PreparedAskings<Row>['perturbed'][number][] = [];
  for (const name of perturbations) {
    const asked = await askAgain(name, set, task, seed);
    if (asked.askings.length === 0) continue;
    const requests = asked.askings.map(({ index, promptIds }) => requestFor(set.rows[index] as Row, promptIds));
    perturbed.push({ name, ...asked, requests });
  }
  const own = answered ? [] : requestsFor(set, { recipe, tokenizer, maxNewTokens });
  return { set, seed, own, perturbed };
}
