import { execFile, spawnSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { identityOf } from '../files/process-identity.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { COMMIT } from '../test-support/hub-server.ts';
import {
  blobOf,
  downloads,
  hub,
  refused,
  serve,
  storage,
  useTinyHub,
  weights,
  words,
} from '../test-support/tiny-hub.ts';
import { locateModel } from './locate-model.ts';

const path = temporaryFolder();

useTinyHub(path);

describe('a download', () => {
  it('goes on after a dropped connection', async () => {
    await serve({ 'config.json': words['config.json'], 'model.safetensors': weights });
    hub.breakAfter = 70_000;
    const { folder } = await locateModel('org/tiny', 'model');
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
    const ranges = downloads().filter((line) => line.includes('model.safetensors'));
    expect(ranges).toHaveLength(2);
    expect(ranges[1]).toMatch(/ bytes=[1-9]\d*-199999$/);
  });

  it('goes on where an earlier command stopped', async () => {
    await mkdir(join(storage(), 'blobs'), { recursive: true });
    await writeFile(`${blobOf(weights)}.incomplete`, weights.subarray(0, 150_000));
    const { folder } = await locateModel('org/tiny', 'model');
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
    expect(downloads().filter((line) => line.includes('model.safetensors'))).toEqual([
      expect.stringMatching(/ bytes=150000-199999$/),
    ]);
  });

  it('is done once for all who want it at the same time', async () => {
    const places = await Promise.all([1, 2, 3].map(() => locateModel('org/tiny', 'model')));
    for (const { folder } of places) expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
    expect((await lstat(join(places[0]?.folder as string, 'model.safetensors'))).isSymbolicLink()).toBe(true);
    expect(downloads().filter((line) => line.includes('model.safetensors'))).toHaveLength(1);
  });

  it('is done once for several processes too', async () => {
    const module = new URL('locate-model.ts', import.meta.url).href;
    const script = `const { locateModel } = await import('${module}'); console.log((await locateModel('org/tiny', 'model')).folder)`;
    const locateElsewhere = async () =>
      (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])).stdout.trim();
    const [one, other] = await Promise.all([locateElsewhere(), locateElsewhere()]);
    expect(one).toBe(other);
    expect(await readFile(join(one, 'model.safetensors'))).toEqual(weights);
    expect(downloads().filter((line) => line.includes('model.safetensors'))).toHaveLength(1);
  });

  it('goes on after a process that was killed in the midst of it', async () => {
    const blob = blobOf(weights);
    await mkdir(join(storage(), 'blobs'), { recursive: true });
    await writeFile(`${blob}.incomplete`, weights.subarray(0, 150_000));
    const locks = join(process.env.HF_HUB_CACHE as string, '.locks', 'models--org--tiny');
    await mkdir(locks, { recursive: true });
    const { pid } = spawnSync(process.execPath, ['--version']);
    const holder = { token: 'theirs', ...identityOf(process.pid), pid };
    await writeFile(join(locks, `${basename(blob)}.counterweight`), JSON.stringify(holder));
    const { folder } = await locateModel('org/tiny', 'model');
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
    expect(await readdir(locks)).toEqual([]);
  });

  it('ends when it is told to, and goes on another time', async () => {
    const stop = new AbortController();
    const onDownload = () => stop.abort(new Error('enough'));
    await expect(locateModel('org/tiny', 'model', { onDownload, signal: stop.signal })).rejects.toThrow('enough');
    expect((await locateModel('org/tiny', 'model')).hub?.commit).toBe(COMMIT);
  });

  it('into a cache that cannot be written to says where, and how to choose another', async () => {
    await writeFile(path('file'), '');
    vi.stubEnv('HF_HUB_CACHE', path('file', 'cache'));
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject({
      code: 'output-unwritable',
      fix: expect.stringContaining('HF_HUB_CACHE'),
    });
  });

  it('that breaks off again and again says how far it came', async () => {
    hub.intercept = (response, asked) => {
      const isContent = asked.includes('model.safetensors') && !asked.endsWith('bytes=0-0');
      if (isContent) response.destroy();
      return isContent;
    };
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject({
      ...refused('broke off at byte 0 of 200000'),
      fix: expect.stringContaining('goes on from there'),
    });
    expect(downloads().filter((line) => line.includes('model.safetensors'))).toHaveLength(3);
  });

  it('is thrown away when it is not what the hub says', async () => {
    await mkdir(join(storage(), 'blobs'), { recursive: true });
    await writeFile(`${blobOf(weights)}.incomplete`, Buffer.alloc(150_000, 'z'));
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject(refused('not what the hub says'));
    expect((await locateModel('org/tiny', 'model')).hub?.commit).toBe(COMMIT);
  });
});
