import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../packages/core/src/batches/batch.ts';
import { normalizeStep } from '../../packages/core/src/batches/normalize-weights.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { generateIds } from '../../packages/core/src/generation/generate-ids.ts';
import { enginesToTest } from '../../packages/core/src/test-support/engines.ts';
import { logitsOf } from '../../packages/core/src/test-support/logits.ts';
import { accumulateGradient } from '../../packages/core/src/training/step.ts';
import { exampleOf, openFixture, readEntries } from './fixtures.ts';
import { expectGradients, floatsOf, type GradientSummary, largestError } from './measured.ts';
import { storedGradients } from './stored-gradients.ts';

interface LogitsEntry {
  readonly model: string;
  readonly adapter: string | null;
  readonly ids: number[];
  readonly data: string;
}

interface GradientEntry {
  readonly model: string;
  readonly adapter: string | null;
  readonly promptWeight: number;
  readonly loss: number;
  readonly parameters: Record<string, GradientSummary>;
}

interface GenerationEntry {
  readonly model: string;
  readonly promptIds: number[];
  readonly newIds: number[];
  readonly stopped: boolean;
}

const EOS = 2;

describe.each(await enginesToTest())('PyTorch and we agree on %s', (engine) => {
  it.each(readEntries<LogitsEntry>('logits.json').entries)(
    'on the logits of $model with adapter $adapter',
    async (entry) => {
      await openEngine(engine);
      const decoder = await openFixture(entry.model, entry.adapter, 'frozen');
      expect(largestError(await logitsOf(decoder, entry.ids), floatsOf(entry.data))).toBeLessThan(1e-4);
      decoder.parameters.dispose();
    },
  );

  it.each(readEntries<GradientEntry>('gradients.json').entries)(
    'on every gradient of $model with adapter $adapter',
    async (entry) => {
      await openEngine(engine);
      const decoder = await openFixture(entry.model, entry.adapter);
      const examples = [0, 1, 2, 3].map((row) => exampleOf(entry.model, row, entry.promptWeight));
      const { batches } = normalizeStep([makeBatch(examples)], { lossNormalization: 'weight-sum' });
      const { weighted } = await accumulateGradient(decoder, batches[0] as (typeof batches)[0]);
      expect(Math.abs(weighted / entry.loss - 1)).toBeLessThan(1e-5);
      expectGradients(await storedGradients(decoder), entry.parameters);
      decoder.parameters.dispose();
    },
  );

  it.each(readEntries<GenerationEntry>('generations.json').entries)(
    'on what $model greedily says after $promptIds',
    async ({ model, promptIds, newIds, stopped }) => {
      await openEngine(engine);
      const decoder = await openFixture(model, null, 'frozen');
      const expected = stopped ? newIds.slice(0, -1) : newIds;
      const maxNewTokens = stopped ? 100 : newIds.length;
      // In a batch with a longer and a shorter neighbour: padding and rows that end early change nothing.
      const prompts = [[1], promptIds, [...promptIds, ...newIds.slice(0, 3)]];
      const [, actual] = await generateIds(decoder, prompts, { eosId: EOS, maxNewTokens });
      expect(actual).toEqual(expected);
      decoder.parameters.dispose();
    },
  );
});
