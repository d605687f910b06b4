import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shape } from './shapes.ts';
import { ensureVenv } from './venv.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Folders of a model of this shape with random weights and of an adapter for it, in `bench/.models`, made on first use.
 * @param dtype that the weights are stored in: large ones in half of f32's bytes
 */
export function randomModel(
  shape: Shape,
  rank = 16,
  dtype: 'float32' | 'bfloat16' = 'float32',
): { model: string; adapter: string } {
  const { name, ...config } = shape;
  const model = join(at('.models'), name);
  const adapter = join(model, `adapter-${rank}`);
  if (existsSync(join(adapter, 'adapter_model.safetensors'))) return { model, adapter };
  console.error(`Making ${model}, random weights, and an adapter of rank ${rank}`);
  const options = { config: JSON.stringify(config), output: model, adapter, rank: String(rank), dtype };
  const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
  const { status } = spawnSync(ensureVenv(), [at('python/make_model.py'), ...args], {
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
  if (status !== 0) throw new Error(`make_model.py ended with ${status}`);
  return { model, adapter };
}
