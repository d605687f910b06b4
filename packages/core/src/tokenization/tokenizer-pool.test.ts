import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { plain } from '../recipe/plain.ts';
import { hashTextProcessing, openTextProcessing } from '../tokenizer/text-processing.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { cached, trimCache } from './tokenization-cache.ts';
import { CHUNK_ROWS, type Outcome, outcomesOf, type RenderedRow, tokenizeHere } from './tokenize-rows.ts';
import { tokenizeInWorkers } from './tokenizer-pool.ts';

const started = vi.hoisted(() => ({ count: 0 }));
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>();
  class Worker extends real.Worker {
    constructor(...options: ConstructorParameters<typeof real.Worker>) {
      super(...options);
      started.count++;
    }
  }
  return { ...real, Worker };
});
vi.mock('node:os', async (original) => {
  const real = await original<typeof import('node:os')>();
  return { ...real, availableParallelism: vi.fn(real.availableParallelism) };
});

const folder = new URL('../../../../models/stories260k', import.meta.url).pathname;
const place = { folder, modelFolder: folder, training: parseTrainingOptions() };
const { layout } = plain();

const rowOf = (i: number, answer = `They met ${i} friends.`): RenderedRow => ({
  rendered: {
    prompt: [{ role: 'user', text: `Story ${i}: once upon a time` }],
    completion: [{ role: 'assistant', text: answer }],
  },
  layout,
  maxLength: i % 7 === 3 ? 20 : 64,
  maxNewTokens: 10,
  longAnswers: 'drop',
  where: `rows.jsonl, row ${i + 1}`,
});

const count = 3 * CHUNK_ROWS + 10;
async function* rows(change?: { at: number; row: RenderedRow }) {
  for (let i = 0; i < count; i++) yield change?.at === i ? change.row : rowOf(i);
}

async function collect(outcomes: AsyncIterable<Outcome>): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

const { tokenizer, chat } = await openTextProcessing(place);
const here = tokenizeHere(tokenizer, chat);

describe('rows in other threads', () => {
  it('become the same, in the same order', async () => {
    const { tokenizeChunk, close } = tokenizeInWorkers(place, here, 0);
    const outcomes = await collect(outcomesOf(rows(), tokenizeChunk));
    await close();
    expect(outcomes).toEqual(await collect(outcomesOf(rows(), here)));
    expect(outcomes.filter((outcome) => outcome === 'too-long').length).toBeGreaterThan(0);
  });

  it('are those of a long text from the first on, because this thread hears nothing meanwhile', async () => {
    const before = started.count;
    const { tokenizeChunk, close } = tokenizeInWorkers(place, here);
    const short = await tokenizeChunk([rowOf(1)]);
    expect(started.count).toBe(before);
    const long = rowOf(2, 'a long day '.repeat(100_000));
    expect(await tokenizeChunk([rowOf(1), long])).toEqual([...short, ...(await here([long]))]);
    expect(started.count).toBe(before + 1);
    await close();
  });

  it('that a template refuses come with the same message, and the rows around them as they are', async () => {
    const chatty = await mkdtemp(join(tmpdir(), 'counterweight-'));
    await cp(folder, chatty, { recursive: true });
    const refusing =
      "{% for m in messages %}{% if 'flee' in m.content %}{{ raise_exception('Stay!') }}{% endif %}[{{ m.role }}]{{ m.content }}{% endfor %}[assistant]";
    await writeFile(join(chatty, 'chat_template.jinja'), refusing);
    const own = { ...place, folder: chatty };
    const opened = await openTextProcessing(own);
    const ownHere = tokenizeHere(opened.tokenizer, opened.chat);
    const rendered = { ...rowOf(700).rendered, prompt: [{ role: 'user' as const, text: 'They flee.' }] };
    const change = { at: 700, row: { ...rowOf(700), rendered } };
    const { tokenizeChunk, close } = tokenizeInWorkers(own, ownHere, 0);
    const outcomes = (chunk: typeof here) => collect(outcomesOf(rows(change), chunk));
    const [there, expected] = [await outcomes(tokenizeChunk), await outcomes(ownHere)];
    await close();
    await rm(chatty, { recursive: true });
    expect(expected[700]).toMatchObject({ invalid: { code: 'template-refused', where: 'rows.jsonl, row 701' } });
    expect(there).toEqual(expected);
    expect(there.filter((outcome) => typeof outcome === 'object' && 'invalid' in outcome)).toHaveLength(1);
  });
});

