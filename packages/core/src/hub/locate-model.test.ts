import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { COMMIT } from '../test-support/hub-server.ts';
import {
  blobOf,
  downloads,
  hub,
  others,
  refused,
  serve,
  storage,
  useTinyHub,
  weights,
  words,
} from '../test-support/tiny-hub.ts';
import type { DownloadProgress } from './fetch-file.ts';
import { locateModel } from './locate-model.ts';

const path = temporaryFolder();
const shard = 'model-00001-of-00001.safetensors';

useTinyHub(path);

describe('a hub id', () => {
  it('becomes a folder in the cache that Python shares, with the files that are needed and no others', async () => {
    const seen: number[] = [];
    const onDownload = ({ done, of }: DownloadProgress) => void seen.push(done / of);
    const place = await locateModel('org/tiny', 'model', { onDownload });
    expect(place.hub).toEqual({ id: 'org/tiny', revision: 'main', commit: COMMIT });
    expect(place.folder).toBe(join(storage(), 'snapshots', COMMIT));
    expect((await readdir(place.folder)).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
    expect(await readFile(join(place.folder, 'model.safetensors'))).toEqual(weights);
    expect((await lstat(join(place.folder, 'model.safetensors'))).isSymbolicLink()).toBe(true);
    expect(await readFile(blobOf(weights))).toEqual(weights);
    expect(await readFile(join(storage(), 'refs', 'main'), 'utf8')).toBe(COMMIT);
    expect(seen.at(-1)).toBe(1);
  });

  it('is not downloaded again, and not even asked for when its commit is named', async () => {
    await locateModel('org/tiny', 'model');
    hub.requests.length = 0;
    await locateModel('org/tiny', 'model');
    expect(downloads()).toEqual([]);
    hub.requests.length = 0;
    expect((await locateModel(`org/tiny@${COMMIT}`, 'model')).hub?.revision).toBe(COMMIT);
    expect(hub.requests).toEqual([]);
  });

  it('may name a revision, whose commit is remembered', async () => {
    const { hub: from, folder } = await locateModel('org/tiny@v1.0', 'tokenizer');
    expect(from).toEqual({ id: 'org/tiny', revision: 'v1.0', commit: COMMIT });
    expect(folder).toBe(join(storage(), 'snapshots', COMMIT));
    expect(await readFile(join(storage(), 'refs', 'v1.0'), 'utf8')).toBe(COMMIT);
  });

  it('is completed where its commit is named and only a part of it was fetched', async () => {
    hub.intercept = (response, asked) => asked.includes('tokenizer.json') && Boolean(response.writeHead(503).end());
    await expect(locateModel(`org/tiny@${COMMIT}`, 'tokenizer')).rejects.toMatchObject(refused('status 503'));
    hub.intercept = () => false;
    const { folder } = await locateModel(`org/tiny@${COMMIT}`, 'tokenizer');
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'tokenizer.json']);
    // As another program leaves it that asks for the config only.
    await rm(join(folder, 'tokenizer.json'));
    await locateModel(`org/tiny@${COMMIT}`, 'tokenizer');
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'tokenizer.json']);
  });

  it('has its config last of its words, so that an interruption leaves none out unseen', async () => {
    const template = Buffer.from('{{ messages }}');
    await serve({ 'chat_template.jinja': template, ...words, 'tokenizer_config.json': Buffer.from('{"b":1}') });
    await locateModel('org/tiny', 'tokenizer');
    expect(downloads().map((line) => line.split('/').at(-1)?.split(' ')[0])).toEqual([
      'chat_template.jinja',
      'tokenizer.json',
      'tokenizer_config.json',
      'config.json',
    ]);
  });

  it('brings the shards of its index, or only the words', async () => {
    const index = Buffer.from(JSON.stringify({ weight_map: { x: shard } }));
    await serve({ ...words, 'model.safetensors.index.json': index, [shard]: weights });
    const { folder } = await locateModel('org/tiny', 'tokenizer');
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'tokenizer.json']);
    await locateModel('org/tiny', 'model');
    expect(await readdir(folder)).toContain(shard);
  });

  it('may be an adapter', async () => {
    await serve({ 'adapter_config.json': Buffer.from('{}'), 'adapter_model.safetensors': weights, ...others });
    const { folder } = await locateModel('org/tiny', 'adapter');
    expect((await readdir(folder)).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    hub.requests.length = 0;
    await locateModel(`org/tiny@${COMMIT}`, 'adapter');
    expect(hub.requests).toEqual([]);
  });

  it('may be an adapter that brings its tokenizer and templates', async () => {
    const adapter = { 'adapter_config.json': Buffer.from('{}'), 'adapter_model.safetensors': weights };
    const tools = 'additional_chat_templates/tool_use.jinja';
    await serve({
      ...adapter,
      'tokenizer.json': words['tokenizer.json'],
      'chat_template.jinja': Buffer.from('{{ 1 }}'),
      [tools]: Buffer.from('{{ tools }}'),
      'checkpoint-100/tokenizer.json': Buffer.from('{}'),
    });
    // As PEFT leaves it, which reads the two files only.
    const { folder } = await locateModel('org/tiny', 'adapter');
    for (const file of ['tokenizer.json', 'chat_template.jinja', tools]) await rm(join(folder, file));
    await locateModel(`org/tiny@${COMMIT}`, 'adapter');
    expect(await readFile(join(folder, tools), 'utf8')).toBe('{{ tools }}');
    expect((await readdir(folder)).sort()).toEqual([
      'adapter_config.json',
      'adapter_model.safetensors',
      'additional_chat_templates',
      'chat_template.jinja',
      'tokenizer.json',
    ]);
    expect(downloads().at(0)).not.toContain('adapter_config.json');
  });

  it('has the template for tools too, which lies in a folder of its own', async () => {
    await serve({ ...words, 'additional_chat_templates/tool_use.jinja': Buffer.from('{{ tools }}') });
    const { folder } = await locateModel('org/tiny', 'tokenizer');
    expect(await readdir(join(folder, 'additional_chat_templates'))).toEqual(['tool_use.jinja']);
  });
});

