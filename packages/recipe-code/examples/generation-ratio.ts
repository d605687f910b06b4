/**
 * R_g, completion tokens divided by prompt tokens, of the recipe's samples: where the default weights come from.
 *
 *     node packages/recipe-code/examples/generation-ratio.ts MODEL_FOLDER
 *
 * The folder needs a tokenizer only. Counted are the words of prompt and completion and the end-of-sequence token; what
 * a template adds is left out.
 */
import { readFileSync } from 'node:fs';
import { loadTokenizer } from '@counterweight/core';
import { code, type Task } from '@counterweight/recipe-code';

const folder = process.argv[2];
if (!folder) throw new Error('Give a folder with tokenizer.json.');
const tokenizer = await loadTokenizer(folder);
const tokensOf = (segments: readonly { readonly text: string }[]) =>
  tokenizer.encode(segments.map(({ text }) => text).join(''), 'start').length;

measure('write-a-function', 'functions.jsonl');
measure('fix-a-bug', 'bugs.jsonl');
measure('suggest-an-improvement', 'improvements.jsonl');
measure('write-tests', 'tests.jsonl');

function measure(task: Task, file: string): void {
  const recipe = code({ task, passAt: [] });
  const lines = readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  let [prompts, completions, longest] = [0, 0, 0];
  for (const line of lines) {
    const { prompt, completion } = recipe.render(recipe.parseRow(JSON.parse(line)));
    const [before, after] = [tokensOf(prompt), tokensOf(completion) + 1];
    prompts += before;
    completions += after;
    longest = Math.max(longest, before + after);
  }
  const [mean, of] = [completions / lines.length, prompts / lines.length].map((tokens) => tokens.toFixed(1));
  console.log(`${task}: R_g ${(completions / prompts).toFixed(2)} (${mean} / ${of}), longest ${longest}`);
}