describe('threads', () => {
  it('are no more than there are chunks at a time, nor than processors', async () => {
    for (const [processors, expected] of [
      [64, 4],
      [2, 2],
    ] as const) {
      started.count = 0;
      vi.mocked(availableParallelism).mockReturnValue(processors);
      const { tokenizeChunk, close } = tokenizeInWorkers(place, here, 0);
      await collect(outcomesOf(rows(), tokenizeChunk));
      await close();
      expect(started.count).toBe(expected);
    }
  });
});

describe('the cache of tokenized rows', () => {
  let cache: { folder: string; wordsHash: string };
  beforeAll(async () => {
    cache = { folder: await mkdtemp(join(tmpdir(), 'counterweight-')), wordsHash: await hashTextProcessing(place) };
  });
  afterAll(() => rm(cache.folder, { recursive: true }));

  /** Outcomes through the cache, and how many chunks had to be tokenized for them. */
  const through = async (settings = cache, change?: { at: number; row: RenderedRow }) => {
    let chunks = 0;
    const counted: typeof here = (chunk) => {
      chunks++;
      return here(chunk);
    };
    return { outcomes: await collect(outcomesOf(rows(change), cached(counted, settings))), chunks };
  };

  it('gives what was tokenized before, and tokenizes nothing but the rows that changed', async () => {
    const expected = await collect(outcomesOf(rows(), here));
    expect(await through()).toEqual({ outcomes: expected, chunks: 4 });
    expect(await through()).toEqual({ outcomes: expected, chunks: 1 });
    const changed = await through(cache, { at: 600, row: { ...rowOf(600), maxLength: 63 } });
    expect(changed.chunks).toBe(2);
  });

  it('knows other lengths, texts and tokenizers from these', async () => {
    await through();
    const row = rowOf(5);
    for (const other of [
      { ...row, maxLength: 65 },
      { ...row, maxNewTokens: 11 },
      { ...row, longAnswers: 'cut' as const },
      {
        ...row,
        rendered: { ...row.rendered, prompt: [{ role: 'system' as const, text: 'Story 5: once upon a time' }] },
      },
    ]) {
      expect((await through(cache, { at: 5, row: other })).chunks).toBe(2);
    }
    expect((await through({ ...cache, wordsHash: 'another' })).chunks).toBe(4);
    const withTokens = { ...place, training: parseTrainingOptions({ addTokens: ['<story>'] }) };
    expect(await hashTextProcessing(withTokens)).not.toBe(cache.wordsHash);
  });

  it('takes a file that was damaged for none', async () => {
    const expected = await through();
    for (const name of await readdir(cache.folder)) {
      const file = join(cache.folder, name);
      const bytes = await readFile(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      await writeFile(file, bytes);
    }
    expect(await through()).toEqual({ outcomes: expected.outcomes, chunks: 4 });
  });

  it('stays within its size', async () => {
    await through();
    const sizes = async () => {
      const files = (await readdir(cache.folder)).map((name) => readFile(join(cache.folder, name)));
      return (await Promise.all(files)).map((bytes) => bytes.length);
    };
    const total = (await sizes()).reduce((sum, size) => sum + size, 0);
    await trimCache({ ...cache, maxBytes: total / 2 });
    const left = (await sizes()).reduce((sum, size) => sum + size, 0);
    expect(left).toBeLessThanOrEqual(total / 2);
    expect(left).toBeGreaterThan(0);
  });
});
