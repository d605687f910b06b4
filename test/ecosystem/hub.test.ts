import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { locateModel } from '../../packages/core/src/hub/locate-model.ts';
import { generate, pushToHub } from '../../packages/core/src/index.ts';
import { plain } from '../../packages/core/src/recipe/plain.ts';
import { tried } from '../../packages/core/src/test-support/small-runs.ts';
import { modelFolder } from '../parity/fixtures.ts';

/**
 * The real hub: an adapter is pushed into a private repository of whoever HF_TOKEN is, read again, and the repository is
 * deleted. Without a token it is skipped; `push-to-hub.test.ts` speaks to a fake.
 */
const { HF_TOKEN: token, HF_ENDPOINT: hub = 'https://huggingface.co' } = process.env;
const name = `counterweight-test-${Date.now().toString(36)}`;

const ask = async (method: string, at: string, body?: object): Promise<unknown> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${hub}${at}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text.startsWith('{') ? JSON.parse(text) : text;
};

describe.skipIf(!token)('the hub (HF_TOKEN)', () => {
  let made = false;
  afterAll(async () => {
    if (made) await ask('DELETE', '/api/repos/delete', { type: 'model', name });
  });

  it('takes an adapter with its card, and gives the same one back', async () => {
    const { output: run } = await tried({ evalSplit: 0.25, training: { maxSteps: 2 } });
    const { name: user } = (await ask('GET', '/api/whoami-v2')) as { name: string };
    const to = `${user}/${name}`;
    const pushed = await pushToHub({ run, to, private: true, baseModel: 'karpathy/tinyllamas' });
    made = pushed.created;
    expect(pushed).toMatchObject({ url: `${hub}/${to}`, created: true });
    expect(pushed.files).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);

    const { folder } = await locateModel(to, 'adapter', {});
    const weights = (at: string) => readFile(join(at, 'adapter_model.safetensors'));
    expect(Buffer.compare(await weights(folder), await weights(join(run, 'adapter')))).toBe(0);
    const asked = { recipe: plain(), model: modelFolder('stories260k'), rows: [{ prompt: 'Once upon a time' }] };
    const sampling = { maxNewTokens: 8 };
    const own = await generate({ ...asked, adapter: join(run, 'adapter'), sampling });
    expect(await generate({ ...asked, adapter: to, sampling })).toEqual(own);
    const stored = (await ask('GET', `/api/models/${to}`)) as { private: boolean; cardData: object };
    expect(stored).toMatchObject({ private: true, cardData: { base_model: 'karpathy/tinyllamas' } });
  });
});
