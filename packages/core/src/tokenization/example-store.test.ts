import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import { exampleWith } from '../test-support/examples.ts';
import type { TokenRoleName } from './example.ts';
import { type StoreOptions, writeExamples } from './example-store.ts';

const token = fc.record({
  id: fc.nat(2 ** 31 - 1),
  weight: fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }),
  role: fc.constantFrom<TokenRoleName>('bos', 'template', 'system', 'user', 'tool', 'assistant'),
});
const anyExample = fc
  .tuple(fc.array(token, { minLength: 1 }), fc.nat(9), fc.nat(9), fc.constantFrom(1, 0.5))
  .map(([tokens, promptLength, cutTokens, rowWeight]) =>
    exampleWith({
      ids: tokens.map(({ id }) => id),
      weights: tokens.map(({ weight }) => weight),
      roles: tokens.map(({ role }) => role),
      promptLength,
      cutTokens,
      rowWeight,
    }),
  );

it.each([[2 ** 20], [200], [1]])('gives back every example as it was, with a buffer of %d bytes', (bufferBytes) => {
  fc.assert(
    fc.property(fc.array(anyExample, { maxLength: 8 }), (examples) => {
      const writer = writeExamples({ bufferBytes });
      for (const example of examples) writer.append(example, example);
      const store = writer.finish();
      expect(takeExamples(store)).toEqual(examples);
      expect(store.lengths).toEqual(examples.map(({ ids }) => ids.length));
      expect(store.at(examples.length)).toBeUndefined();
    }),
    { numRuns: 25 },
  );
});

const some = () =>
  Array.from({ length: 3 }, (_, i) => exampleWith({ ids: [1, i, 2], roles: ['bos', 'user', 'assistant'] }));
const stored = (options: StoreOptions) => {
  const writer = writeExamples({ bufferBytes: 1, ...options });
  for (const example of some()) writer.append(example, example);
  return writer.finish();
};

it('keeps its file in the folder of Counterweight, and in another one where that can’t be written to', () => {
  const home = mkdtempSync(join(tmpdir(), 'counterweight-home-'));
  vi.stubEnv('COUNTERWEIGHT_HOME', home);
  expect(takeExamples(stored({}))).toEqual(some());
  expect(readdirSync(join(home, 'cache'))).toEqual(['examples']);
  const blocked = join(home, 'no-folder');
  writeFileSync(blocked, '');
  expect(takeExamples(stored({ folders: [join(blocked, 'cache'), home] }))).toEqual(some());
  expect(() => stored({ folders: [join(blocked, 'cache')] })).toThrow(/ENOTDIR/);
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

it('keeps its file open for whoever can still read from it', async () => {
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  const { at } = stored({});
  for (let i = 0; i < 5; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect([0, 1, 2].map(at)).toEqual(some());
});

/** Reads all rows of a file into examples, and says how many and in how much memory. */
const READ = `
  import { prepareExamples } from '${fileURLToPath(new URL('./prepare-examples.ts', import.meta.url))}';
  import { streamRows } from '${fileURLToPath(new URL('../rows/read-rows.ts', import.meta.url))}';
  import { plain } from '${fileURLToPath(new URL('../recipe/plain.ts', import.meta.url))}';
  import { tinyTokenizer } from '${fileURLToPath(new URL('../testing/tiny-tokenizer.ts', import.meta.url))}';
  import { tokenizeHere } from '${fileURLToPath(new URL('./tokenize-rows.ts', import.meta.url))}';
  import { parseTrainingOptions } from '${fileURLToPath(new URL('../training/parse-options.ts', import.meta.url))}';
  const { examples, receipt } = await prepareExamples({
    sourceRows: streamRows(process.argv[1]),
    recipe: plain(),
    tokenizeChunk: tokenizeHere(tinyTokenizer(), undefined),
    training: parseTrainingOptions({}),
    maxLengthOf: () => 2048,
  });
  const last = examples.at(receipt.kept - 1);
  console.log(JSON.stringify({ kept: receipt.kept, tokens: receipt.promptTokens + receipt.completionTokens, last: last.ids.length }));
`;

it('reads a file twice as large as the heap, with more tokens than the heap could hold', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-large-'));
  const path = join(folder, 'rows.jsonl');
  const rows = 32_000;
  const row = { prompt: 'p'.repeat(60), completion: 'c'.repeat(40), note: 'n'.repeat(6500) };
  const file = openSync(path, 'w');
  const block = `${JSON.stringify(row)}\n`.repeat(1000);
  for (let i = 0; i < rows; i += 1000) writeSync(file, block);
  closeSync(file);
  // 32,000 × 6.6 kB is 211 MB; 3.3 million tokens would be 3 × 8 bytes each as plain arrays, beside what Node needs.
  const heap = ['--max-old-space-size=96', '--input-type=module-typescript', '--no-warnings'];
  const child = spawnSync(process.execPath, [...heap, '--eval', READ, path], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(child.status, child.stderr).toBe(0);
  expect(JSON.parse(child.stdout)).toEqual({ kept: rows, tokens: rows * 102, last: 102 });
}, 240_000);
