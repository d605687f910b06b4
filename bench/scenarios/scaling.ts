import { alternate } from '../alternate.ts';
import { compare } from '../compare.ts';
import type { BenchOptions, EngineName } from '../options.ts';
import { randomModel } from '../random-model.ts';
import { randomRows } from '../random-rows.ts';
import {
  at,
  counterweight,
  enginesOf,
  jobFile,
  LOSS_TOLERANCE,
  pytorch,
  type Scenario,
  type Section,
  type TrainingRun,
} from '../scenario.ts';
import { SHAPES, type Shape, withLayers } from '../shapes.ts';

interface Point {
  readonly shape: Shape;
  readonly rows: number;
  readonly length: number;
  readonly rank: number;
}

/** Four of thirty blocks, so that long rows are affordable; time and memory of the vocabulary weigh more than in full. */
const shallow: Point = { shape: withLayers(SHAPES['135m'], 4), rows: 1, length: 256, rank: 16 };

const SERIES: readonly { readonly title: string; readonly points: readonly (readonly [string, Point])[] }[] = [
  {
    title: 'Length of a row (135M shape with 4 of its 30 layers, one row)',
    points: [128, 512, 1024, 2048, 4096].map((length) => [`${length} tokens`, { ...shallow, length }]),
  },
  {
    title: 'Rows in a batch (135M shape with 4 of its 30 layers, 256 tokens)',
    points: [1, 4, 16].map((rows) => [`${rows} rows`, { ...shallow, rows }]),
  },
  {
    title: 'Rank of the adapters (135M shape with 4 of its 30 layers, one row of 256 tokens)',
    points: [4, 16, 64].map((rank) => [`rank ${rank}`, { ...shallow, rank }]),
  },
  {
    title: 'Size of the model (all layers, one row of 256 tokens)',
    points: (['15m', '135m', '360m'] as const).map((size) => [size, { ...shallow, shape: SHAPES[size] }]),
  },
];

export const scaling: Scenario = {
  name: 'scaling',
  about: 'LoRA steps by length, batch, rank and size of the model; full fine-tuning on WebAssembly',
  standard: false,
  async run(options) {
    const sections: Section[] = [];
    for (const { title, points } of SERIES) {
      const comparisons: Section['comparisons'][number][] = [];
      for (const [what, point] of points) comparisons.push({ what, comparison: await compareAt(point, options) });
      sections.push({ title, comparisons });
    }
    return [...sections, await compareWebAssembly(options)];
  },
};

async function compareAt(point: Point, { rounds = 1, steps = 3, precision = 'f32', ...options }: BenchOptions) {
  const [engine] = (await enginesOf(options, precision)) as [EngineName];
  const rows = randomRows(point.shape.vocab_size, { steps, rows: point.rows, length: point.length });
  const job = jobFile({ ...randomModel(point.shape, point.rank), ...rows });
  const run: TrainingRun = { job, precision, steps, warmupSteps: 1 };
  const [ours, theirs] = await alternate([counterweight(run, engine), pytorch(run)], rounds);
  return compare(ours, theirs, {}, LOSS_TOLERANCE[precision]);
}

async function compareWebAssembly({ rounds = 1, steps = 8 }: BenchOptions): Promise<Section> {
  const comparisons: Section['comparisons'][number][] = [];
  for (const length of [32, 128, 256]) {
    const rows = randomRows(SHAPES.stories260k.vocab_size, { steps, rows: 8, length });
    const job = jobFile({ model: at('../models/stories260k'), ...rows });
    const run: TrainingRun = { job, precision: 'f32', steps, warmupSteps: Math.min(3, steps - 1) };
    const [ours, theirs] = await alternate([counterweight(run, 'wasm'), pytorch(run)], rounds);
    comparisons.push({ what: `${length} tokens`, comparison: compare(ours, theirs, {}, LOSS_TOLERANCE.f32) });
  }
  return { title: 'WebAssembly: every weight of the tiny model, 8 rows', comparisons };
}
