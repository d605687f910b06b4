import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ADAPTER_CONFIG } from './checkpoint/adapter/read-adapter-config.ts';
import { UserError } from './errors.ts';
import { exportModel } from './export-model.ts';
import { writeFileDurably } from './files/durable.ts';
import { explainWriteError } from './files/write-error.ts';
import { type Pushed, type PushProgress, pushFiles } from './hub/push-files.ts';
import { describeBaseModel } from './model-card/base-model.ts';
import type { CardSubject } from './model-card/card-subject.ts';
import { modelCard } from './model-card/model-card.ts';
import { type RunRecord, readRunRecord } from './report/run-record.ts';
import { readResultRecord } from './run/result-record.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';

export const pushedParts = ['adapter', 'merged'] as const;

export interface ModelCardOptions {
  /** A run folder. */
  readonly run: string;
  /** `org/name`, as the card's examples name it (default: the name of the run folder). */
  readonly to?: string | undefined;
  /** `adapter`, the default of a LoRA run: the adapter alone; `merged`: the whole model, with the adapter in it. */
  readonly what?: (typeof pushedParts)[number] | undefined;
  /** The base model on the hub, where the run began with a folder. */
  readonly baseModel?: string | undefined;
  /** Of what is published, as the hub names licences; default: the base model's, where it says one. */
  readonly license?: string | undefined;
  /** Data sets on the hub that the rows are from: `org/name`. */
  readonly datasets?: readonly string[] | undefined;
  /** Show outputs for held-out rows, with the rows' own words (default: no). */
  readonly samples?: boolean | undefined;
  /** Heard while files are read, written and sent. */
  readonly signal?: AbortSignal | undefined;
}

export interface PushOptions extends ModelCardOptions {
  readonly to: string;
  /** A repository that is made for it is private; one that is there and is public is refused. */
  readonly private?: boolean | undefined;
  readonly onProgress?: ((progress: PushProgress) => void) | undefined;
}

export interface PushResult extends Pushed {
  /** By their names in the repository. */
  readonly files: readonly string[];
}

const CARD_NAMES = {
  run: true,
  to: true,
  what: true,
  baseModel: true,
  license: true,
  datasets: true,
  samples: true,
  signal: true,
} as const satisfies NamesOf<ModelCardOptions>;
const NAMES: NamesOf<PushOptions> = { ...CARD_NAMES, private: true, onProgress: true };

const CARD = 'README.md';

/**
 * Writes a model card made from a run: what it was trained on, how much the prompt counted, metrics with intervals, the
 * licence of the base model where that says one. Rows' words stay out of it unless `samples` asks for them.
 * @returns the card, in Markdown with YAML front matter
 * @throws {UserError} where there is no such run, or the file cannot be written
 * @example
 * ```ts
 * import { writeModelCard } from '@counterweight/core';
 *
 * await writeModelCard({ run: 'runs/first', to: 'org/name', output: 'README.md' });
 * ```
 */
export async function writeModelCard({
  output,
  ...options
}: ModelCardOptions & { readonly output?: string | undefined }): Promise<string> {
  assertNames(options, CARD_NAMES);
  const record = await readRunRecord(options.run);
  const card = modelCard(record, await subjectOf(record, options));
  if (output !== undefined) {
    await writeFileDurably(resolve(output), card).catch((error: unknown) => {
      throw explainWriteError(error, resolve(output), 'file for the card');
    });
  }
  return card;
}

/**
 * Puts the result of a run on the Hugging Face hub, with a model card: one commit in a repository that is made where there
 * is none. As HF_TOKEN, or whoever signed in with `hf auth login`; to HF_ENDPOINT.
 * @throws {UserError} `hub-refused` where the hub does not take it; and for a run without a result, or one that was changed
 * @example
 * ```ts
 * import { pushToHub } from '@counterweight/core';
 *
 * const { url, commit } = await pushToHub({ run: 'runs/first', to: 'org/name', private: true });
 * console.log(url, commit);
 * ```
 */
export async function pushToHub(options: PushOptions): Promise<PushResult> {
  assertNames(options, NAMES);
  const { run, to, signal, onProgress, private: isPrivate = false } = options;
  if (!/^[\w-][\w.-]*\/[\w.-]+$/.test(to))
    throw invalid(`"${to}" is no name on the hub.`, 'option to', 'Give org/name.');
  const record = await readRunRecord(run);
  await assertResult(run, signal);
  const subject = await subjectOf(record, options);
  const card = { [CARD]: { text: modelCard(record, subject) } };
  const push = async (folder: string, changed: Readonly<Record<string, { text: string }>>) => {
    const names = await filesIn(folder);
    const kept = names.map((name) => [name, { path: join(folder, name) }] as const);
    const files = { ...Object.fromEntries(kept), ...changed, ...card };
    const title = `${record.name}: ${subject.what === 'adapter' ? 'an adapter' : 'a model'} of ${record.description.steps} steps`;
    const pushed = await pushFiles({ id: to, private: isPrivate, title, files, onProgress, signal });
    return { ...pushed, files: Object.keys(files).sort() };
  };
  if (subject.what === 'merged') return withMerged(options, (folder) => push(folder, {}));
  const folder = join(run, 'adapter');
  return push(folder, { [ADAPTER_CONFIG]: { text: await namingBase(folder, subject) } });
}

async function subjectOf(record: RunRecord, options: ModelCardOptions): Promise<CardSubject> {
  const { to, baseModel, license, datasets = [], samples = false, signal } = options;
  const isLora = record.description.training.method === 'lora';
  const { what = isLora ? 'adapter' : 'merged' } = options;
  if (what === 'adapter' && !isLora) {
    throw invalid(
      'This run has trained every weight: there is no adapter.',
      'option what',
      'Choose merged, or leave it out.',
    );
  }
  const base = await describeBaseModel(record.description, { given: baseModel, signal });
  return {
    id: to ?? record.name,
    what,
    base,
    license: license === undefined ? undefined : { id: license },
    datasets,
    samples,
  };
}

async function assertResult(run: string, signal: AbortSignal | undefined): Promise<void> {
  if (await readResultRecord(run, signal)) return;
  throw new UserError({
    code: 'model-invalid',
    problem: 'This run has no result yet: it was stopped before its end.',
    where: run,
    fix: 'Go on with it: the same train command with --resume.',
  });
}

/** The adapter's config with its base as others find it: a folder of this machine says nothing to them. */
async function namingBase(folder: string, { base }: CardSubject): Promise<string> {
  if (base.id === undefined) {
    const problem = 'An adapter is of use to nobody who does not know its base, and this run began with a folder.';
    throw invalid(problem, 'option baseModel', 'Say which model on the hub that is: --base-model org/name.');
  }
  const config = JSON.parse(await readFile(join(folder, ADAPTER_CONFIG), 'utf8')) as object;
  return `${JSON.stringify({ ...config, base_model_name_or_path: base.id }, null, 2)}\n`;
}

/** Merged beside the run, for as long as it is sent. */
async function withMerged<Result>(
  { run, signal }: PushOptions,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const aside = await mkdtemp(join(resolve(run), '.push-'));
  try {
    const output = join(aside, 'merged');
    await exportModel({ run, to: 'merged', output, signal });
    return await use(output);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => relative(folder, file).replaceAll('\\', '/')).sort();
}

const invalid = (problem: string, where: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where, fix });
