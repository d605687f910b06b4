/**
 * R_g, completion tokens divided by prompt tokens, of the translation recipe's samples by language pair and task: where its
 * default weights come from, and the table of pairs in its README.
 *
 *     node experiments/recipes/ratio-by-pair.ts [FOLDER]
 *
 * The folder (default: models/stories260k) needs a tokenizer only. Counted are the words of prompt and completion and the
 * end-of-sequence token; what a template adds is left out. `texts` compares the translation with its source alone.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadTokenizer, type Recipe } from '@counterweight/core';
import { translation } from '../../packages/recipe-translation/src/index.ts';
import { fixture } from './tasks.ts';

const own = fileURLToPath(new URL('../../models/stories260k', import.meta.url));
const tokenizer = await loadTokenizer(process.argv[2] ?? own);
const tokensOf = (text: string) => tokenizer.encode(text, 'start').length;

const rowsOf = (name: string): Record<string, unknown>[] =>
  readFileSync(fixture('translation', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

measure('translate', translation(), rowsOf('tatoeba-train.jsonl'), (row) => `${row.from}→${row.to}`);
measure('translate-formally', translation({ task: 'translate-formally' }), rowsOf('complaints.jsonl'));
measure('reply-in-two-languages', translation({ task: 'reply-in-two-languages' }), rowsOf('replies.jsonl'));

function measure<Row>(
  task: string,
  recipe: Recipe<Row>,
  rows: readonly Record<string, unknown>[],
  groupOf: (row: Record<string, unknown>) => string = () => 'all',
): void {
  const sums = new Map<string, { rows: number; prompt: number; text: number; completion: number }>();
  for (const input of rows) {
    const { prompt, completion } = recipe.render(recipe.parseRow(input));
    const lengths = {
      prompt: tokensOf(prompt.map((segment) => segment.text).join('')),
      text: tokensOf(prompt.at(-1)?.text ?? ''),
      completion: tokensOf(completion.map((segment) => segment.text).join('')) + 1,
    };
    for (const group of new Set(['all', groupOf(input)])) {
      const sum = sums.get(group) ?? { rows: 0, prompt: 0, text: 0, completion: 0 };
      sums.set(group, {
        rows: sum.rows + 1,
        prompt: sum.prompt + lengths.prompt,
        text: sum.text + lengths.text,
        completion: sum.completion + lengths.completion,
      });
    }
  }
  for (const [group, { rows: count, prompt, text, completion }] of sums) {
    const [ratio, ofTexts] = [completion / prompt, completion / text].map((number) => number.toFixed(2));
    console.log(
      `${task} ${group}: R_g ${ratio} (${(completion / count).toFixed(1)} / ${(prompt / count).toFixed(1)}), texts ${ofTexts}`,
    );
  }
}
