/**
 * What it costs recipe-code to judge a program, by language, on the canonical solutions of its fixtures with their tests:
 * milliseconds by the clock, in the sandbox, as many at a time as there are cores. By a process that holds nothing, and
 * by one that holds as much memory as an evaluation of a model of 135M weights in f32.
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
    language: { type: 'string' },
    megabytes: { type: 'string', default: '0' },
  },
});
const own = fileURLToPath(new URL('..', import.meta.url));
/** How often a process judges each row: loading it weighs little then. */
const TIMES = 5;
const LANGUAGES = ['typescript', 'javascript', 'python'];
/** What the process that judges holds besides. */
const MEGABYTES = [0, 600];

if (values.side !== undefined) await judge(values.side, values.language ?? '');
else compare();

/** As `evaluate` does: pass@1 and the other metrics, of outputs that are right. */
async function judge(checkout: string, language: string): Promise<void> {
  const module = join(checkout, 'packages/recipe-code/src/index.ts');
  const { code } = (await import(pathToFileURL(module).href)) as { code: typeof makeRecipe };
  const { metrics, parseRow } = code();
  const held = Buffer.alloc(Number(values.megabytes) * 2 ** 20, 1);
  const predictions = rowsIn(language).map((value) => ({ row: parseRow(value), text: value.solution }));
  for (const { name, compute } of metrics) {
    const value = await compute(predictions);
    if (name === 'passAt1' && value !== 1) throw new Error(`Of the canonical solutions ${value} are right.`);
  }
  held.fill(0);
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
function measure(checkout: string, language: string, megabytes: number): number {
  const args = ['--side', checkout, '--language', language, '--megabytes', `${megabytes}`];
  const before = performance.now();
  const { status } = spawnSync(process.execPath, ['--no-warnings', import.meta.filename, ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${language} of ${checkout} was not judged.`);
  return (performance.now() - before) / rowsIn(language).length;
}

function compare(): void {
  const sides = [own, ...(values.against === undefined ? [] : [values.against])];
  for (const language of LANGUAGES) {
    for (const megabytes of MEGABYTES) {
      const rounds = Array.from({ length: Number(values.rounds) }, () =>
        sides.map((side) => measure(side, language, megabytes)),
      );
      const of = (i: number) => rounds.map((round) => round[i] ?? Number.NaN);
      for (const [i, side] of sides.entries()) {
        const { median, min, max } = spreadOf(of(i));
        const told = [median, min, max].map((value) => value.toFixed(1));
        console.log(`${language}, ${megabytes} MB held: ${told[0]} [${told[1]}–${told[2]}] ms a program, ${side}`);
      }
      if (sides.length === 1) continue;
      const { median } = spreadOf(of(0).map((ours, i) => ours / (of(1)[i] ?? Number.NaN)));
      console.log(`${language}, ${megabytes} MB held: ${median.toFixed(2)} times`);
    }
  }
}
