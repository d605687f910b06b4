import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { type FineTuneOptions, type FineTuneResult, fineTune } from '../fine-tune.ts';
import { plain } from '../recipe/plain.ts';
import type { Metric, Recipe } from '../recipe/recipe.ts';
import type { TrainingEvent } from '../training/events.ts';
import { temporaryFolder } from './folder.ts';

/** Runs of a few steps of the real model on a dozen rows, for tests of what a run does around its training. */

export const model = new URL('../../../../models/stories260k', import.meta.url).pathname;
export const path = temporaryFolder();
let runs = 0;
export const newRun = () => path(`run-${runs++}`);

beforeAll(async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  await writeFile(path('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

export type Row = Parameters<Recipe<unknown>['render']>[0];
export const measuredBy = (compute: Metric<Row>['compute']): Recipe<Row> => {
  const recipe = plain() as Recipe<Row>;
  const metric = { name: 'score', direction: 'higher-is-better', definition: 'for a test', compute } as Metric<Row>;
  return { ...recipe, metrics: [metric], defaults: { ...recipe.defaults, maxNewTokens: 2 } };
};
export const counting = measuredBy((predictions) => predictions.length);

/** A recipe whose rows can't be rendered any more once training has begun, as evaluation does. */
export function failingLater(): { recipe: Recipe<Row>; onEvent: (event: TrainingEvent) => void } {
  let broken = false;
  const render: Recipe<Row>['render'] = (row) => {
    if (broken) throw new Error('the recipe is gone');
    return counting.render(row);
  };
  return {
    recipe: { ...counting, render },
    onEvent: ({ type }) => {
      broken ||= type === 'start';
    },
  };
}

export interface Tried {
  readonly output: string;
  readonly events: readonly TrainingEvent[];
  readonly result: FineTuneResult | undefined;
  readonly error: (Error & { code?: string }) | undefined;
}
export type Options = Partial<Omit<FineTuneOptions<Row>, 'onEvent'>> & { onEvent?: (event: TrainingEvent) => void };

export async function tried({ training, onEvent, output = newRun(), ...options }: Options = {}): Promise<Tried> {
  const events: TrainingEvent[] = [];
  // What is evaluated, a test says.
  const steps = { maxSteps: 6, batchSize: 2, checkpointEvery: 2, evaluateAtStart: false };
  const settings = { ...steps, loraRank: 2, learningRate: 0.01, precision: 'f32', cache: false } as const;
  const running = fineTune<Row>({
    recipe: plain() as Recipe<Row>,
    model,
    engine: 'wasm',
    data: path('rows.jsonl'),
    output,
    training: { ...settings, ...training },
    onEvent(event) {
      events.push(event);
      onEvent?.(event);
    },
    ...options,
  });
  return running.then(
    (result) => ({ output, events, result, error: undefined }),
    (error: Error) => ({ output, events, result: undefined, error }),
  );
}
/** A run that is stopped after so many steps, with the checkpoint of it. */
export async function stopped(after: number, options: Options = {}): Promise<string> {
  const stop = new AbortController();
  const reason = new Error('stop');
  const { error, output } = await tried({
    ...options,
    signal: stop.signal,
    onEvent: (event) => event.type === 'step' && event.metrics.step === after && stop.abort(reason),
  });
  expect(error).toBe(reason);
  return output;
}
export const typesOf = ({ events }: Tried) => events.map((event) => event.type);
export const stepsLogged = (output: string) =>
  readFileSync(join(output, 'metrics.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { step: number }).step);
export const weightsOf = (output: string) =>
  createHash('sha256')
    .update(readFileSync(join(output, 'adapter/adapter_model.safetensors')))
    .digest('hex');
