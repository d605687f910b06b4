import { alternate } from '../alternate.ts';
import { compare, type Runs } from '../compare.ts';
import type { BenchOptions, EngineName, Precision } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows } from '../random-rows.ts';
import { at, enginesOf, jobFile, type Scenario, type Section } from '../scenario.ts';
import { SHAPES } from '../shapes.ts';
import type { Side } from '../side.ts';
import { ensureVenv } from '../venv.ts';

const shape = SHAPES['135m'];
const newTokens = 32;

export const generation: Scenario = {
  name: 'generation',
  about: 'greedy continuation of prompts of 64 tokens by 32 tokens, 135M Llama, one and eight at a time',
  standard: true,
  async run(options) {
    const comparisons: Section['comparisons'][number][] = [];
    const engines = await enginesOf(options);
    for (const rows of [1, 8]) {
      const { ours, theirs } = sidesFor(rows, engines, options);
      const runs = await alternate([...ours, theirs], options.rounds ?? 2);
      const peer = runs.at(-1) as Runs;
      for (const [i, engine] of engines.entries()) {
        // Greedy ids are whole numbers: they are equal or they are not.
        comparisons.push({ what: `${rows} at a time, ${engine}`, comparison: compare(runs[i] as Runs, peer, {}, 0) });
      }
    }
    const note = 'Tokens are new ones; a "step" is the whole continuation, prompt included.';
    return [{ title: this.about, comparisons, note, evidence: 'ids' }];
  },
};

function sidesFor(rows: number, engines: readonly EngineName[], { precision = 'f32' }: BenchOptions) {
  const { settings, examples } = randomRows(shape.vocab_size, { steps: 1, rows, length: 64 });
  const job = jobFile({ model: randomModel(shape).model, settings, examples, batches: [] });
  const args = ['--job', job, '--precision', precision satisfies Precision, '--new-tokens', String(newTokens)];
  const ours = engines.map(
    (engine): Side => ({
      name: `Counterweight ${precision}, ${engine}`,
      command: process.execPath,
      args: [at('side-generate.ts'), ...args, '--engine', engine],
    }),
  );
  const theirs: Side = {
    name: `PyTorch ${precision}`,
    command: ensureVenv(),
    args: [at('python/generate.py'), ...args],
  };
  return { ours, theirs };
}
