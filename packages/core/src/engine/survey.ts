import type { EngineName } from '../tensor/engine.ts';
import { findInstallPlan, type NativeEngineName } from './install/install-plan.ts';
import { findNativePackage, probeNativePackage } from './install/native-package.ts';
import { loadOwnEngine } from './native/load.ts';
import { fallbackKernels } from './native/operations/index.ts';
import { engineNames } from './open-engine.ts';

/** Whether an engine can be used here; if not, why, and what would change that. */
export type EngineSurvey =
  | {
      readonly name: EngineName;
      readonly usable: true;
      readonly description: string;
      /** Operations of tfjs-core that our own engine leaves to tfjs-backend-cpu, where that is installed. */
      readonly leftToTfjs?: readonly string[];
    }
  | { readonly name: EngineName; readonly usable: false; readonly reason: string; readonly fix: string };

/**
 * Looks at every engine, the fastest kind first. Native ones are loaded in a process of their own (about half a
 * second each), so that nothing is opened here and a library that does not fit cannot take this process with it.
 * @example
 * ```ts
 * import { surveyEngines } from '@counterweight/core';
 *
 * for (const engine of await surveyEngines()) {
 *   console.log(engine.name, engine.usable ? engine.description : engine.fix);
 * }
 * ```
 */
export async function surveyEngines(): Promise<EngineSurvey[]> {
  return Promise.all(engineNames.map(survey));
}

async function survey(name: EngineName): Promise<EngineSurvey> {
  if (name !== 'native' && name !== 'wasm') return surveyTensorFlow(name);
  const own = loadOwnEngine(name);
  if (!('reason' in own)) {
    return { name, usable: true, description: own.description, leftToTfjs: fallbackKernels() };
  }
  return { name, usable: false, reason: own.reason, fix: 'install @counterweight/core with its optional dependencies' };
}

async function surveyTensorFlow(name: NativeEngineName): Promise<EngineSurvey> {
  const candidate = findNativePackage(name);
  if ('reason' in candidate) return unusable(name, candidate.reason);
  try {
    const probe = await probeNativePackage(candidate);
    if (name === 'tfjs-node-gpu' && !probe.usesGpu) return unusable(name, 'it loads, but TensorFlow sees no GPU');
    const version = `TensorFlow ${probe.tensorflowVersion} through tfjs-node ${candidate.version}`;
    return { name, usable: true, description: `${version}, in ${candidate.folder}` };
  } catch (error) {
    return unusable(name, `it does not load: ${error instanceof Error ? error.message.trim() : String(error)}`);
  }
}

function unusable(name: NativeEngineName, reason: string): EngineSurvey {
  return { name, usable: false, reason, fix: howToGet(name) };
}

function howToGet(name: NativeEngineName): string {
  if (!findInstallPlan(name)) return `nothing to do: there is no ${name} for ${process.platform} on ${process.arch}`;
  if (name === 'tfjs-node') return 'counterweight engine install';
  return 'counterweight engine install --gpu, on a machine with an NVIDIA GPU and its driver';
}
