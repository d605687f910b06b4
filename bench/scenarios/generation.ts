import { alternate } from '../alternate.ts';
import { compare } from '../compare.ts';
import type { BenchOptions, Precision } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows } from '../random-rows.ts';
import { at, jobFile, type Scenario, type Section } from '../scenario.ts';
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
    for (const rows of [1, 8]) {
      const [ours, theirs] = await alternate(sidesFor(rows, options), options.rounds ?? 2);
      // Greedy ids are whole numbers: they are equal or they are not.
      comparisons.push({ what: `${rows} at a time`, comparison: compare(ours, theirs, {}, 0) });
    }
    const note = 'Tokens are new ones; a "step" is the whole continuation, prompt included.';
    return [{ title: this.about, comparisons, note, evidence: 'ids' }];
  },
};

function sidesFor(rows: number, { precision = 'f32' }: BenchOptions): readonly [Side, Side] {
  const { settings, examples } = randomRows(shape.vocab_size, { steps: 1, rows, length: 64 });
  const job = jobFile({ model: randomModel(shape).model, settings, examples, batches: [] });
  const args = ['--job', job, '--precision', precision satisfies Precision, '--new-tokens', String(newTokens)];
  return [
    { name: `Counterweight ${precision}`, command: process.execPath, args: [at('side-generate.ts'), ...args] },
    { name: `PyTorch ${precision}`, command: ensureVenv(), args: [at('python/generate.py'), ...args] },
  ];
}
