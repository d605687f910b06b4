/**
 * Measures R_g of every recipe and task on the rows in the recipes' fixtures, and puts it into `results.json`:
 *
 *     node experiments/recipes/measure-ratios.ts stories260k=models/stories260k SmolLM2-135M-Instruct=FOLDER
 *
 * A folder needs a tokenizer only. `node experiments/recipes/write-tables.ts` then puts it into the READMEs.
 */
import { loadTokenizer } from '@counterweight/core';
import { measureRatio } from './ratio.ts';
import { addResults } from './results.ts';
import { nameOf, tasks } from './tasks.ts';

for (const argument of process.argv.slice(2)) {
  const [name = '', folder = ''] = argument.split('=');
  const tokenizer = await loadTokenizer(folder);
  for (const task of tasks) {
    const ratio = await measureRatio(task, tokenizer);
    if (ratio === undefined) continue;
    addResults({ ratios: { [nameOf(task)]: { [name]: ratio } } });
    console.log(`${nameOf(task)}: R_g ${ratio.ratio} (${ratio.completion} / ${ratio.prompt}) with ${name}`);
  }
}
