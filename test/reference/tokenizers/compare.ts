/**
 * Compares our ids with those that compare.py wrote: `node compare.ts FOLDER`. Names every tokenizer that differs, with
 * the number of texts and the first of them, and ends with 1 if there is one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTokenizer } from '../../../packages/core/src/tokenizer/create-tokenizer.ts';
import { tokenizerJsonSchema } from '../../../packages/core/src/tokenizer/tokenizer-json.ts';

const folder = process.argv[2] ?? '.';
const only = process.argv[3];
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const texts = read('texts.json') as string[];
let different = 0;
for (const name of readdirSync(folder).sort()) {
  if (name === 'texts.json' || (only && !name.startsWith(only))) continue;
  const { tokenizer: settings, ids } = read(name) as { tokenizer: unknown; ids: number[][] };
  const json = tokenizerJsonSchema.parse(settings);
  const tokenizer = createTokenizer({ json, bosId: undefined, eosId: 0, where: name });
  const started = performance.now();
  const wrong = texts.flatMap((text, i) => {
    const ours = tokenizer.encode(text, 'start');
    return ours.join() === ids[i]?.join() ? [] : [{ text, ours, reference: ids[i] }];
  });
  const milliseconds = Math.round(performance.now() - started);
  console.log(`${name}: ${wrong.length} of ${texts.length} texts differ, ${milliseconds} ms`);
  if (wrong.length > 0) different++;
  for (const { text, ours, reference } of wrong.slice(0, 3)) {
    console.log(`  ${JSON.stringify(text)}\n    ours      ${ours.join(' ')}\n    reference ${reference?.join(' ')}`);
  }
}
console.log(different === 0 ? 'No tokenizer differs.' : `${different} tokenizers differ.`);
process.exitCode = different === 0 ? 0 : 1;
