import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../packages/core/src/data/batch.ts';
import { normalizeStep } from '../../packages/core/src/data/normalize-weights.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { product } from '../../packages/core/src/engine/product.ts';
import { generateIds } from '../../packages/core/src/generation/generate-ids.ts';
import { inferHiddenStates, vocabularyWeight } from '../../packages/core/src/model/decoder.ts';
import { enginesToTest } from '../../packages/core/src/test-support/engines.ts';
import { accumulateGradient } from '../../packages/core/src/training/step.ts';
import { exampleOf, openFixture, readEntries } from './fixtures.ts';
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
  readonly parameters: Record<string, { norm: number; projection: number; indices: number[]; values: number[] }>;
}

interface GenerationEntry {
  readonly model: string;
  readonly promptIds: number[];
  readonly newIds: number[];
  readonly stopped: boolean;
}

const EOS = 2;

const floatsOf = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);

describe.each(await enginesToTest())('PyTorch and we agree on %s', (engine) => {
  it.each(readEntries<LogitsEntry>('logits.json').entries)(
    'on the logits of $model with adapter $adapter',
    async (entry) => {
      await openEngine(engine);
      const decoder = await openFixture(entry.model, entry.adapter, 'frozen');
      const positions = Int32Array.from(entry.ids, (_, i) => i);
      const grid = { rows: 1, length: entry.ids.length, inputIds: Int32Array.from(entry.ids), positions };
      const hidden = inferHiddenStates(decoder, grid);
      const logits = product(hidden, decoder.parameters.get(vocabularyWeight(decoder.config)), { transposeB: true });
      const actual = (await logits.data()) as Float32Array;
      const expected = floatsOf(entry.data);
      expect(actual.length).toBe(expected.length);
      const error = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i] as number))), 0);
      expect(error).toBeLessThan(1e-4);
      tf.dispose([hidden, logits]);
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
      const actual = await storedGradients(decoder);
      expect([...actual.keys()].sort()).toEqual(Object.keys(entry.parameters).sort());
      for (const [name, expected] of Object.entries(entry.parameters)) {
        const gradient = actual.get(name) as Float32Array;
        const projection = gradient.reduce((sum, value, i) => sum + value * Math.cos(i), 0);
        expect(Math.abs(Math.hypot(...gradient) - expected.norm), name).toBeLessThan(1e-3 * expected.norm);
        expect(Math.abs(projection - expected.projection), name).toBeLessThan(1e-3 * expected.norm);
        for (const [i, index] of expected.indices.entries()) {
          const error = Math.abs((gradient[index] as number) - (expected.values[i] as number));
          expect(error, `${name}[${index}]`).toBeLessThan(1e-3 * expected.norm);
        }
      }
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
