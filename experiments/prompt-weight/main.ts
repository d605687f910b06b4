/**
 * The experiments behind `docs/how-much-should-the-prompt-count.md`:
 *
 *     node experiments/prompt-weight/main.ts stories-short stories-equal stories-long
 *     node experiments/prompt-weight/main.ts smollm2-short --model FOLDER       (smollm2.py makes the folder)
 *
 * Each is a `counterweight sweep` in `experiments/prompt-weight/sweeps/NAME`, which goes on where it was stopped. When it
 * is done, what its trials came to is in `results/NAME.json.gz`, which is committed: `sweep.json`, the outcomes of every
 * trial and of every row, and the analysis. One that was stopped leaves its trials in `open/NAME.json.gz`, committed until it is
 * done: whoever goes on, wherever, begins with them. `--parallel N` as there; `--sweeps FOLDER` is another place for the sweeps.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { collect } from './collect.ts';
import { keepOpenSweep, restoreOpenSweep } from './open-sweep.ts';
import { type RegimeName, regimes } from './regimes.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { parallel: { type: 'string', default: '2' }, model: { type: 'string' }, sweeps: { type: 'string' } },
});
const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Ctrl-C is the sweep's to hear, which saves; what it has done is put by then.
process.on('SIGINT', () => {});

for (const name of positionals) {
  if (!Object.hasOwn(regimes, name)) throw new Error(`There is no ${name}: ${Object.keys(regimes).join(', ')}`);
  const { recipe, rows, flags } = regimes[name as RegimeName];
  const folder = resolve(values.sweeps ?? here('sweeps'), name);
  const places = { '{sweep}': folder, '{model}': resolve(values.model ?? '.'), '{here}': process.cwd() };
  mkdirSync(folder, { recursive: true });
  const open = here(`open/${name}.json.gz`);
  const isPlanned = restoreOpenSweep(open, places);
  const data = `${folder}/rows.jsonl`;
  const lines = (await rows()).map((row) => `${JSON.stringify(row)}\n`);
  writeFileSync(data, lines.join(''));
  const model = values.model === undefined ? [] : ['--model', values.model];
  const args = ['--recipe', recipe, '--data', data, '--output', folder, ...flags, ...model];
  const counterweight = (command: string, ...options: string[]) =>
    spawnSync(process.execPath, ['--no-warnings', cli, 'sweep', command, ...options], { stdio: 'inherit' }).status;
  const status =
    (isPlanned ? 0 : counterweight('plan', ...args)) ||
    counterweight('work', folder, '--parallel', values.parallel, ...model) ||
    counterweight('report', folder);
  if (status !== 0) {
    keepOpenSweep(open, places);
    process.exit(status ?? 1);
  }
  await collect(folder, here(`results/${name}.json.gz`), {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
  });
  rmSync(open, { force: true });
}
