/**
 * Translate into English, from four languages. To translate, a model has to know both; the small one knows a child's
 * English. It learns how long an answer is and where it ends (`ter` and `lengthDeviation` fall), and what the words mean it
 * guesses: BLEU stays where it was, and chrF falls, because it says less.
 *
 *     node examples/translation.ts
 */
import { fineTune, generate } from '@counterweight/core';
import { translation } from '@counterweight/recipe-translation';
import { model, newFolder, printBeforeAndAfter, sampleRows } from './workspace.ts';

// A term base: where a source has the word, the prompt says how it is translated, and a metric looks whether it was.
const recipe = translation({
  glossary: [{ from: 'de', to: 'en', terms: { Rechnung: 'invoice', Termin: 'appointment' } }],
});
const intoEnglish = async (file: string) =>
  (await sampleRows(`recipe-translation/fixtures/${file}`)).filter(
    ({ from, to }) => to === 'en' && ['de', 'es', 'fr', 'nl'].includes(from as string),
  );
const [data, evalData] = [
  await intoEnglish('tatoeba-train.jsonl'),
  (await intoEnglish('tatoeba-eval.jsonl')).slice(0, 24),
];

const { run, ...result } = await fineTune({
  ...{ recipe, model, data, evalData, output: await newFolder() },
  training: { method: 'full', learningRate: 3e-3, epochs: 2, batchSize: 8 },
});
printBeforeAndAfter(result);

const rows = [...evalData.slice(0, 2), { source: 'Wo ist meine Rechnung?', from: 'de', to: 'en' }];
const written = await generate({ recipe, model: `${run}/model`, rows: rows.map(({ target: _, ...row }) => row) });
for (const [i, text] of written.entries()) console.log(`${rows[i]?.source} → ${text}`);
