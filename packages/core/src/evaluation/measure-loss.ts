import { type Breathe, withBreaths } from '../abort.ts';
import { type Decoder, inferHiddenStates } from '../model/decoder.ts';
import type { Batch } from '../tokenization/example.ts';
import { type ExampleLosses, lossesByExample } from '../training/loss/example-losses.ts';
import { type LossSums, sumLosses } from '../training/loss/loss-sums.ts';
import { targetsOf, vocabularyLoss } from '../training/loss/vocabulary-loss.ts';

/**
 * The losses of a batch, added up and of each of its examples, forward only: nothing is kept, and nothing of the model
 * changes.
 */
export async function measureLoss(
  decoder: Decoder,
  batch: Batch,
  breathe?: Breathe,
): Promise<LossSums & { readonly examples: readonly ExampleLosses[] }> {
  const targets = targetsOf(batch);
  const hidden = await inferHiddenStates(decoder, batch, breathe);
  const losses = await withBreaths(vocabularyLoss(decoder, hidden, batch, targets), breathe).finally(() =>
    hidden.dispose(),
  );
  const values = await losses.data();
  losses.dispose();
  return { ...sumLosses(values, batch, targets), examples: lossesByExample(values, batch, targets) };
}
