import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../files/durable.ts';
import { type PreviewedExample, previewExamples } from '../task/preview-examples.ts';
import type { PreparedRun } from './prepare-run.ts';

export const EXAMPLES = 'examples.json';

/** Enough to see what is learnt, and few enough to be looked at. */
const SHOWN = 3;

/** Writes the first rows that are trained on into the run folder, each token with its role and weight. */
export async function writeShownExamples<Row>(run: string, { task, data }: PreparedRun<Row>): Promise<void> {
  await writeFileDurably(join(run, EXAMPLES), `${JSON.stringify(previewExamples(data.examples, task, SHOWN))}\n`);
}

/** None where they were not kept. */
export async function readShownExamples(run: string): Promise<PreviewedExample[]> {
  try {
    const examples: unknown = JSON.parse(await readFile(join(run, EXAMPLES), 'utf8'));
    return Array.isArray(examples) ? (examples as PreviewedExample[]) : [];
  } catch {
    return [];
  }
}
