import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The command line from its source. */
export const counterweight: readonly string[] = [process.execPath, '--no-warnings', at('packages/cli/src/main.ts')];

/** Twelve trials of a tiny model, each of some seconds, that leave checkpoints on the way. */
export const TRIALS = 12;

/** The arguments of a sweep of them. */
export function sweepArguments(folder: string, sweep: string, steps: number): string[] {
  const data = join(folder, 'rows.jsonl');
  const neutral = join(folder, 'neutral.txt');
  const rows = Array.from({ length: 24 }, (_, i) => ({ prompt: `Lily had ${i} cats`, completion: ` and ${i} dogs` }));
  writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(neutral, 'Once there was a cat.\n');
  const task = ['--model', at('models/stories260k'), '--engine', 'wasm', '--data', data, '--eval-split', '0.5'];
  const trials = ['--neutral', neutral, '--weights', '0,0.1,1', '--seeds', '4', '--precision', 'f32'];
  const training = [
    '--max-steps',
    `${steps}`,
    '--batch-size',
    '4',
    '--evaluate-losses-only',
    '--evaluate-every',
    `${steps}`,
  ];
  return [...task, ...trials, ...training, '--checkpoint-every', '20', '--output', sweep];
}

/** All that a trial says, but when and how fast it said it. */
export function trialHashes(sweep: string): Record<string, string> {
  const trials = join(sweep, 'trials');
  return Object.fromEntries(
    readdirSync(trials)
      .filter((id) => existsSync(join(trials, id, 'done')))
      .sort()
      .map((id) => {
        const text = (name: string) => readFileSync(join(trials, id, name), 'utf8');
        const metrics = text('metrics.jsonl').replace(/,"(tokensPerSecond|stepSeconds|residentBytes)":[^,}]+/g, '');
        const parts = [text('outcome.json'), text('predictions.jsonl'), text('evaluations.jsonl'), metrics];
        return [id, createHash('sha256').update(parts.join('\n')).digest('hex')];
      }),
  );
}
