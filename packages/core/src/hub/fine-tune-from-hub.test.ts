import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { fineTune } from '../fine-tune.ts';
import { generate } from '../generate.ts';
import { plain } from '../recipe/plain.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { COMMIT, type HubServer, startHub } from '../test-support/hub-server.ts';

const path = temporaryFolder();
const stories = new URL('../../../../models/stories260k', import.meta.url).pathname;
let hub: HubServer;

beforeAll(async () => {
  const names = (await readdir(stories)).filter((name) => /\.(json|safetensors)$/.test(name));
  hub = await startHub(
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(stories, name))]))),
  );
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_HUB_CACHE', path('cache'));
  vi.stubEnv('HF_TOKEN', '');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub.close();
});

it('a run says which commit it was trained from, and its adapter which model; both then answer', async () => {
  const data = path('rows.jsonl');
  await writeFile(data, '{"prompt":"Once upon","completion":" a time"}\n');
  const recipe = plain();
  const output = path('run');
  const common = { recipe, model: 'org/tiny', engine: 'wasm' } as const;
  await fineTune({ ...common, data, output, training: { maxSteps: 1, loraRank: 2 } });
  const run = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as { model: object; inputs: object };
  expect(run.model).toMatchObject({ hub: { id: 'org/tiny', revision: 'main', commit: COMMIT } });
  const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
  expect(run.inputs).toMatchObject({
    model: [
      { file: 'config.json', sha256 },
      { file: 'model.safetensors', sha256 },
    ],
    tokenizer: [
      { file: 'generation_config.json', sha256 },
      { file: 'special_tokens_map.json', sha256 },
      { file: 'tokenizer.json', sha256 },
      { file: 'tokenizer_config.json', sha256 },
    ],
  });
  const adapter = join(output, 'adapter');
  const config = JSON.parse(await readFile(join(adapter, 'adapter_config.json'), 'utf8')) as object;
  expect(config).toMatchObject({ base_model_name_or_path: 'org/tiny' });
  const sampling = { maxNewTokens: 3 };
  const fromHub = await generate({ ...common, adapter, rows: [{ prompt: 'Once upon' }], sampling });
  expect(await generate({ ...common, model: stories, adapter, rows: [{ prompt: 'Once upon' }], sampling })).toEqual(
    fromHub,
  );
});
