import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type HubServer, startHub } from './hub-server.ts';

/** A hub with one small model, and a cache for what is fetched from it: new ones for every test. */

export const weights = Buffer.alloc(200_000, 'weights of a model, ');
export const words = { 'config.json': Buffer.from('{}'), 'tokenizer.json': Buffer.from('{"a":1}') };
export const others = {
  'pytorch_model.bin': Buffer.from('x'),
  'README.md': Buffer.from('y'),
  'consolidated.safetensors': weights,
};
export const model = { ...words, ...others, 'model.safetensors': weights };

export let hub: HubServer;

/** Begins to serve other files. */
export async function serve(files: Readonly<Record<string, Buffer>> = model): Promise<void> {
  await hub?.close();
  hub = await startHub(files);
  vi.stubEnv('HF_ENDPOINT', hub.url);
}

/** @param path of what lies in a temporary folder */
export function useTinyHub(path: (...names: string[]) => string): void {
  let caches = 0;
  beforeEach(async () => {
    vi.stubEnv('HF_HUB_CACHE', path(String(caches++)));
    vi.stubEnv('HF_TOKEN', '');
    vi.stubEnv('HF_HUB_OFFLINE', '');
    await serve();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await hub.close();
  });
}

export const storage = () => join(process.env.HF_HUB_CACHE as string, 'models--org--tiny');
export const blobOf = (content: Buffer) => join(storage(), 'blobs', createHash('sha256').update(content).digest('hex'));
export const downloads = () => hub.requests.filter((line) => line.includes('/resolve/') && !line.endsWith('bytes=0-0'));
export const refused = (said: string) => ({
  code: 'model-unavailable',
  message: expect.stringContaining(said) as string,
});
