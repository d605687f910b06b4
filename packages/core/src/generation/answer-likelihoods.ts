import { breather } from '../abort.ts';
import type { Decoder } from '../model/decoder.ts';
import { type Inference, startInference } from './inference.ts';
import { buildTrie, type TokenTrie } from './token-trie.ts';

export interface AnswerLikelihoodsOptions {
  /** Tokens whose keys and values are held at once, at most, where a row alone has no more. */
  readonly tokensAtOnce?: number | undefined;
  /** Looked at after every level of tokens, and between the layers that read a prompt. */
  readonly signal?: AbortSignal | undefined;
}

/** Of keys and values, which are 1 kB a token in the smallest model and 46 kB in one of 135 million parameters. */
const BYTES_AT_ONCE = 2 ** 28;

const bytesOfToken = ({ config }: Decoder): number =>
  config.blocks.reduce((sum, { attention }) => sum + 8 * attention.keyValueHeads * attention.headSize, 0);

/**
 * log P(answer | prompt) of every answer after each prompt, `[prompts][answers]`: the sum over the answer's tokens, in
 * natural logarithms. A prompt is read once. Answers are walked along a trie of their tokens, level by level, so that what
 * they begin with is computed once a prompt; the nodes of a level are the rows of a batch.
 * @param prompts ids, at least one each
 * @param answers ids, at least one each
 * @throws the reason of the signal once it is aborted
 */
export async function answerLikelihoods(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  answers: readonly (readonly number[])[],
  { tokensAtOnce = Math.floor(BYTES_AT_ONCE / bytesOfToken(decoder)), signal }: AnswerLikelihoodsOptions = {},
): Promise<Float64Array[]> {
  const breathe = breather(signal);
  const { root } = buildTrie(answers);
  const ofTexts = prompts.map(() => new Float64Array(answers.length));
  const rowsAtOnce = Math.max(1, Math.floor(tokensAtOnce / (longest(prompts) + longest(answers))));
  /** Goes on from the rows of a batch; their logits are disposed. */
  const descend = async (inference: Inference, rows: readonly Row[], logits: Logits): Promise<void> => {
    const values = (await logits.data()) as Float32Array;
    logits.dispose();
    const next = rows.flatMap((row, from) => childrenOf(row, from, values, decoder.config.vocabularySize));
    for (const { prompt, node, sum } of next) {
      if (node.text !== undefined) (ofTexts[prompt] as Float64Array)[node.text] = sum;
    }
    const going = next.filter(({ node }) => node.children.size > 0);
    for (let at = 0; at < going.length; at += rowsAtOnce) {
      await breathe();
      const own = going.slice(at, at + rowsAtOnce);
      const isLast = at + rowsAtOnce >= going.length;
      const branch = isLast ? inference : inference.fork(own.map(({ from }) => from));
      try {
        if (isLast) branch.keepRows(own.map(({ from }) => from));
        await descend(branch, own, await branch.next(own.map(({ id }) => id)));
      } finally {
        if (!isLast) branch.dispose();
      }
    }
  };
  const inference = startInference(decoder, { breathe });
  try {
    const rows = prompts.map((_, prompt) => ({ prompt, node: root, sum: 0 }));
    await descend(inference, rows, await inference.prefill(prompts));
  } finally {
    inference.dispose();
  }
  // Answers with the same ids have one end in the trie.
  const firstWith = new Map<string, number>();
  const places = answers.map((ids, i) => {
    const first = firstWith.get(`${ids}`) ?? i;
    firstWith.set(`${ids}`, first);
    return first;
  });
  return ofTexts.map((sums) => Float64Array.from(places, (place) => sums[place] as number));
}

type Logits = Awaited<ReturnType<Inference['next']>>;

/** A prompt, how far an answer is written, and the log-likelihood of that much. */
interface Row {
  readonly prompt: number;
  readonly node: TokenTrie;
  readonly sum: number;
}

/** What one more token makes of a row; `from` is the row's place in its batch. */
function childrenOf({ prompt, node, sum }: Row, from: number, logits: Float32Array, vocabularySize: number) {
  const own = logits.subarray(from * vocabularySize, (from + 1) * vocabularySize);
  const total = logSumExp(own);
  return Array.from(node.children, ([id, child]) => ({
    prompt,
    node: child,
    sum: sum + (own[id] as number) - total,
    id,
    from,
  }));
}

/** In 64 bits. */
function logSumExp(values: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > largest) largest = value;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}

const longest = (texts: readonly (readonly number[])[]): number => Math.max(...texts.map(({ length }) => length));
