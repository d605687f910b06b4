import { alternate } from '../alternate.ts';
import { compare, type Runs } from '../compare.ts';
import { ensureNodePackages, LLAMA_CPP } from '../node-packages.ts';
import type { BenchOptions, EngineName, Precision } from '../options.ts';
import { randomGguf } from '../random-gguf.ts';
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
    const engines = await enginesOf(options, options.precision ?? 'f32');
    for (const rows of [1, 8]) {
      const { ours, theirs } = await sidesFor(rows, engines, options);
      const runs = await alternate([...ours, ...theirs], options.rounds ?? 2);
      const peers = runs.slice(ours.length);
      for (const [i, engine] of engines.entries()) {
        for (const peer of i === 0 ? peers : peers.slice(0, 1)) {
          const what = `${rows} at a time, ${engine}${peer === peers[0] ? '' : ', llama.cpp'}`;
          // Greedy ids are whole numbers: they are equal or they are not.
          comparisons.push({
            what,
            comparison: compare(runs[i] as Runs, peer, i === 0 && peer === peers[0] ? aims(rows) : {}, 0),
          });
        }
      }
    }
    const note = 'Tokens are new ones; a "step" is the whole continuation, prompt included.';
    return [{ title: this.about, comparisons, note, evidence: 'ids' }];
  },
};

const aims = (rows: number) => ({ speed: rows === 1 ? 1.2 : 1.4 });

async function sidesFor(rows: number, engines: readonly EngineName[], { precision = 'f32' }: BenchOptions) {
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
  const theirs: Side[] = [
    { name: `PyTorch ${precision}`, command: ensureVenv(), args: [at('python/generate.py'), ...args] },
  ];
  // Its kernels for bf16 round otherwise: the ids would not be the same.
  if (precision === 'f32' && process.platform === 'linux' && process.arch === 'x64') {
    const packages = ensureNodePackages(at('.packages/llama.cpp'), LLAMA_CPP);
    const own = ['--packages', packages, '--model', await randomGguf(shape), '--job', job];
    const name = 'llama.cpp f32';
    theirs.push({
      name,
      command: process.execPath,
      args: [at('side-llama-cpp.ts'), ...own, '--new-tokens', `${newTokens}`],
    });
  }
  return { ours, theirs };
}
