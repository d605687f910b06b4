import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upload } from '../../packages/launch/src/files.ts';
import { fetchOnce } from '../../packages/launch/src/index.ts';
import { counterweight, model, newFolder } from '../end-to-end/command.ts';
import { hasObjectStore, type ObjectStore, startObjectStore } from './object-store.ts';

const isHere = hasObjectStore();

describe.skipIf(!isHere)('model and rows in object storage', () => {
  const home = mkdtempSync(join(tmpdir(), 'counterweight-objects-'));
  const folder = newFolder();
  let store: ObjectStore;
  let env: Record<string, string>;
  let bucket: ObjectStore['bucket'];

  beforeAll(async () => {
    store = await startObjectStore();
    bucket = store.bucket;
    env = { ...store.env, COUNTERWEIGHT_HOME: home };
    process.env.COUNTERWEIGHT_HOME = home;
    for (const name of readdirSync(model))
      await bucket.putAnyObject(`models/tiny/${name}`, readFileSync(join(model, name)));
    await bucket.putObject('models/tiny-other/x', 'not of this folder');
    const rows = Array.from({ length: 24 }, (_, i) => ({ prompt: `Lily had ${i} cats`, completion: ` and ${i} dogs` }));
    await bucket.putObject('rows.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });
  afterAll(() => {
    store.stop();
    rmSync(home, { recursive: true });
  });

  it('are fetched once, whole, by whoever comes first', async () => {
    const fetched = await Promise.all([1, 2, 3].map(() => fetchOnce('s3://lab/models/tiny/', { env })));
    expect(new Set(fetched).size).toBe(1);
    const [here = ''] = fetched;
    expect(basename(here)).toBe('tiny');
    expect(readdirSync(here).sort()).toEqual(readdirSync(model).sort());
    for (const name of readdirSync(model))
      expect(readFileSync(join(here, name))).toEqual(readFileSync(join(model, name)));
    // What is here is not asked for again: it is what it was, though somebody wrote into it.
    writeFileSync(join(here, 'mark'), '');
    expect(readdirSync(await fetchOnce('s3://lab/models/tiny', { env }))).toContain('mark');
    rmSync(join(here, 'mark'));
  });

  it('are fetched anew when they have changed', async () => {
    await bucket.putObject('changing.txt', 'one');
    const first = await fetchOnce('s3://lab/changing.txt', { env });
    await bucket.putObject('changing.txt', 'two');
    const second = await fetchOnce('s3://lab/changing.txt', { env });
    expect([first, second].map((file) => readFileSync(file, 'utf8'))).toEqual(['one', 'two']);
  });

  it('that are large go there in parts, and come back whole', async () => {
    const file = join(folder, 'large.bin');
    writeFileSync(file, randomBytes(20 * 2 ** 20));
    await upload(bucket, 'large.bin', file);
    expect(readFileSync(await fetchOnce('s3://lab/large.bin', { env })).equals(readFileSync(file))).toBe(true);
  });

  it('are named where they are not there, or there is no key', async () => {
    await expect(fetchOnce('s3://lab/models/tin', { env })).rejects.toThrow('There is no such object');
    await expect(fetchOnce('s3://lab', { env })).rejects.toThrow('This names no object');
    await expect(fetchOnce('s3://lab/x', { env: {} })).rejects.toThrow('There is no key to object storage');
  });

  it('are what a sweep is planned with, and done with by a worker on another machine', async () => {
    const sweep = join(folder, 'sweep');
    const task = [
      '--model',
      's3://lab/models/tiny',
      '--data',
      's3://lab/rows.jsonl',
      '--engine',
      'wasm',
      '--eval-split',
      '0.5',
    ];
    const trials = ['--weights', '0', '--seeds', '1', '--max-steps', '5', '--evaluate-losses-only', '--output', sweep];
    const planned = await counterweight(['sweep', 'plan', ...task, ...trials], env);
    expect([planned.code, planned.stderr]).toEqual([0, expect.stringContaining('1 trainings of 5 steps')]);
    const [trial = ''] = readdirSync(join(sweep, 'planned'));
    const elsewhere = { ...env, COUNTERWEIGHT_HOME: join(folder, 'another-machine') };
    expect((await counterweight(['worker', join(sweep, 'planned', trial)], elsewhere)).code).toBe(0);
  });
});
