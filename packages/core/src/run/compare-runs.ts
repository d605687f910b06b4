import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { RUN } from './claim-run-folder.ts';
import type { FileHash, RunDescription } from './describe-run.ts';
import { parseRunDescription } from './run-folder.ts';

type Json = Readonly<Record<string, unknown>>;

/** Options of training that change nothing of what was computed: a run that diverged may be resumed to skip the step. */
export const FREE: ReadonlySet<string> = new Set([
  'onNonFinite',
  'cache',
  'checkpointEvery',
  'keepCheckpoints',
  'saveWaitSeconds',
]);
/** When there is an evaluation, and of what. */
const EVALUATIONS = new Set([
  ...['evaluateEvery', 'evaluateAtStart', 'maxEvalRows', 'evaluateLossesOnly'],
  ...['bestMetric', 'minDelta', 'plateauFactor'],
]);
/** Options by which evaluations decide how training goes on; without any of them those above are free too. */
const DECIDING = ['earlyStoppingPatience', 'plateauPatience'];

/** What run.json says of the run in a folder. @throws {UserError} `file-malformed` when it is damaged */
export async function readDescription(run: string): Promise<Json> {
  const file = join(run, RUN);
  return parseRunDescription(await readFile(file, 'utf8'), file);
}

/**
 * Options for a run to go on with: what they leave to the day and to the machine is as it was when it began, the day that
 * its templates are told and its precision.
 */
export async function keptFrom(run: string, options: TrainingOptionsInput = {}): Promise<TrainingOptionsInput> {
  return existsSync(join(run, RUN)) ? keptOf(await readDescription(run), options) : options;
}

/** The same, of a run that is described. */
export function keptOf(description: Json, options: TrainingOptionsInput = {}): TrainingOptionsInput {
  const { templateDate, precision } = part(description, 'training');
  const isOpen = options.precision === undefined || options.precision === 'auto';
  return {
    ...(typeof templateDate === 'string' && { templateDate }),
    ...options,
    ...(isOpen && (precision === 'f32' || precision === 'bf16') && { precision }),
  };
}

/**
 * A resumed run must be the run that was interrupted: the same options, split, steps, engine, rows, model and tokenizer.
 * @throws {UserError} `option-invalid` naming every option and file that differs, and how
 */
export async function assertSameRun(run: string, description: RunDescription): Promise<void> {
  const differences = differencesBetween(await readDescription(run), asJson(description), 'the run was started with');
  if (differences.length === 0) return;
  throw new UserError({
    code: 'option-invalid',
    problem: `The run in this folder is another one: ${listed(differences)}.`,
    where: join(run, RUN),
    fix: 'Resume with the options, rows and model the run was started with, or choose another --output.',
  });
}

/** As run.json has it: what is undefined is absent. */
export const asJson = (description: RunDescription): Json => JSON.parse(JSON.stringify(description)) as Json;

/** What the first worker's run and another's are made of that differs, in words; undefined where they are one. */
export function differenceAmongWorkers(first: Json, own: Json): string | undefined {
  const differences = differencesBetween(first, own, 'the first worker has');
  return differences.length > 0 ? listed(differences) : undefined;
}

/** Differences named, at most: a run of another recipe differs in everything. */
const NAMED = 8;

const listed = (differences: readonly string[]): string =>
  [
    ...differences.slice(0, NAMED),
    ...(differences.length > NAMED ? [`and ${differences.length - NAMED} more differences`] : []),
  ].join('; ');

/** Causes first; what only follows from them is said where no cause was found. */
function differencesBetween(before: Json, now: Json, said: string): string[] {
  const fields = (kind: string, then: Json, today: Json) => changedFields(kind, then, today, said);
  const causes = [
    ...fields('recipe', pick(part(before, 'recipe'), ['name']), pick(part(now, 'recipe'), ['name'])),
    ...fields('recipe option', part(part(before, 'recipe'), 'options'), part(part(now, 'recipe'), 'options')),
    ...fields('recipe module', part(part(before, 'recipe'), 'source'), part(part(now, 'recipe'), 'source')),
    ...fields('option', compared(part(before, 'training')), compared(part(now, 'training'))),
    ...fields('option', pick(before, ['evalSplit']), pick(now, ['evalSplit'])),
    ...fields('engine', pick(part(before, 'engine'), ['name']), pick(part(now, 'engine'), ['name'])),
    ...['data', 'evalData', 'model', 'adapter', 'tokenizer'].flatMap((kind) =>
      files(kind, filesIn(before, kind), filesIn(now, kind)),
    ),
  ];
  if (causes.length > 0) return causes;
  return [
    ...fields('receipt of the rows', part(before, 'receipt'), part(now, 'receipt')),
    ...fields('run', pick(before, ['steps', 'examples']), pick(now, ['steps', 'examples'])),
  ].map((difference) => `${difference} (the code of the recipe, or how rows are read, has changed)`);
}

const part = (of: Json, name: string): Json => {
  const value = of[name];
  return typeof value === 'object' && value !== null ? (value as Json) : {};
};

const pick = (from: Json, names: readonly string[]): Json =>
  Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));

function compared(training: Json): Json {
  const evaluationsDecide = DECIDING.some((name) => training[name] !== undefined) || training.keep === 'best';
  const isFree = (name: string) => FREE.has(name) || (EVALUATIONS.has(name) && !evaluationsDecide);
  return Object.fromEntries(Object.entries(training).filter(([name]) => !isFree(name)));
}

function changedFields(kind: string, before: Json, now: Json, said: string): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], now[name]));
  return changed.map((name) => `${kind} ${name}: ${said} ${shown(before[name])}, now ${shown(now[name])}`);
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const KINDS: Readonly<Record<string, string>> = { data: 'rows', evalData: 'rows to evaluate on' };

const filesIn = (description: Json, kind: string): readonly FileHash[] => {
  const list = part(description, 'inputs')[kind];
  return Array.isArray(list) ? (list as FileHash[]) : [];
};

function files(kind: string, before: readonly FileHash[], now: readonly FileHash[]): string[] {
  if (isDeepStrictEqual(hashesOf(before), hashesOf(now))) return [];
  const name = KINDS[kind] ?? kind;
  const changed = before.flatMap(({ file, sha256 }) => {
    const other = now.find((candidate) => candidate.file === file);
    if (other === undefined) return [`${name}: ${file} is missing`];
    return other.sha256 === sha256 ? [] : [`${name}: ${file} has changed`];
  });
  const added = now.filter(({ file }) => !before.some((known) => known.file === file));
  const all = [...changed, ...added.map(({ file }) => `${name}: ${file} is new`)];
  return all.length > 0 ? all : [`${name}: the files come in another order`];
}

/** Files may have been moved, or renamed. */
const hashesOf = (files: readonly FileHash[]): string[] => files.map(({ sha256 }) => sha256);
