import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSweep, runHolder } from '@counterweight/core';
import {
  formatMetric,
  headlinesOf,
  inWords,
  modelName,
  type RunSummary,
  readRunSummary,
} from '@counterweight/core/report';
import type { JobState, JobStatus } from '../jobs/job.ts';
import { hasProcess } from '../jobs/job-status.ts';
import { type Roots, shownPath } from './inside.ts';
import { listRuns, type RunEntry } from './list-runs.ts';

/** A run or sweep as a list shows it: its folder, the job that works at it, or both. */
export interface RunView {
  readonly kind: 'run' | 'sweep';
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  /** Milliseconds. */
  readonly began: number;
  /** `unfinished`: it has no result, and no job of ours is about it. */
  readonly status: JobStatus | 'unfinished';
  /** Undefined too where another process has gone on with its folder. */
  readonly job: JobState | undefined;
  /** `support on stories260k`; empty where that is not known yet. */
  readonly what: string;
  /** What it came to, in a few words. */
  readonly outcome: string;
}

/** Whatever lies in the folder and whatever is to come, the newest first. */
export async function describeRuns(roots: Roots, jobs: readonly JobState[]): Promise<RunView[]> {
  const entries = await listRuns(roots);
  const known = new Set(entries.map(({ path }) => path));
  // What is done and is no longer there was thrown away; what was removed is not shown.
  const coming = jobs.filter(
    ({ kind, output, status }) => kind !== 'export' && status !== 'done' && status !== 'removed' && !known.has(output),
  );
  const views = await Promise.all([
    ...coming.map((job): RunView => comingView(job, roots)),
    ...entries.map((entry) => viewOf(entry, jobs)),
  ]);
  return views.filter(({ job }) => job?.status !== 'removed').sort((a, b) => b.began - a.began);
}

const comingView = (job: JobState, roots: Roots): RunView => ({
  kind: job.kind === 'sweep' ? 'sweep' : 'run',
  path: job.output,
  name: shownPath(job.output, roots),
  began: Date.parse(job.createdAt),
  status: job.status,
  job,
  what: String(job.options.recipe ?? 'plain'),
  outcome: '',
});

async function viewOf(entry: RunEntry, jobs: readonly JobState[]): Promise<RunView> {
  const own = jobs.find(({ kind, output }) => output === entry.path && kind !== 'export');
  const isElsewhere = entry.kind === 'run' && !(own && hasProcess(own.status)) && (await isTrained(entry.path));
  // What was removed and came to an end all the same, on a terminal, is a run like others.
  const isBack = own?.status === 'removed' && existsSync(join(entry.path, 'result.json'));
  const job = isElsewhere || isBack ? undefined : own;
  const began = job ? Date.parse(job.createdAt) : entry.began;
  const view = { ...entry, began, job };
  try {
    const facts = entry.kind === 'run' ? await runFacts(entry.path, job) : await sweepFacts(entry.path, job);
    return { ...view, ...facts, ...(isElsewhere && { status: 'running' }) };
  } catch (error) {
    return { ...view, status: job?.status ?? 'unfinished', what: '', outcome: (error as Error).message };
  }
}

/** By a process that somebody has started on a terminal. */
const isTrained = async (run: string): Promise<boolean> => (await runHolder(run).catch(() => undefined)) !== undefined;

async function runFacts(
  path: string,
  job: JobState | undefined,
): Promise<Pick<RunView, 'status' | 'what' | 'outcome'>> {
  const summary = await readRunSummary(path);
  return {
    what: `${summary.description.recipe.name} on ${modelName(summary)}`,
    status: job?.status ?? (summary.result ? 'done' : 'unfinished'),
    outcome: outcomeOf(summary),
  };
}

/** The first headline metric, from where to where. */
function outcomeOf(summary: RunSummary): string {
  const [headline] = headlinesOf(summary);
  const name = headline?.name ?? 'completionLoss';
  const value = (one: RunSummary['evaluations'][number] | undefined) =>
    headline ? one?.evaluation.metrics[name] : (one?.evaluation.completionLoss ?? undefined);
  const [first, last] = [value(summary.evaluations[0]), value(summary.evaluations.at(-1))];
  if (last === undefined) return '';
  const from = first === undefined || summary.evaluations.length < 2 ? '' : `${formatMetric(first)} → `;
  return `${inWords(name)} ${from}${formatMetric(last)}`;
}

async function sweepFacts(
  path: string,
  job: JobState | undefined,
): Promise<Pick<RunView, 'status' | 'what' | 'outcome'>> {
  const { plan, done, failed, open } = await readSweep(path);
  const all = done.length + failed.length + open.length;
  return {
    what: `sweep of ${plan.recipe.name}`,
    status: job?.status ?? (open.length === 0 ? 'done' : 'unfinished'),
    outcome: `${done.length} of ${all} trials${failed.length > 0 ? `, ${failed.length} failed` : ''}`,
  };
}
