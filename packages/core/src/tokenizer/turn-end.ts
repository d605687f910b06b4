import type { Stretch } from './stretches.ts';

/** From and to, in characters. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What ends turns, and how texts are cut at special tokens. */
export interface TurnEnds {
  readonly stretches: (text: string) => readonly Stretch[];
  /** The tokens at which generation stops, as far as they are known. */
  readonly stops: readonly string[];
  /** Tokens that end an answer after which the conversation goes on, and at which generation does not stop. */
  readonly earlierEnds: readonly string[];
}

/**
 * The special tokens with which an answer ends, in the text that is written for it when it is the last of the
 * conversation. Behind its words stand special tokens and white space only; generation goes on to the first of them
 * that it stops at, and writes the tokens that adjoin it on the left too (`<|END_RESPONSE|><|END_OF_TURN_TOKEN|>`).
 * Where it stops at none of them, the first run of them is the end.
 * @returns undefined for an answer that ends with no special token
 */
export function endingOf(text: string, { stretches, stops }: TurnEnds): Span | undefined {
  const runs = trailingRuns(text, stretches);
  for (const run of runs) {
    const stop = run.findIndex(({ token }) => stops.includes(token));
    if (stop >= 0) return spanOf(run.slice(0, stop + 1));
  }
  return spanOf(runs[0] ?? []);
}

/** The same before the stops are known: the first run, up to a token that the model's own settings name as a stop. */
export function firstEnding(text: string, { stretches, stops }: TurnEnds): Span | undefined {
  const [run = []] = trailingRuns(text, stretches);
  const stop = run.findIndex(({ token }) => stops.includes(token));
  return spanOf(stop < 0 ? run : run.slice(0, stop + 1));
}

/**
 * How long the tokens are that end an answer, in a conversation that goes on after it.
 * @param ending with which it ends when it is the last one; empty where it ends with no special token
 * @param next what stands behind its words in this conversation
 */
export function lengthOfEnding(ending: string, next: string, { stretches, stops, earlierEnds }: TurnEnds): number {
  const run = runsOf(stretches(next))[0] ?? [];
  if (run[0]?.from !== 0) return 0;
  const own = runsOf(stretches(ending))[0] ?? [];
  const other = own.findIndex(({ token }, i) => token !== run[i]?.token);
  const same = run[(other < 0 ? own.length : other) - 1];
  if (same) return same.to;
  const [first] = run;
  return stops.includes(first.token) || earlierEnds.includes(first.token) ? first.to : 0;
}

/** A stretch that is a special token. */
type TokenStretch = Stretch & { readonly token: string };

function trailingRuns(text: string, stretches: TurnEnds['stretches']): TokenStretch[][] {
  const all = stretches(text);
  const lastWord = all.findLastIndex(({ from, to, token }) => !token && text.slice(from, to).trim() !== '');
  return runsOf(all.slice(lastWord + 1));
}

/** Special tokens that adjoin each other. */
function runsOf(stretches: readonly Stretch[]): TokenStretch[][] {
  const runs: TokenStretch[][] = [];
  for (const stretch of stretches) {
    if (!isToken(stretch)) continue;
    const previous = runs.at(-1)?.at(-1);
    if (previous?.to === stretch.from && previous.taken === 0) runs.at(-1)?.push(stretch);
    else runs.push([stretch]);
  }
  return runs;
}

const isToken = (stretch: Stretch): stretch is TokenStretch => stretch.token !== undefined;

function spanOf(run: readonly Stretch[]): Span | undefined {
  const [first, last] = [run[0], run.at(-1)];
  return first && last && { from: first.from, to: last.to };
}
