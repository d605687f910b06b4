/**
 * The recipe's metrics on outputs that exist already, before any training:
 *
 *     node examples/code-outputs.ts
 *
 * Three ways to answer "fix this bug" without a model, each with what gives it away. Handing back the code with its bug
 * looks almost like the answer, letter by letter, and passes nothing. The answer without its last line does not even
 * parse. The answer itself passes.
 */
import { fileURLToPath } from 'node:url';
import { type BugRow, type CodeOptionsInput, code } from '@counterweight/recipe-code';
import { sampleRows } from './workspace.ts';

const ways: Readonly<Record<string, (row: BugRow) => string>> = {
  'the code as it was': (row) => row.code,
  'the answer, cut short': ({ solution = '' }) => solution.split('\n').slice(0, -1).join('\n'),
  'the answer': ({ solution = '' }) => `Here it is:\n\`\`\`\n${solution}\n\`\`\``,
};

/** The metrics of each way, on the first rows of the sample. `passAt: []` runs no program and needs no sandbox. */
export async function scoreOutputs(rowCount: number, passAt: CodeOptionsInput['passAt'] = [1]) {
  const recipe = code({ task: 'fix-a-bug', passAt });
  const rows = (await sampleRows('recipe-code/fixtures/bugs.jsonl', rowCount)).map(recipe.parseRow);
  const scores: Record<string, Record<string, number>> = {};
  for (const [way, answer] of Object.entries(ways)) {
    const predictions = rows.map((row) => ({ row, text: row.task === 'fix-a-bug' ? answer(row) : '' }));
    const ofWay: Record<string, number> = {};
    for (const metric of recipe.metrics) ofWay[metric.name] = Number((await metric.compute(predictions)).toFixed(3));
    scores[way] = ofWay;
  }
  return scores;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await scoreOutputs(20));
