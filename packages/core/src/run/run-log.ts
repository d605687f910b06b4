import { existsSync } from 'node:fs';
import { appendFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PredictionRecord, predictionsFile, writePredictions } from '../evaluation/predictions.ts';
import { writeFileDurably } from '../files/durable.ts';
import type { StepMetrics } from '../training/events.ts';
import { type EvaluationAtStep, evaluationLine, parseEvaluation } from './evaluation-line.ts';

export const METRICS = 'metrics.jsonl';
export const EVALUATIONS = 'evaluations.jsonl';
const LOGS = [METRICS, EVALUATIONS];

/**
 * What a run writes while it goes on: a line a step in metrics.jsonl, a line an evaluation in evaluations.jsonl. A
 * checkpoint holds both up to its step, so that a resumed run goes on with exactly the lines that belong to it,
 * whatever has become of the files since.
 */
export interface RunLog {
  writeMetrics(metrics: StepMetrics): Promise<void>;
  writeEvaluation(entry: EvaluationAtStep): Promise<void>;
  /** A file for each evaluation; one of the same step is replaced. */
  writePredictions(step: number, predictions: readonly PredictionRecord[]): Promise<void>;
  /** Those of the run so far, in order. */
  readonly evaluations: readonly EvaluationAtStep[];
  /** Copies the logs as they are now into a checkpoint. */
  copyTo(folder: string): Promise<void>;
  /** Writes what could not be written when it was its turn. @throws what the system says */
  flush(): Promise<void>;
}

/** Of a worker that writes nothing. */
export const SILENT_LOG: RunLog = {
  evaluations: [],
  async writeMetrics() {},
  async writeEvaluation() {},
  async writePredictions() {},
  async copyTo() {},
  async flush() {},
};

/** @param onFailure when lines cannot be written any more: they are kept, and written as soon as that is possible */
export async function openRunLog(run: string, onFailure: (error: unknown) => void): Promise<RunLog> {
  const [metrics, evaluations] = await Promise.all(LOGS.map((name) => appender(join(run, name))));
  const logged = await readEvaluations(run);
  let failing = false;
  const write = async (log: Appender | undefined, line: object) => {
    try {
      await log?.append(`${JSON.stringify(line)}\n`);
      failing = false;
    } catch (error) {
      if (!failing) onFailure(error);
      failing = true;
    }
  };
  return {
    evaluations: logged,
    writeMetrics: (line) => write(metrics, line),
    async writeEvaluation(entry) {
      logged.push(entry);
      await write(evaluations, evaluationLine(entry));
    },
    writePredictions: (step, predictions) =>
      writePredictions(join(run, predictionsFile(step)), predictions).catch(onFailure),
    async copyTo(folder) {
      for (const [name, log] of [[METRICS, metrics] as const, [EVALUATIONS, evaluations] as const]) {
        const content = await log?.content();
        if (content?.length) await writeFile(join(folder, name), content);
      }
    },
    async flush() {
      await metrics?.append('');
      await evaluations?.append('');
    },
  };
}

/**
 * Makes the logs what they were at the checkpoint: what came after it will come again.
 * @returns the names of those that had lost or changed something of it
 */
export async function resetLogs(run: string, checkpoint: string): Promise<string[]> {
  const spoilt: string[] = [];
  for (const name of LOGS) {
    const file = join(run, name);
    const then = await readIfThere(join(checkpoint, name));
    const now = await readIfThere(file);
    if (!now.subarray(0, then.length).equals(then)) spoilt.push(name);
    if (then.length > 0) await writeFileDurably(file, then);
    else await rm(file, { force: true });
  }
  return spoilt;
}

/** Whether metrics.jsonl has a line for each of so many steps, in their order. */
export const isComplete = async (run: string, steps: number): Promise<boolean> =>
  (await wrongLines(run, steps)).length === 0;

/** Numbers, from 1, of the lines of metrics.jsonl that are not those of a run of so many steps. */
export async function wrongLines(run: string, steps: number): Promise<number[]> {
  const lines = (await readIfThere(join(run, METRICS))).toString().split('\n');
  // What follows the last end of a line was cut.
  const cut = lines.pop() === '' ? 0 : 1;
  const numbers = Array.from({ length: Math.max(steps, lines.length + cut) }, (_, i) => i + 1);
  return numbers.filter((number) => number > steps || stepIn(lines[number - 1] ?? '') !== number);
}

const stepIn = (line: string): unknown => parseMetrics(line)?.step;

function parseMetrics(line: string): StepMetrics | null | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * The steps of a run so far; a line that was cut short is none.
 * @param most of more steps than so many, every second, third, … and the last
 */
export async function readMetrics(run: string, most = Number.POSITIVE_INFINITY): Promise<StepMetrics[]> {
  const lines = (await readIfThere(join(run, METRICS))).toString().trimEnd().split('\n');
  const every = Math.ceil(lines.length / most) || 1;
  const wanted = every === 1 ? lines : lines.filter((_, i) => i % every === 0 || i === lines.length - 1);
  return wanted.flatMap((line) => parseMetrics(line) ?? []);
}

/** For a run that begins anew. */
export async function removeLogs(run: string): Promise<void> {
  for (const name of LOGS) await rm(join(run, name), { force: true });
}

/** The evaluations of a run so far; a line that was cut short, or damaged, is none. */
export async function readEvaluations(run: string): Promise<EvaluationAtStep[]> {
  const lines = (await readIfThere(join(run, EVALUATIONS))).toString().split('\n');
  return lines.flatMap((line) => parseEvaluation(line) ?? []);
}

interface Appender {
  append(text: string): Promise<void>;
  /** With what is still to be written. */
  content(): Promise<Buffer>;
}

/** Lines go into the file whole or not at all. */
async function appender(file: string): Promise<Appender> {
  let written = existsSync(file) ? (await stat(file)).size : 0;
  let waiting = '';
  return {
    async append(text) {
      waiting += text;
      if (waiting === '') return;
      try {
        await appendFile(file, waiting);
        written += Buffer.byteLength(waiting);
        waiting = '';
      } catch (error) {
        // On a full disk a part of it may have been written.
        await truncate(file, written).catch(() => {});
        throw error;
      }
    },
    content: async () => Buffer.concat([await readIfThere(file), Buffer.from(waiting)]),
  };
}

async function readIfThere(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
