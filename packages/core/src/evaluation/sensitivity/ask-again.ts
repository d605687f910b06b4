import { breather } from '../../abort.ts';
import { UserError } from '../../errors.ts';
import { type PerturbationName, perturbations } from '../../perturbations/perturbations.ts';
import { createRandom } from '../../random.ts';
import { randomBits } from '../../random-bits.ts';
import { withOwnFreedom, withoutFreedom } from '../../recipe/freedom.ts';
import { settingsOf } from '../../recipe/settings-of.ts';
import type { Task } from '../../task/open-task.ts';
import { tokenizePrompt } from '../../tokenization/tokenize-example.ts';
import { turnsToLearn } from '../../tokenization/turns-to-learn.ts';
import type { EvaluationSet } from '../evaluation-set.ts';

/** What of a task decides how its rows are asked. */
export type AskingTask<Row> = Pick<Task<Row>, 'recipe' | 'tokenizer' | 'chat' | 'maxLengthOf' | 'training' | 'signal'>;

/** A row asked otherwise. */
export interface Asking {
  readonly perturbation: PerturbationName;
  /** The row's place in its set. */
  readonly index: number;
  readonly promptIds: readonly number[];
  readonly change: string;
}

export interface Askings {
  readonly askings: readonly Asking[];
  /** Rows that would not fit. */
  readonly tooLong: number;
}

/**
 * Every row asked in this way, where that can be done. What is changed is decided by seed, perturbation and the row's
 * number alone, so that a part of the rows is asked as all of them are.
 */
export async function askAgain<Row>(
  perturbation: PerturbationName,
  { rows, examples, numbers }: EvaluationSet<Row>,
  task: AskingTask<Row>,
  seed: number,
): Promise<Askings> {
  const breathe = breather(task.signal);
  const bits = randomBits(seed, perturbation);
  const askings: Asking[] = [];
  let tooLong = 0;
  for (const [index, row] of rows.entries()) {
    await breathe();
    const number = numbers?.[index] ?? index + 1;
    const words = withOwnFreedom(task.recipe.render(row));
    const perturbed = perturbations[perturbation](words, createRandom(seed, bits(number)));
    // Parts that are cut off would be others: the same is asked only where all of them are read.
    if (!perturbed || (perturbation === 'order' && (examples.at(index)?.cutTokens ?? 0) > 0)) continue;
    const promptIds = promptOf(row, perturbed.example, { task, where: `row ${number}` });
    if (promptIds) askings.push({ perturbation, index, promptIds, change: perturbed.change });
    else tooLong++;
  }
  return { askings, tooLong };
}

/** The ids of a prompt as the row's own were made; undefined where it does not fit the length. */
function promptOf<Row>(
  row: Row,
  example: ReturnType<AskingTask<Row>['recipe']['render']>,
  { task, where }: { readonly task: AskingTask<Row>; readonly where: string },
): number[] | undefined {
  const { recipe, tokenizer, chat, training, maxLengthOf } = task;
  const settings = settingsOf(recipe, row);
  const words = withoutFreedom(example);
  try {
    return tokenizePrompt(turnsToLearn(words, training.trainOn), {
      tokenizer,
      chat,
      layout: settings.layout,
      maxLength: maxLengthOf(settings),
      maxNewTokens: settings.defaults.maxNewTokens,
      // A prompt in which nothing may be cut has all the room there is, as the row's own had.
      newTokens: 1,
      where,
    }).ids;
  } catch (error) {
    if (error instanceof UserError && error.code === 'example-too-long') return undefined;
    throw error;
  }
}
