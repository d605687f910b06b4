import { openDecoder } from '../../checkpoint/open-decoder.ts';
import { measureLoss } from '../../evaluation/measure-loss.ts';
import { exportModel } from '../../export-model.ts';
import type { Check } from '../check.ts';
import { aloneBatch } from '../defined-loss.ts';
import { compareLosses } from '../figures.ts';
import type { Subject } from '../subject.ts';
import { ROUNDING, roundingTolerance } from '../tolerance.ts';

export const merged: Check<Subject> = {
  name: 'merged',
  claim: 'the merged model is the model with its adapter',
  // In f32, whatever it is trained in: rounded weights would hide what is looked for.
  tolerance: ({ task }) => roundingTolerance(task.config, 'f32'),
  reason: ROUNDING,
  meaning: 'What `export --to merged` writes answers otherwise than the adapter that was trained.',
  async measure(subject) {
    if (subject.training.method === 'full') return { skipped: 'every weight is trained: there is no adapter to merge' };
    const adapter = await subject.saved();
    subject.closeModel();
    const { modelFolder: model } = subject.task;
    const withAdapter = await lossesOf(subject, { folder: model, adapter });
    const output = subject.path('merged-f32');
    await exportModel({ model, adapter, to: 'merged', type: 'f32', output });
    const written = await lossesOf(subject, { folder: output });
    return withAdapter.map((loss, row) =>
      compareLosses(`loss of row ${row + 1} of those that were looked at`, loss, written[row] ?? Number.NaN),
    );
  },
};

/** Nats a token, of all tokens of each row. */
async function lossesOf(
  { examples, training, breathe }: Subject,
  source: { readonly folder: string; readonly adapter?: string },
): Promise<number[]> {
  // What is written is dequantised, and read as it is.
  const quantize = source.adapter === undefined ? 'none' : training.quantize;
  const { decoder } = await openDecoder(source, { ...training, precision: 'f32', quantize }, { train: false });
  try {
    const losses: number[] = [];
    for (const example of examples) {
      const batch = aloneBatch(example, new Float64Array(example.ids.length - 1).fill(1));
      const { weighted, weight } = await measureLoss(decoder, batch, breathe);
      losses.push(weighted / weight);
    }
    return losses;
  } finally {
    decoder.parameters.dispose();
  }
}
