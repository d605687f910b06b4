import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pushToHub, writeModelCard } from './push-to-hub.ts';
import { type PushHub, RIGHT_TOKEN, startPushHub } from './test-support/push-hub.ts';
import { counting, newRun, path, tried, weightsOf } from './test-support/small-runs.ts';

let hub: PushHub;
/** A finished run of an adapter, and one of every weight; nobody changes them. */
let run: string;
let full: string;

beforeAll(async () => {
  const evaluated = { recipe: counting, evalSplit: 0.25, training: { maxSteps: 2, evaluateAtStart: true } };
  run = (await tried(evaluated)).output;
  full = (await tried({ training: { maxSteps: 1, method: 'full' } })).output;
}, 60_000);
beforeEach(async () => {
  hub = await startPushHub();
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_TOKEN', RIGHT_TOKEN);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
});
afterAll(() => rm(path(), { recursive: true, force: true }));

const pushed = (name: string) => hub.files.get(`org/${name}`)?.toString() ?? '';
const base = { baseModel: 'org/base' };
const refused = (problem: string, fix: string) => ({
  code: 'hub-refused',
  problem: expect.stringContaining(problem) as string,
  fix: expect.stringContaining(fix) as string,
});

describe('pushToHub', () => {
  it('puts an adapter there, with the base as others find it, and a card', async () => {
    const progress: string[] = [];
    const onProgress = ({ file, done }: { file: string; done: number }) => done === 1 && progress.push(file);
    const result = await pushToHub({ run, to: 'org/first', private: true, ...base, onProgress });
    expect(result).toMatchObject({ url: `${hub.url}/org/first`, commit: 'c0ffee', created: true });
    expect(hub.repositories.get('org/first')).toEqual({ private: true });
    expect([...hub.files.keys()].sort()).toEqual(result.files.map((name) => `org/first/${name}`));
    expect(result.files).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);
    const weights = hub.files.get('org/first/adapter_model.safetensors') as Buffer;
    expect(createHash('sha256').update(weights).digest('hex')).toBe(weightsOf(run));
    expect(JSON.parse(pushed('first/adapter_config.json'))).toMatchObject({
      base_model_name_or_path: 'org/base',
      r: 2,
    });
    expect(pushed('first/README.md')).toBe(await writeModelCard({ run, to: 'org/first', ...base }));
    expect(progress).toContain('adapter_model.safetensors');
    // The run is as it was.
    expect(await readFile(join(run, 'adapter/adapter_config.json'), 'utf8')).not.toContain('org/base');
  });

  it('puts the same into a repository that is there, and a whole model with the adapter in it', async () => {
    hub.repositories.set('org/there', { private: false });
    expect(await pushToHub({ run, to: 'org/there', ...base })).toMatchObject({ created: false });
    const { files } = await pushToHub({ run, to: 'org/whole', what: 'merged' });
    expect(files).toEqual(expect.arrayContaining(['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']));
    expect(pushed('whole/README.md')).toContain('library_name: "transformers"');
    expect(files).not.toContain('adapter_config.json');
    await pushToHub({ run: full, to: 'org/full' });
    expect(pushed('full/config.json')).toContain('llama');
    for (const folder of [run, full])
      expect((await readdir(folder)).filter((name) => name.startsWith('.push'))).toEqual([]);
  });

  it('puts nothing private where everybody reads it', async () => {
    hub.repositories.set('org/public', { private: false });
    await expect(pushToHub({ run, to: 'org/public', private: true, ...base })).rejects.toMatchObject(
      refused('is public', '--private'),
    );
    expect(hub.files.size).toBe(0);
  });

  it.each([
    ['', 'without an access token', 'hf auth login'],
    ['hf_wrong', 'does not know this access token (401)', 'Set HF_TOKEN'],
    ['something', 'not an access token', 'Set it to a token that may write'],
  ])('says what is wrong with the token %j', async (token, problem, fix) => {
    vi.stubEnv('HF_TOKEN', token);
    await expect(pushToHub({ run, to: 'org/first', ...base })).rejects.toMatchObject(refused(problem, fix));
  });

  it('takes the token that hf auth login has left', async () => {
    vi.stubEnv('HF_TOKEN', undefined);
    vi.stubEnv('HF_HOME', path('home'));
    await mkdir(path('home'), { recursive: true });
    await writeFile(path('home/token'), `${RIGHT_TOKEN}\n`);
    expect(await pushToHub({ run, to: 'org/first', ...base })).toMatchObject({ created: true });
  });

  it("says who may not write to somebody else's name", async () => {
    await expect(pushToHub({ run, to: 'others/first', ...base })).rejects.toMatchObject(
      refused('may not write here (403)', 'may write to others'),
    );
  });

  it.each([
    ['an upload', '/lfs/', 500],
    ['the commit', '/commit/', 503],
  ])('leaves nothing half there where %s fails', async (_, part, status) => {
    hub.instead = ({ path }) => (path.includes(part) ? { status, json: { error: 'no room' } } : undefined);
    await expect(pushToHub({ run, to: 'org/first', ...base })).rejects.toMatchObject(refused(`${status}`, 'Try again'));
    expect(hub.files.size).toBe(0);
    hub.instead = () => undefined;
    expect(await pushToHub({ run, to: 'org/first', ...base })).toMatchObject({ created: false, commit: 'c0ffee' });
  });

  it('names a hub that is not there', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    await expect(pushToHub({ run, to: 'org/first', ...base })).rejects.toMatchObject(
      refused('cannot be reached', 'network'),
    );
  });

  it('refuses what is of use to nobody', async () => {
    const push = (options: object) => pushToHub({ run, to: 'org/first', ...options });
    await expect(push({})).rejects.toMatchObject({
      code: 'option-invalid',
      fix: expect.stringContaining('--base-model'),
    });
    await expect(push({ to: 'first', ...base })).rejects.toMatchObject({ code: 'option-invalid' });
    await expect(push({ run: full, what: 'adapter' })).rejects.toMatchObject({ code: 'option-invalid' });
    const changed = (await tried({ training: { maxSteps: 1 } })).output;
    await writeFile(join(changed, 'adapter/adapter_model.safetensors'), 'edited');
    await expect(push({ run: changed, ...base })).rejects.toMatchObject({
      problem: expect.stringContaining('not what it saved'),
    });
    await rm(join(changed, 'result.json'));
    await expect(push({ run: changed, ...base })).rejects.toMatchObject({
      problem: expect.stringContaining('no result yet'),
    });
    await expect(push({ run: newRun() })).rejects.toMatchObject({ code: 'file-not-found' });
    expect(hub.files.size).toBe(0);
  });
});

/** A repository of yours to write to, with HF_TOKEN: as `org/name`. */
const realRepository = process.env.COUNTERWEIGHT_TEST_HUB_REPOSITORY;
const realToken = process.env.HF_TOKEN;

describe.skipIf(!realRepository || !realToken)('the real hub (COUNTERWEIGHT_TEST_HUB_REPOSITORY, HF_TOKEN)', () => {
  it('takes an adapter with its card', async () => {
    vi.unstubAllEnvs();
    const to = realRepository as string;
    const { url, commit } = await pushToHub({ run, to, private: true, baseModel: 'HuggingFaceTB/SmolLM2-135M' });
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    const headers = { authorization: `Bearer ${realToken}` };
    const card = await fetch(`${url}/resolve/${commit}/README.md`, { headers });
    expect(await card.text()).toContain('library_name: "peft"');
  });
});
