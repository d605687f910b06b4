import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readRows } from '@counterweight/core';

/** A kind of rows, by how long answers are beside prompts (R_g), and how it is trained on. */
export interface Regime {
  readonly recipe: string;
  /** What is trained, by its own name. */
  readonly model: string;
  readonly rows: () => Promise<readonly object[]>;
  /** Flags of `counterweight sweep`. */
  readonly flags: readonly string[];
}

export type RegimeName = keyof typeof regimes;

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Customer messages and what they are about: the longest, so that answers are short beside them. */
async function messages(count: number): Promise<object[]> {
  const files = ['packages/recipe-support/fixtures/banking77-train.csv', 'bench/data/banking77-more.csv'];
  const rows = (await readRows(files.map(at))).map(({ value }) => value as { message: string });
  return rows.sort((a, b) => b.message.length - a.message.length).slice(0, count);
}

/** Speeches out of Shakespeare's plays, cut into prompt and answer after this share of their words. */
async function speeches(share: number): Promise<object[]> {
  const lines = gunzipSync(readFileSync(new URL('speeches.txt.gz', import.meta.url))).toString();
  return lines
    .trim()
    .split('\n')
    .map((speech) => {
      const words = speech.split(' ');
      const cut = Math.max(1, Math.round(words.length * share));
      return { prompt: words.slice(0, cut).join(' '), completion: ` ${words.slice(cut).join(' ')}` };
    });
}

const stories = ['--model', at('models/stories260k'), '--method', 'full', '--batch-size', '16', '--eval-split', '0.25'];
const small = { model: 'stories260k' } as const;
const tenSeeds = [...stories, '--seeds', '10', '--learning-rate', '3e-3', '--epochs', '3'];
const shortAnswers = { ...small, recipe: 'support', rows: () => messages(1500) };

/** SmolLM2-135M-Instruct, whose folder `smollm2.py` makes: `--model FOLDER`. */
const smollm2 = [
  '--method',
  'lora',
  '--lora-rank',
  '16',
  '--precision',
  'bf16',
  '--batch-size',
  '8',
  '--learning-rate',
  '1e-3',
];

export const regimes = {
  'stories-short': { ...shortAnswers, flags: tenSeeds },
  'stories-equal': { ...small, recipe: 'plain', rows: () => speeches(1 / 2), flags: tenSeeds },
  'stories-long': { ...small, recipe: 'plain', rows: () => speeches(1 / 5), flags: tenSeeds },
  /** Whether weights differ only by what they leave of the answer's gradient: its share stays, or its rate is found. */
  'stories-short-completion-count': {
    ...shortAnswers,
    flags: [...tenSeeds, '--loss-normalization', 'completion-count'],
  },
  'stories-short-tuned': { ...shortAnswers, flags: [...tenSeeds, '--tune', 'learning-rate'] },
  'smollm2-short': {
    model: 'SmolLM2-135M-Instruct',
    recipe: 'support',
    rows: () => messages(900),
    flags: [...smollm2, '--seeds', '6', '--epochs', '2', '--eval-split', '0.3'],
  },
  /** The others between are left out: at this R_g 0.1 is 2.4 % of the total weight; three weights under six seeds can tell, six under three can't. */
  'smollm2-long': {
    model: 'SmolLM2-135M-Instruct',
    recipe: 'plain',
    rows: async () => (await speeches(1 / 5)).slice(0, 200),
    flags: [...smollm2, '--weights', '0,0.1,1', '--seeds', '6', '--epochs', '2', '--eval-split', '0.3'],
  },
} as const satisfies Record<string, Regime>;
