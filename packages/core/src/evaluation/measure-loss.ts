import { type Breathe, withBreaths } from '../abort.ts';
import { type Decoder, inferHiddenStates } from '../model/decoder.ts';
import type { Batch } from '../tokenization/example.ts';
import { type LossSums, readLossSums } from '../training/loss/loss-sums.ts';
import { targetsOf, vocabularyLoss } from '../training/loss/vocabulary-loss.ts';

/** The losses of a batch, forward only: nothing is kept, and nothing of the model changes. */
export async function measureLoss(decoder: Decoder, batch: Batch, breathe?: Breathe): Promise<LossSums> {
  const targets = targetsOf(batch);
  const hidden = await inferHiddenStates(decoder, batch, breathe);
  const losses = await withBreaths(vocabularyLoss(decoder, hidden, batch, targets), breathe).finally(() =>
    hidden.dispose(),
  );
  return readLossSums({ losses }, batch, targets);
}
