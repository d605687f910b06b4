import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.ts';
import { type Engine, type EngineName, setCurrentEngine } from '../tensor/engine.ts';
import { engineFolder, type NativeEngineName } from './install/install-plan.ts';
import { findNativePackage } from './install/native-package.ts';
import { loadNativeBackend, nativeBackendName } from './load-native-backend.ts';
import { loadOwnEngine } from './native/load.ts';
import { type OwnEngineName, useBackend } from './native/register.ts';

/** Why an engine cannot be had, and what would change that. */
interface Unavailable {
  readonly reason: string;
  readonly fix?: string;
}

export type EngineChoice = EngineName | 'auto';

/** In the order in which `auto` tries them. */
export const engineNames = ['tfjs-node-gpu', 'native', 'tfjs-node', 'wasm'] as const satisfies readonly EngineName[];

let opened: Engine | undefined;
let opening: Promise<unknown> = Promise.resolve();

/**
 * Opens an engine and makes it the current one, for tfjs-core as for us. With `auto` it is the one that
 * `COUNTERWEIGHT_ENGINE` names, else the first that loads of TensorFlow on a GPU, our own engine, TensorFlow without a GPU,
 * and our own as WebAssembly.
 * Opening what is open already costs nothing; opening another one switches, and tensors move over when they are used.
 *
 * @throws {UserError} `engine-unavailable` when a named engine cannot be had; `option-invalid` when
 *   `COUNTERWEIGHT_ENGINE` names none.
 * @example
 * ```ts
 * import { openEngine } from '@counterweight/core';
 *
 * const { name, description } = await openEngine('wasm');
 * ```
 */
export function openEngine(choice: EngineChoice = 'auto'): Promise<Engine> {
  const next = opening.then(() => openNow(choice));
  opening = next.catch(() => {});
  return next;
}

/** Makes sure that the current engine keeps matrices in blocks: the one that is open, or else our own. */
export async function openEngineWithBlocks(): Promise<void> {
  if (opened?.fusedKernels) return;
  await openEngine('native').catch(() => openEngine('wasm'));
}

async function openNow(choice: EngineChoice): Promise<Engine> {
  if (opened && (choice === 'auto' || choice === opened.name)) return opened;
  const wanted = choice === 'auto' ? choiceFromEnvironment() : choice;
  opened = wanted === 'auto' ? await openBest() : await openNamed(wanted);
  setCurrentEngine(opened);
  return opened;
}

function choiceFromEnvironment(): EngineChoice {
  const value = process.env.COUNTERWEIGHT_ENGINE || 'auto';
  const choice = (['auto', ...engineNames] as const).find((name) => name === value);
  if (choice) return choice;
  throw new UserError({
    code: 'option-invalid',
    problem: `There is no engine "${value}"`,
    where: 'environment variable COUNTERWEIGHT_ENGINE',
    fix: `set it to one of auto, ${engineNames.join(', ')}, or unset it`,
  });
}

async function openBest(): Promise<Engine> {
  const gpu = await tryTensorFlow('tfjs-node-gpu', { needsGpu: true });
  if (!('reason' in gpu)) return gpu;
  for (const name of ['native', 'tfjs-node'] as const) {
    const attempt = await tryOpen(name);
    if (!('reason' in attempt)) return attempt;
  }
  return openNamed('wasm');
}

const tryOpen = (name: EngineName): Promise<Engine | Unavailable> =>
  name === 'wasm' || name === 'native' ? tryOwn(name) : tryTensorFlow(name, { needsGpu: name === 'tfjs-node-gpu' });

async function openNamed(name: EngineName): Promise<Engine> {
  const attempt = await tryOpen(name);
  if (!('reason' in attempt)) return attempt;
  throw new UserError({
    code: 'engine-unavailable',
    problem: `The engine ${name} is not available: ${attempt.reason}`,
    fix: `${attempt.fix ?? howToGet(name)}${name === 'wasm' ? '' : ', or use the engine wasm'}`,
  });
}

/** What brings an engine that is not there. */
function howToGet(name: EngineName): string {
  if (name === 'tfjs-node-gpu') return 'run `counterweight engine install --gpu`';
  if (name === 'tfjs-node') return 'run `counterweight engine install`';
  return 'install @counterweight/core with its optional dependencies';
}

async function tryTensorFlow(
  name: NativeEngineName,
  { needsGpu }: { needsGpu: boolean },
): Promise<Engine | Unavailable> {
  const candidate = findNativePackage(name);
  if ('reason' in candidate) return candidate;
  let native: ReturnType<typeof loadNativeBackend>;
  try {
    native = loadNativeBackend(candidate);
  } catch (error) {
    const reason = `it does not load: ${error instanceof Error ? error.message : String(error)}`;
    if (candidate.origin === 'project') return { reason };
    return { reason, fix: `remove ${engineFolder(name)} and ${howToGet(name)}` };
  }
  if (needsGpu && !native.usesGpu) {
    return { reason: 'it loads, but TensorFlow sees no GPU', fix: 'check the NVIDIA driver with `nvidia-smi`' };
  }
  await tf.setBackend(nativeBackendName);
  await tf.ready();
  return {
    // CUDA's TensorFlow without a GPU is the CPU's TensorFlow.
    name: native.usesGpu ? 'tfjs-node-gpu' : 'tfjs-node',
    description: `TensorFlow ${native.tensorflowVersion} through ${native.package.engine} ${native.package.version}`,
    fusedKernels: false,
  };
}

async function tryOwn(name: OwnEngineName): Promise<Engine | Unavailable> {
  const own = loadOwnEngine(name);
  if ('reason' in own) return own;
  return useBackend(name, own.description);
}
