import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { ADAPTER_WEIGHTS } from './adapter-config.ts';
import type { StoredAdapter } from './open-adapter.ts';
import { targetedLayers } from './targeted-layers.ts';

/**
 * An adapter's weights, its config and the model say the same of which layers have matrices.
 * @param layers every linear layer of the model, by the checkpoint's names
 * @throws {UserError} `model-invalid` with a layer of which they don't
 */
export function assertFits({ folder, config, plan }: StoredAdapter, layers: readonly string[]): void {
  const own = new Set(layers);
  const strange = [...plan.keys()].filter((layer) => !own.has(layer));
  if (strange.length > 0) {
    throw unfit(folder, {
      problem: `The adapter has matrices for ${some(strange)}, which is none of the linear layers in the model's blocks.`,
      fix: 'Use the adapter with the model it was trained on; on its embedding table or head no matrices are read.',
    });
  }
  const targeted = targetedLayers(config, layers);
  if (targeted === undefined) return;
  const missing = [...targeted].filter((layer) => !plan.has(layer));
  const beyond = [...plan.keys()].filter((layer) => !targeted.has(layer));
  if (missing.length === 0 && beyond.length === 0) return;
  throw unfit(folder, {
    problem:
      missing.length > 0
        ? `By its config the adapter has matrices for ${some(missing)}, but its weights have none.`
        : `The adapter's weights have matrices for ${some(beyond)}, which its config leaves out.`,
    fix: 'Use the adapter_config.json and the weights that were saved together.',
  });
}

const unfit = (folder: string, { problem, fix }: { problem: string; fix: string }): UserError =>
  new UserError({ code: 'model-invalid', problem, where: join(folder, ADAPTER_WEIGHTS), fix });

/** The first of them, and how many more there are. */
const some = ([first, ...others]: readonly string[]): string =>
  `"${first}"${others.length > 0 ? ` (and ${others.length} more)` : ''}`;
