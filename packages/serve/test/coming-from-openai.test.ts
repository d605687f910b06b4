import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { chatModel } from '../../../test/end-to-end/chat-model.ts';
import { counterweight, newFolder, watchCounterweight } from '../../../test/end-to-end/command.ts';

/** docs/coming-from-openai.md, done as it stands there: its row, its commands and its program, with the small model. */

const page = readFileSync(new URL('../../../docs/coming-from-openai.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

const folder = newFolder();
const here: Record<string, string> = {
  'HuggingFaceTB/SmolLM2-135M-Instruct': chatModel(folder),
  'train.jsonl': join(folder, 'train.jsonl'),
  'runs/mail': join(folder, 'mail'),
  'mail=runs/mail': `mail=${join(folder, 'mail')}`,
  '8080': '0',
};
const [train = [], serve = []] = block('sh')
  .trim()
  .split('\n')
  .map((line) =>
    line
      .split(/\s+/)
      .slice(2)
      .map((word) => here[word] ?? word),
  );

it('trains on the file, serves the run and answers the client', async () => {
  // The row again and again: enough for the small model to know its answer by heart.
  writeFileSync(join(folder, 'train.jsonl'), block('json').repeat(40));
  const enough = ['--method', 'full', '--learning-rate', '0.002', '--epochs', '8', '--precision', 'f32'];
  const trained = await counterweight([...train, ...enough]);
  expect(trained.code, trained.stderr).toBe(0);

  const said: unknown[] = [];
  const ask = async (address: string) => {
    const code = block('ts').replace("import OpenAI from 'openai';", '').replace('http://127.0.0.1:8080', address);
    const program = new Function('OpenAI', 'console', `return (async () => {${code}})();`);
    await program(OpenAI, { log: (text: unknown) => said.push(text) });
  };
  const served = await watchCounterweight(serve, {
    onLine: (address, kill) =>
      void ask(address)
        .catch((error: unknown) => said.push(error))
        .finally(() => kill('SIGTERM')),
  });
  expect(served.code, served.stderr).toBe(0);
  expect(said).toEqual(['card arrival']);
});
