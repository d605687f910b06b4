import * as tf from '@tensorflow/tfjs-core';
import type { Breathe } from '../../abort.ts';
import { makeBatch } from '../../batches/batch.ts';
import { roleWeights } from '../../batches/loss-weights.ts';
import { type Decoder, inferHiddenStates } from '../../model/decoder.ts';
import { vocabularyLogits } from '../../model/vocabulary-logits.ts';
import { TokenRole, type WeightedExample } from '../../tokenization/example.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { addSums, type LossSums, meanLosses, NO_LOSS } from '../../training/loss/loss-sums.ts';
import { measureLoss } from '../measure-loss.ts';

/** What a model has kept of the language that nobody trains it on, in nats a token. */
export interface NeutralOutcome {
  /** Mean loss over the text. */
  readonly neutralLoss: number;
  /** KL(base ‖ tuned): the mean over places of Σ p log(p/q), p being the model before training and q after. */
  readonly klBase: number;
}

/** Tokens that a passage is read to, at most: more than that says little more. */
const PASSAGE_TOKENS = 256;
/** Probabilities of the model before training that are kept: 128 MiB. */
const KEPT_ELEMENTS = 2 ** 25;
/** Logits that are held at one time. */
const CHUNK_ELEMENTS = 2 ** 21;

/** Passages as the model reads them: every token counts alike. */
export function neutralExamples(
  passages: readonly string[],
  { tokenizer, maxLength }: { readonly tokenizer: Tokenizer; readonly maxLength: number },
): WeightedExample[] {
  const table = roleWeights({ promptLossWeight: 0, templateLossWeight: 0 });
  return passages.flatMap((passage) => {
    const bos = tokenizer.bosId === undefined ? [] : [tokenizer.bosId];
    const ids = [...bos, ...tokenizer.encode(passage, 'start')].slice(0, Math.min(PASSAGE_TOKENS, maxLength));
    if (ids.length < 2) return [];
    return {
      ids: Int32Array.from(ids),
      roles: Uint8Array.from(ids, (_, i) => (i < bos.length ? TokenRole.bos : TokenRole.assistant)),
      segmentWeights: new Float32Array(ids.length).fill(1),
      promptLength: bos.length,
      cutTokens: 0,
      cutAnswerTokens: 0,
      roleWeights: table,
      rowWeight: 1,
    };
  });
}

/** The neutral text with what a model thinks of it before it is trained. */
export interface NeutralReference {
  measure(decoder: Decoder, breathe?: Breathe): Promise<NeutralOutcome>;
}

/** @param base the model before training, which is asked now */
export async function neutralReference(
  base: Decoder,
  examples: readonly WeightedExample[],
  breathe?: Breathe,
): Promise<NeutralReference> {
  const { vocabularySize } = base.config;
  const places = examples.reduce((sum, { ids }) => sum + ids.length - 1, 0);
  const every = Math.max(1, Math.ceil((places * vocabularySize) / KEPT_ELEMENTS));
  const kept: Float32Array[] = [];
  await eachChunk(base, examples, { every, breathe }, async (logProbabilities) => {
    kept.push((await logProbabilities.data<'float32'>()).slice());
  });
  return {
    async measure(decoder, breatheNow) {
      let [divergence, count, chunk] = [0, 0, 0];
      await eachChunk(decoder, examples, { every, breathe: breatheNow }, async (tuned) => {
        const sum = tf.tidy(() => {
          const before = tf.tensor(kept[chunk] as Float32Array, tuned.shape);
          return tf.sum(tf.mul(tf.exp(before), tf.sub(before, tuned)));
        });
        divergence += (await sum.data<'float32'>())[0] as number;
        sum.dispose();
        count += tuned.shape[0] as number;
        chunk++;
      });
      return { neutralLoss: await lossOn(decoder, examples, breatheNow), klBase: divergence / count };
    },
  };
}

async function lossOn(decoder: Decoder, examples: readonly WeightedExample[], breathe?: Breathe): Promise<number> {
  let sums: LossSums = NO_LOSS;
  for (const example of examples) sums = addSums(sums, await measureLoss(decoder, makeBatch([example]), breathe));
  return meanLosses(sums).completionLoss as number;
}

/** Logs of the probabilities of what comes next, `[places, vocabulary]`, at every n-th place of each passage. */
async function eachChunk(
  decoder: Decoder,
  examples: readonly WeightedExample[],
  { every, breathe }: { readonly every: number; readonly breathe?: Breathe | undefined },
  take: (logProbabilities: tf.Tensor) => Promise<void>,
): Promise<void> {
  const size = Math.max(1, Math.floor(CHUNK_ELEMENTS / decoder.config.vocabularySize));
  for (const example of examples) {
    const hidden = await inferHiddenStates(decoder, makeBatch([example]), breathe);
    const places = Array.from({ length: example.ids.length - 1 }, (_, i) => i).filter((i) => i % every === 0);
    try {
      for (let from = 0; from < places.length; from += size) {
        const logProbabilities = tf.tidy(() => {
          const states = tf.gather(hidden, tf.tensor1d(places.slice(from, from + size), 'int32'));
          return tf.logSoftmax(vocabularyLogits(decoder, states));
        });
        await take(logProbabilities);
        logProbabilities.dispose();
      }
    } finally {
      hidden.dispose();
    }
  }
}
