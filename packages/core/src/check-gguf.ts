import { existsSync } from 'node:fs';
import { UserError } from './errors.ts';
import { pickRows } from './evaluation/evaluation-set.ts';
import { type GeneratedPrediction, predict } from './evaluation/predict.ts';
import { resultFolders } from './run/save-result.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { openModel } from './task/open-model.ts';
import { openTask, type Task } from './task/open-task.ts';
import type { EngineName } from './tensor/engine.ts';
import { stopIdsOf } from './tokenizer/stop-ids.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import { type AnswerVerdict, compareAnswers } from './verify/llama-cpp/compare-answers.ts';
import { type LlamaServer, startLlamaServer } from './verify/llama-cpp/llama-server.ts';
import { type HeldOut, openHeldOut } from './verify/open-held-out.ts';
import { type FindRecipe, openRunSubject, type RunSubject } from './verify/run-subject.ts';

export interface CheckGgufOptions {
  /** The run folder that the file was exported from. */
  readonly run: string;
  /** The GGUF file. */
  readonly file: string;
  /** llama.cpp's server: a name on the PATH, or a path (default: `llama-server`). */
  readonly llamaServer?: string | undefined;
  /** Of the rows that the run held out, so many of the first (default: 8). */
  readonly rows?: number | undefined;
  /** The recipe's module where run.json does not name a package: a path, as for `resolveRecipe`. */
  readonly recipe?: string | undefined;
  /** How the recipe is found. Default: `resolveRecipe` from the working directory. */
  readonly findRecipe?: FindRecipe | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A held-out row's answer here and in llama.cpp. */
export interface CheckedAnswer {
  /** Number of the row among those held out, from 1. */
  readonly row: number;
  readonly prompt: string;
  readonly ours: string;
  readonly theirs: string;
  /** `other-prompt`: to the tokens of the prompt it gives our answer, but it cuts the prompt's text into other ones. */
  readonly verdict: AnswerVerdict | 'other-prompt';
}

export interface GgufCheck {
  /** All answers are the same, or part at a near tie. */
  readonly pass: boolean;
  readonly answers: readonly CheckedAnswer[];
}

const NAMES: NamesOf<CheckGgufOptions> = {
  run: true,
  file: true,
  llamaServer: true,
  rows: true,
  recipe: true,
  findRecipe: true,
  signal: true,
};

const ROWS = 8;
/** Tokens more than ours has, so that an answer that goes on is seen to. */
const MORE = 8;

/**
 * Whether llama.cpp, with a GGUF file that a run was exported to, gives the run's own greedy answers to held-out rows, and
 * stops where they stop. It is asked as people ask it, in text.
 * @throws {UserError} `file-not-found` without llama-server; where the run held nothing out, or its answers are chosen out
 * of a set, which llama.cpp knows nothing of
 * @example
 * ```ts
 * import { checkGguf, exportModel } from '@counterweight/core';
 *
 * const { output } = await exportModel({ run: 'runs/first', to: 'gguf' });
 * const { pass, answers } = await checkGguf({ run: 'runs/first', file: output });
 * if (!pass) console.log(answers.filter(({ verdict }) => verdict !== 'same'));
 * ```
 */
export async function checkGguf(options: CheckGgufOptions): Promise<GgufCheck> {
  assertNames(options, NAMES);
  const { file, llamaServer = 'llama-server', rows = ROWS, signal } = options;
  const subject = await openRunSubject(options);
  const heldOut = await openHeldOut(subject);
  if ('skipped' in heldOut) throw nothingToCompare(subject.run, heldOut.skipped);
  const { recipe } = heldOut.task;
  if (recipe.answers || recipe.mixture) {
    throw nothingToCompare(subject.run, 'its recipe chooses answers out of a set, or mixes recipes that may');
  }
  const { contextLength } = heldOut.task.config;
  // First, so that a program that is not there is said at once.
  const server = await startLlamaServer(file, { program: llamaServer, contextLength, signal });
  try {
    const { predictions, tokenizer } = await answersHere(subject, heldOut, rows);
    const answers: CheckedAnswer[] = [];
    for (const prediction of predictions) {
      const { index, promptIds, text: ours } = prediction;
      const about = { row: heldOut.set.numbers?.[index] ?? index + 1, prompt: tokenizer.decode(promptIds), ours };
      answers.push({ ...about, ...(await askThere(server, prediction, { tokenizer, contextLength })) });
    }
    return { pass: answers.every(({ verdict }) => isOurs(verdict)), answers };
  } finally {
    await server.close();
  }
}

/** The first of the held-out rows, answered by the run's result as it would be evaluated. */
async function answersHere({ run, description, signal }: RunSubject, { task, set }: HeldOut, rows: number) {
  const { adapter, model } = resultFolders(run);
  const trained = existsSync(adapter) ? { model: description.model.folder, adapter } : { model };
  const { recipe, training } = task;
  const asked: Task<unknown> = await openTask({ recipe, ...trained, training: readAs(training), signal });
  const { decoder, dispose } = await openModel(asked, { engine: description.engine.name as EngineName });
  try {
    const first = Array.from({ length: Math.min(rows, set.rows.length) }, (_, i) => i);
    const { tokenizer } = asked;
    return { predictions: await predict(decoder, pickRows(set, first), { recipe, tokenizer, signal }), tokenizer };
  } finally {
    dispose();
  }
}

const readAs = ({ format, templateDate, precision, quantize, quantizeEmbeddings }: Task<unknown>['training']) => ({
  ...{ format, templateDate, precision, quantizeEmbeddings },
  ...(quantize && { quantize }),
});

const isOurs = (verdict: CheckedAnswer['verdict']) => verdict === 'same' || verdict === 'near-tie';

async function askThere(
  server: LlamaServer,
  { promptIds, text, cut }: Pick<GeneratedPrediction<unknown>, 'promptIds' | 'text' | 'cut'>,
  { tokenizer, contextLength }: { readonly tokenizer: Tokenizer; readonly contextLength: number },
): Promise<Pick<CheckedAnswer, 'theirs' | 'verdict'>> {
  const written = tokenizer.encode(text, 'continuation').length;
  const isEnd = (id: number) => stopIdsOf(tokenizer).includes(id);
  const answerTo = async (ids: readonly number[]) => {
    const room = Math.min(written + (cut ? 0 : MORE), contextLength - ids.length);
    const completion = await server.complete(ids, room);
    return { theirs: completion.content, verdict: compareAnswers({ text, cut }, completion, isEnd) };
  };
  const cutThere = await cutByServer(server, promptIds, tokenizer);
  const answer = await answerTo(cutThere);
  if (isOurs(answer.verdict) || cutThere.join(' ') === promptIds.join(' ')) return answer;
  return isOurs((await answerTo(promptIds)).verdict) ? { ...answer, verdict: 'other-prompt' } : answer;
}

/** The prompt's text in llama.cpp's tokens. What begins a text is there where the file says so, or the template writes it. */
async function cutByServer(server: LlamaServer, promptIds: readonly number[], tokenizer: Tokenizer): Promise<number[]> {
  const [first = -1, ...rest] = promptIds;
  const hasBegin = first === tokenizer.bosId;
  const ids = await server.tokenize(tokenizer.decode(hasBegin ? rest : promptIds, 'start', 'keep'));
  return hasBegin && ids[0] !== first ? [first, ...ids] : ids;
}

const nothingToCompare = (run: string, reason: string): UserError =>
  new UserError({
    code: 'option-invalid',
    problem: `There are no answers to compare with llama.cpp's: ${reason}.`,
    where: run,
    fix: 'Check a run with rows held out (train with --eval-split or --eval-data), or export without --check.',
  });