describe('without network', () => {
  it('what is whole in the cache serves', async () => {
    await locateModel('org/tiny', 'model');
    await hub.close();
    expect((await locateModel('org/tiny', 'model')).hub?.commit).toBe(COMMIT);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expect((await locateModel('org/tiny', 'model')).hub?.commit).toBe(COMMIT);
  });

  it('what is not whole is refused', async () => {
    await locateModel('org/tiny', 'tokenizer');
    await hub.close();
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject(refused('cannot be reached'));
    vi.stubEnv('HF_HUB_OFFLINE', 'TRUE');
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject({
      ...refused('HF_HUB_OFFLINE forbids'),
      fix: expect.stringContaining('Unset HF_HUB_OFFLINE'),
    });
  });

  it('the address that has no answer is named', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://hub.invalid');
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject({
      ...refused('cannot be reached'),
      where: 'http://hub.invalid',
    });
  });

  it('a hub that does not answer is not waited for', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const patience = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
    hub.intercept = () => true;
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject(refused('cannot be reached'));
    expect(patience).toHaveBeenCalledWith(15_000);
    patience.mockRestore();
  });
});

describe('the hub refuses', () => {
  it('a model that is not there, or a revision', async () => {
    await expect(locateModel('org/none', 'model')).rejects.toMatchObject(refused('was not found'));
    await expect(locateModel('org/tiny@v9', 'model')).rejects.toMatchObject(refused('Invalid rev id'));
  });

  it('a gated model without the right token', async () => {
    await expect(locateModel('org/gated', 'model')).rejects.toMatchObject(refused('HF_TOKEN'));
    vi.stubEnv('HF_TOKEN', 'hf_right');
    expect((await locateModel('org/gated', 'model')).hub?.id).toBe('org/gated');
    vi.stubEnv('HF_TOKEN', 'something');
    await expect(locateModel('org/gated', 'model')).rejects.toMatchObject(refused('not an access token'));
  });

  it.each([
    [401, 'does not exist, or is not open to you (401)', /accept the model's conditions.*HF_TOKEN/],
    [403, 'does not exist, or is not open to you (403)', /accept the model's conditions.*HF_TOKEN/],
    [429, 'status 429', /Try again/],
    [503, 'status 503', /Try again/],
  ])('with status %d, and the message says what to do', async (status, said, fix) => {
    hub.intercept = (response) => Boolean(response.writeHead(status).end());
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject({
      ...refused(said),
      fix: expect.stringMatching(fix),
    });
  });

  it('or something else answers in its place', async () => {
    hub.intercept = (response) => Boolean(response.end('<html>Sign in</html>'));
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject(refused('not the hub'));
  });

  it('pickles are refused by us, before anything is downloaded', async () => {
    await serve({ 'config.json': words['config.json'], 'pytorch_model.bin': weights });
    const message = expect.stringContaining('a pickle') as string;
    await expect(locateModel('org/tiny', 'model')).rejects.toMatchObject({ code: 'model-invalid', message });
    expect(downloads()).toEqual([]);
  });
});

describe('a folder', () => {
  it('wins over a hub id, and what is neither is left to its reader', async () => {
    for (const folder of [path(), './org/tiny', '/org/tiny', '../org/tiny', 'model']) {
      expect(await locateModel(folder, 'model')).toEqual({ folder });
    }
    expect(hub.requests).toEqual([]);
  });
});
