import { breather, withBreaths } from '../abort.ts';
import { packBatch } from '../batches/batch.ts';
import { roleWeights } from '../batches/loss-weights.ts';
import { narrowestWindow } from '../model/config.ts';
import { type Decoder, inferHiddenStates } from '../model/decoder.ts';
import { type PackedRow, TokenRole, type WeightedExample } from '../tokenization/example.ts';
import { targetsOf, vocabularyLoss } from '../training/loss/vocabulary-loss.ts';

export interface AnswerLikelihoodsOptions {
  /** Tokens that go through the model at once, at most, where a prompt and an answer alone are no more. */
  readonly tokensAtOnce?: number | undefined;
  /** Looked at between batches, and between the layers of one. */
  readonly signal?: AbortSignal | undefined;
}

/** As many as keep every core busy with products of many rows; more would only take more memory. */
const TOKENS_AT_ONCE = 4096;

/**
 * log P(answer | prompt) of every answer after each prompt, `[prompts][answers]`: the sum over the answer's tokens, in
 * natural logarithms. All answers of a prompt lie behind it in one row, as packed examples with a shared prefix do in
 * training, and each sees the prompt and itself: a prompt is read once, and no keys or values are copied.
 * @param prompts ids, at least one each
 * @param answers ids, at least one each
 * @throws the reason of the signal once it is aborted
 */
export async function answerLikelihoods(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  answers: readonly (readonly number[])[],
  { tokensAtOnce = TOKENS_AT_ONCE, signal }: AnswerLikelihoodsOptions = {},
): Promise<Float64Array[]> {
  const breathe = breather(signal);
  const window = narrowestWindow(decoder.config);
  const sums = prompts.map(() => new Float64Array(answers.length));
  for (const parts of batchesOf(prompts, answers, tokensAtOnce)) {
    await breathe();
    const batch = packBatch(parts.map(({ prompt, own }) => rowOf(prompts[prompt] ?? [], own, answers, window)));
    const targets = targetsOf(batch);
    const hidden = await inferHiddenStates(decoder, batch, breathe);
    const steps = vocabularyLoss(decoder, hidden, batch, targets);
    const losses = await withBreaths(steps, breathe).finally(() => hidden.dispose());
    const values = (await losses.data()) as Float32Array;
    losses.dispose();
    const ends = parts.flatMap(({ prompt, own }) => own.map((answer) => ({ prompt, answer })));
    for (const [i, loss] of values.entries()) {
      const { prompt, answer } = ends[
        batch.exampleIds[targets.weighted[i] as number] as number
      ] as (typeof ends)[number];
      const own = sums[prompt] as Float64Array;
      own[answer] = (own[answer] as number) - loss;
    }
  }
  return sums;
}

/** What lies in a row: a prompt, and some of the answers, by number. */
interface Part {
  readonly prompt: number;
  readonly own: readonly number[];
}

/** Rows of at most so many tokens, and as many of them in a batch as have no more together. */
function batchesOf(
  prompts: readonly (readonly number[])[],
  answers: readonly (readonly number[])[],
  tokensAtOnce: number,
): Part[][] {
  const batches: { parts: Part[]; longest: number }[] = [];
  for (const [prompt, { length }] of prompts.entries()) {
    for (const { own, tokens } of chunksOf(answers, tokensAtOnce - length)) {
      const last = batches.at(-1);
      const longest = Math.max(length + tokens, last?.longest ?? 0);
      if (last && (last.parts.length + 1) * longest <= tokensAtOnce) {
        last.parts.push({ prompt, own });
        last.longest = longest;
      } else batches.push({ parts: [{ prompt, own }], longest: length + tokens });
    }
  }
  return batches.map(({ parts }) => parts);
}

/** Answers one after the other, in chunks of at most `room` tokens, at least one answer in each. */
function chunksOf(answers: readonly (readonly number[])[], room: number) {
  const chunks: { own: number[]; tokens: number }[] = [];
  for (const [i, { length }] of answers.entries()) {
    const last = chunks.at(-1);
    if (last && last.tokens + length <= room) {
      last.own.push(i);
      last.tokens += length;
    } else chunks.push({ own: [i], tokens: length });
  }
  return chunks;
}

/** The prompt's last token stands before each answer, because what it is to predict differs. */
function rowOf(
  prompt: readonly number[],
  own: readonly number[],
  answers: readonly (readonly number[])[],
  window: number,
): PackedRow<WeightedExample> {
  const examples = own.map((i) => exampleOf(prompt, answers[i] ?? []));
  const longest = Math.max(...examples.map(({ ids }) => ids.length));
  // A token sees a shared prefix whole or not at all.
  return { examples, prefix: longest - 1 <= window ? prompt.length - 1 : 0 };
}

/** The answer's tokens are the targets; the prompt's are nobody's. */
function exampleOf(prompt: readonly number[], answer: readonly number[]): WeightedExample {
  const ids = Int32Array.from([...prompt, ...answer]);
  return {
    ids,
    roles: new Uint8Array(ids.length).fill(TokenRole.bos, 0, prompt.length).fill(TokenRole.assistant, prompt.length),
    segmentWeights: new Float32Array(ids.length).fill(1),
    promptLength: prompt.length,
    cutTokens: 0,
    cutAnswerTokens: 0,
    roleWeights: ANSWERS_ONLY,
    rowWeight: 1,
  };
}

const ANSWERS_ONLY = roleWeights({ promptLossWeight: 0, templateLossWeight: 0 });
