import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FineTuneResult, readRows } from '@counterweight/core';

/**
 * What the examples share: where things of this repository lie, where a run may go, and how its result is printed. A
 * project of yours has paths.
 */

export const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The model of the examples: 260,000 weights that have read children's stories. It learns in seconds, and knows nothing. */
export const model = at('models/stories260k');

/** A run folder that is not there yet. */
export const newFolder = async (): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'counterweight-example-')), 'run');

/** Rows of a recipe's sample, the first `count` of them. */
export async function sampleRows(file: string, count = Infinity): Promise<Record<string, unknown>[]> {
  const rows = await readRows(at(`packages/${file}`));
  return rows.slice(0, count).map(({ value }) => value as Record<string, unknown>);
}

/** The loss on the answers, in nats a token, and the metrics, on the rows that were held out: before and after. */
export function printBeforeAndAfter({
  evaluationBefore,
  evaluation,
}: Pick<FineTuneResult, 'evaluationBefore' | 'evaluation'>): void {
  const show = (name: string, before = Number.NaN, after = Number.NaN) =>
    console.log(`${name}: ${before.toFixed(3)} → ${after.toFixed(3)}`);
  show('loss on the answers', evaluationBefore?.completionLoss ?? undefined, evaluation?.completionLoss ?? undefined);
  for (const [name, value] of Object.entries(evaluation?.metrics ?? {})) {
    show(name, evaluationBefore?.metrics[name], value);
  }
}
