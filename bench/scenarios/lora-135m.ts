import type { BenchOptions, Precision } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows, stepOf } from '../random-rows.ts';
import { compareEngines, counterweight, jobFile, type Scenario, type Section, type TrainingRun } from '../scenario.ts';
import { neededOperations, SHAPES } from '../shapes.ts';

const shape = SHAPES['135m'];
const rank = 16;

export const lora135m: Scenario = {
  name: 'lora-135m',
  about: 'LoRA of rank 16 on every linear layer of a 135M Llama, 4 × 256 tokens, half of them masked',
  standard: true,
  ours: (options) => counterweight(prepare(options).run(options.precision ?? 'f32'), options.engines?.[0] ?? 'native'),

  async run(options) {
    const { job, run } = prepare(options);
    const precisions: Precision[] = options.precision ? [options.precision] : ['f32', 'bf16'];
    const operations = neededOperations(shape, { method: 'lora', rank, examples: stepOf(job) });
    const sections: Section[] = [];
    for (const precision of precisions) {
      const targets = { ...(precision === 'f32' && { speed: 1.7 }), memory: 0.4 };
      const comparisons = await compareEngines(run(precision), { rounds: options.rounds ?? 2, targets, options });
      sections.push({ title: `${this.about}, ${precision}`, comparisons, operations });
    }
    return sections;
  },
};

function prepare({ steps = 5 }: BenchOptions) {
  const rows = randomRows(shape.vocab_size, { steps, rows: 4, length: 256 });
  const job = { ...randomModel(shape, rank), ...rows };
  const file = jobFile(job);
  const run = (precision: Precision): TrainingRun => ({ job: file, precision, steps, warmupSteps: 1 });
  return { job, run };
}
