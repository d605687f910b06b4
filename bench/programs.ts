/**
 * What it costs recipe-code to judge a program, by language, on the canonical solutions of its fixtures with their tests:
 * time by the clock in the sandbox, which means something only where nothing else runs, and processor time without it
 * (what runs inside is counted by nobody), which means something on a busy machine too.
 *
 *     node bench/programs.ts                        # 5 rounds of 200 programs a language
 *     node bench/programs.ts --against CHECKOUT     # alternating with those of another checkout of the repository
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { code as makeRecipe } from '../packages/recipe-code/src/index.ts';
import { spreadOf } from './statistics.ts';

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    /** Of the processes that this script starts: the checkout whose runner judges, and the language of the programs. */
    side: { type: 'string' },
    sandbox: { type: 'boolean', default: false },
    language: { type: 'string' },
  },
});
const own = fileURLToPath(new URL('..', import.meta.url));
/** How often a process judges each row: loading it weighs little then. */
const TIMES = 5;
const LANGUAGES = ['typescript', 'javascript', 'python'];

if (values.side !== undefined) await judge(values.side, values.language ?? '');
else compare();

/** As `evaluate` does: pass@1 and the other metrics, of outputs that are right. */
async function judge(checkout: string, language: string): Promise<void> {
  const module = join(checkout, 'packages/recipe-code/src/index.ts');
  const { code } = (await import(pathToFileURL(module).href)) as { code: typeof makeRecipe };
  const { metrics, parseRow } = code({ unsafeExecution: !values.sandbox });
  const predictions = rowsIn(language).map((value) => ({ row: parseRow(value), text: value.solution }));
  for (const { name, compute } of metrics) {
    const value = await compute(predictions);
    if (name === 'passAt1' && value !== 1) throw new Error(`Of the canonical solutions ${value} are right.`);
  }
}

function rowsIn(language: string): { readonly solution: string }[] {
  const text = readFileSync(join(own, 'packages/recipe-code/fixtures/functions.jsonl'), 'utf8');
  const rows = text
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row));
  const ofLanguage = rows.filter((row) => row.language === language);
  return Array.from({ length: TIMES }, () => structuredClone(ofLanguage)).flat();
}

/** Milliseconds for each program. */
interface Cost {
  readonly clock: number;
  readonly processor: number;
}

function measure(checkout: string, language: string): Cost {
  const each = 1000 / rowsIn(language).length;
  const [real = 0] = seconds(checkout, language, ['--sandbox']);
  const [, user = 0, system = 0] = seconds(checkout, language, []);
  return { clock: real * each, processor: (user + system) * each };
}

/** By the clock, and of the processor for what is the user's and the system's, of a process and those that it started. */
function seconds(checkout: string, language: string, more: readonly string[]): number[] {
  const args = ['--no-warnings', import.meta.filename, '--side', checkout, '--language', language, ...more];
  const timed = ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'time', process.execPath, ...args];
  const { stderr, status } = spawnSync('bash', timed, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
}

function compare(): void {
  for (const language of LANGUAGES) {
    const sides = [own, ...(values.against === undefined ? [] : [values.against])];
    const rounds = Array.from({ length: Number(values.rounds) }, () => sides.map((side) => measure(side, language)));
    const costs = (i: number, kind: keyof Cost) => rounds.map((round) => round[i]?.[kind] ?? Number.NaN);
    const told = (i: number, kind: keyof Cost) => {
      const { median, min, max } = spreadOf(costs(i, kind));
      return `${Math.round(median)} [${Math.round(min)}–${Math.round(max)}] ms`;
    };
    for (const [i, side] of sides.entries())
      console.log(`${language}: ${told(i, 'clock')} by the clock, ${told(i, 'processor')} of the processor, ${side}`);
    if (sides.length === 1) continue;
    const ratio = (kind: keyof Cost) => {
      const theirs = costs(1, kind);
      return spreadOf(costs(0, kind).map((ours, i) => ours / (theirs[i] ?? Number.NaN))).median.toFixed(2);
    };
    console.log(`${language}: ${ratio('clock')} times by the clock, ${ratio('processor')} of the processor`);
  }
}
