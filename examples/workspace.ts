import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the examples share: where things of this repository lie, and where a run may go. A project of yours has paths. */

export const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A run folder that is not there yet. */
export const newFolder = async (): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'counterweight-example-')), 'run');

/** The loss on the answers at every evaluation of a run, in nats a token. */
export async function lossesOf(run: string): Promise<number[]> {
  const lines = (await readFile(join(run, 'evaluations.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => Number((JSON.parse(line) as { completionLoss: number }).completionLoss.toFixed(3)));
}
