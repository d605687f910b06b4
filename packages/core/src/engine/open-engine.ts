import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.ts';
import { type Engine, type EngineName, setCurrentEngine } from '../tensor/engine.ts';
import { engineFolder, type NativeEngineName } from './install/install-plan.ts';
import { findNativePackage, kernelsInWords } from './install/native-package.ts';
import { loadNativeBackend, nativeBackendName } from './load-native-backend.ts';
import { describeOwnEngine, loadOwnEngine, ownBackendName } from './native/load.ts';
import { loadWasmBackend, wasmBackendName, wasmBytes } from './load-wasm-backend.ts';

export type EngineChoice = EngineName | 'auto';

/** In the order in which `auto` tries them. */
export const engineNames = ['tfjs-node-gpu', 'tfjs-node', 'native', 'wasm'] as const satisfies readonly EngineName[];

let opened: Engine | undefined;
let opening: Promise<unknown> = Promise.resolve();

/**
 * Opens an engine and makes it the current one, for tfjs-core as for us. With `auto` it is the one that
 * `COUNTERWEIGHT_ENGINE` names, else the fastest that loads: a GPU, native TensorFlow, WebAssembly, which always does.
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
  for (const name of ['tfjs-node-gpu', 'tfjs-node'] as const) {
    const attempt = await tryNative(name, { needsGpu: false });
    if (!('reason' in attempt)) return attempt;
  }
  const own = await openNative();
  return 'reason' in own ? openWasm() : own;
}

async function openNamed(name: EngineName): Promise<Engine> {
  if (name === 'wasm') return openWasm();
  if (name === 'native') {
    const own = await openNative();
    if (!('reason' in own)) return own;
    throw new UserError({
      code: 'engine-unavailable',
      problem: `The engine native is not available: ${own.reason}`,
      fix: 'install the package that it names, or use the engine wasm',
    });
  }
  const attempt = await tryNative(name, { needsGpu: name === 'tfjs-node-gpu' });
  if (!('reason' in attempt)) return attempt;
  throw new UserError({
    code: 'engine-unavailable',
    problem: `The engine ${name} is not available: ${attempt.reason}`,
    fix: `${attempt.fix ?? `run \`${installCommand(name)}\``}, or use the engine wasm`,
  });
}

const installCommand = (name: EngineName) =>
  name === 'tfjs-node-gpu' ? 'counterweight engine install --gpu' : 'counterweight engine install';

async function tryNative(
  name: NativeEngineName,
  { needsGpu }: { needsGpu: boolean },
): Promise<Engine | { readonly reason: string; readonly fix?: string }> {
  const candidate = findNativePackage(name);
  if ('reason' in candidate) return candidate;
  let native: ReturnType<typeof loadNativeBackend>;
  try {
    native = loadNativeBackend(candidate);
  } catch (error) {
    const reason = `it does not load: ${error instanceof Error ? error.message : String(error)}`;
    if (candidate.origin === 'project') return { reason };
    return { reason, fix: `remove ${engineFolder(name)} and run \`${installCommand(name)}\`` };
  }
  if (needsGpu && !native.usesGpu) {
    return { reason: 'it loads, but TensorFlow sees no GPU', fix: 'check the NVIDIA driver with `nvidia-smi`' };
  }
  await tf.setBackend(nativeBackendName);
  await tf.ready();
  const version = `TensorFlow ${native.tensorflowVersion} through ${native.package.engine} ${native.package.version}`;
  return {
    // CUDA's TensorFlow without a GPU is the CPU's TensorFlow.
    name: native.usesGpu ? 'tfjs-node-gpu' : 'tfjs-node',
    description: `${version}, ${kernelsInWords(native)}`,
    fastTransposedProducts: true,
    fusedKernels: native.fusedKernels,
    bfloat16Products: native.bfloat16Products,
    bfloat16Everywhere: false,
  };
}

async function openNative(): Promise<Engine | { readonly reason: string }> {
  const loaded = loadOwnEngine();
  if ('reason' in loaded) return loaded;
  await tf.setBackend(ownBackendName);
  await tf.ready();
  return {
    name: 'native',
    description: describeOwnEngine(loaded),
    fastTransposedProducts: true,
    fusedKernels: true,
    bfloat16Products: true,
    bfloat16Everywhere: true,
  };
}

async function openWasm(): Promise<Engine> {
  const { version } = await loadWasmBackend();
  await tf.setBackend(wasmBackendName);
  await tf.ready();
  return {
    name: 'wasm',
    description: `WebAssembly through tfjs-backend-wasm ${version}`,
    fastTransposedProducts: false,
    fusedKernels: false,
    bfloat16Products: false,
    bfloat16Everywhere: false,
    addressableBytes: wasmBytes,
  };
}
