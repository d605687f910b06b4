import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { scalarsOf } from '../scalars.ts';
import { settingsOf } from '../settings.ts';
import type { TrackedRun, Tracker } from '../tracker.ts';
import { type MlflowClient, type MlflowMetric, mlflowClient } from './client.ts';

export interface MlflowOptions {
  /** Of the tracking server: `http://localhost:5000`. */
  readonly uri: string;
  /** Made where there is none (default: counterweight). */
  readonly experiment?: string | undefined;
  /** Default: the name of the run folder. */
  readonly runName?: string | undefined;
}

/** Which run of which server a run folder is. */
const RECORD = 'mlflow.json';

/** Metrics are sent together, this often; and so many at most, which is the server's limit. */
const EVERY_MS = 2_000;
const BATCH = 1_000;
const PARAMS = 100;

const STATUS = { finished: 'FINISHED', stopped: 'KILLED', failed: 'FAILED' } as const;

/**
 * A run of an MLflow tracking server: settings as parameters, numbers of steps and evaluations as metrics, how it ended. A
 * run that is resumed goes on in the same run there, without a step twice. Speaks to the server's REST API; of rows it
 * is told files' names and hashes. Access: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.
 * @throws {UserError} `option-invalid` where `uri` is no address
 * @example
 * ```ts
 * import { fineTune, mlflow, plain } from '@counterweight/core';
 *
 * const trackers = [mlflow({ uri: 'http://localhost:5000', experiment: 'support' })];
 * await fineTune({ recipe: plain(), model: 'org/name', data: 'rows.jsonl', output: 'runs/first', trackers });
 * ```
 */
export function mlflow({ uri, experiment = 'counterweight', runName }: MlflowOptions): Tracker {
  assertAddress(uri);
  const client = mlflowClient(uri);
  let metrics: ReturnType<typeof sender> | undefined;
  let runId = '';
  return {
    name: 'MLflow',
    async begin(run) {
      const known = await findRun(client, run.folder);
      runId = known?.runId ?? (await createRun(client, run, { experiment, runName }));
      if (known) await client.update({ run_id: runId, status: 'RUNNING' });
      metrics = sender(client, runId, known?.metrics ?? []);
    },
    async onEvent(event) {
      const scalars = scalarsOf(event);
      if (scalars) await metrics?.add(scalars.step, scalars.values);
    },
    async end(end) {
      await metrics?.send();
      if (end.status === 'finished') await client.setTag(runId, 'counterweight.resultStep', String(end.resultStep));
      await client.update({ run_id: runId, status: STATUS[end.status], end_time: Date.now() });
    },
  };
}

function assertAddress(uri: string): void {
  if (/^https?:/.test(uri) && URL.canParse(uri)) return;
  throw new UserError({
    code: 'option-invalid',
    problem: `"${uri}" is not the address of an MLflow server.`,
    where: 'option mlflow',
    fix: 'Give the address that mlflow server prints, such as http://localhost:5000.',
  });
}

/** The run that an earlier part of this run was recorded in, as far as the server still has it. */
async function findRun(
  client: MlflowClient,
  folder: string,
): Promise<{ runId: string; metrics: MlflowMetric[] } | undefined> {
  const text = await readFile(join(folder, RECORD), 'utf8').catch(() => '{}');
  const { uri, runId } = JSON.parse(text) as { uri?: string; runId?: string };
  if (uri !== client.address || runId === undefined) return undefined;
  const metrics = await client.newestMetrics(runId);
  return metrics && { runId, metrics };
}

async function createRun(
  client: MlflowClient,
  { folder, description }: TrackedRun,
  { experiment, runName = basename(folder) }: { experiment: string; runName: string | undefined },
): Promise<string> {
  const settings = Object.entries(settingsOf(description)).filter(([, value]) => value !== '');
  const params = settings.map(([name, value]) => ({ key: named(name), value: String(value) }));
  const runId = await client.createRun({
    experiment_id: await client.experiment(experiment),
    run_name: runName,
    start_time: Date.now(),
    tags: [
      { key: 'mlflow.source.name', value: 'counterweight' },
      { key: 'mlflow.source.type', value: 'LOCAL' },
      { key: 'counterweight.folder', value: basename(folder) },
    ],
  });
  const record = { uri: client.address, runId };
  await writeFile(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
  for (let from = 0; from < params.length; from += PARAMS) {
    await client.logBatch({ run_id: runId, params: params.slice(from, from + PARAMS) });
  }
  return runId;
}

/** Collects metrics and sends them together; what could not be sent is sent with the next ones. */
function sender(client: MlflowClient, run_id: string, known: readonly MlflowMetric[]) {
  const newest = new Map(known.map(({ key, step }) => [key, Number(step)]));
  let waiting: MlflowMetric[] = [];
  let sent = Date.now();
  const send = async () => {
    sent = Date.now();
    while (waiting.length > 0) {
      await client.logBatch({ run_id, metrics: waiting.slice(0, BATCH) });
      waiting = waiting.slice(BATCH);
    }
  };
  return {
    send,
    async add(step: number, values: Readonly<Record<string, number>>) {
      for (const [name, value] of Object.entries(values)) {
        const key = named(name);
        // A run that is resumed makes steps again, to the same bytes.
        if (step > (newest.get(key) ?? -1)) waiting.push({ key, value, timestamp: Date.now(), step });
      }
      if (Date.now() - sent >= EVERY_MS) await send();
    },
  };
}

/** MLflow takes letters, digits and `_-./: ` in names. */
const named = (name: string): string => name.replace(/[^\w\-./: ]/g, '_');
