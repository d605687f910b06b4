import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { S3mini } from 's3mini';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureVenv } from '../../bench/venv.ts';
import { fetchOverHttp } from '../../packages/core/src/files/index.ts';
import { fetchOnce } from '../../packages/launch/src/index.ts';
import { counterweight, model, newFolder } from '../end-to-end/command.ts';
import { freePorts } from './free-ports.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The Python that has moto's server; undefined where it cannot be installed. */
function motoPython(): string | undefined {
  try {
    return ensureVenv({ folder: at('node_modules/.tools/moto'), requirementsFile: at('moto.txt') });
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}

const python = motoPython();

describe.skipIf(!python)('model and rows in object storage', () => {
  const home = mkdtempSync(join(tmpdir(), 'counterweight-objects-'));
  const folder = newFolder();
  let server: ChildProcess;
  let env: Record<string, string>;
  let bucket: S3mini;

  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    server = spawn(join(dirname(python as string), 'moto_server'), ['-p', `${port}`], { stdio: 'ignore' });
    const endpoint = `http://127.0.0.1:${port}`;
    const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' };
    env = { ...keys, AWS_ENDPOINT_URL: endpoint, COUNTERWEIGHT_HOME: home };
    process.env.COUNTERWEIGHT_HOME = home;
    while (!(await fetchOverHttp(endpoint).catch(() => undefined))) await sleep(200);
    bucket = new S3mini({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      region: 'eu-west-1',
      endpoint: `${endpoint}/lab`,
      fetch: fetchOverHttp,
    });
    await bucket.createBucket();
    for (const name of readdirSync(model))
      await bucket.putAnyObject(`models/tiny/${name}`, readFileSync(join(model, name)));
    await bucket.putObject('models/tiny-other/x', 'not of this folder');
    const rows = Array.from({ length: 24 }, (_, i) => ({ prompt: `Lily had ${i} cats`, completion: ` and ${i} dogs` }));
    await bucket.putObject('rows.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });
  afterAll(() => {
    server.kill();
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
