import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { InstallPlan } from './install-plan.ts';
import type { EngineManifest } from './native-package.ts';
import { runTool, type ToolOptions } from './run-tool.ts';

/** Node resolves everything that an addon takes from it when the addon is loaded. */
export const addonFlags = ['-O2', '-shared', '-fPIC', '-std=c++20', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'];

const packageFolder = 'node_modules/@tensorflow/tfjs-node';
/** Relative to the engine folder: the binding's own headers, TensorFlow's, and the Node-API's. */
export const addonIncludes = [packageFolder, 'site/tensorflow/include', 'node_modules/node-api-headers/include'].map(
  (path) => `-I${path}`,
);

/**
 * Compiles tfjs-node's binding against the TensorFlow under `site`, and our own quiet loader. The compiler is called
 * directly: node-gyp would download Node's headers, of which only the Node-API's are needed, and npm has those.
 *
 * @returns where everything is, relative to `folder`.
 * @throws {UserError} `engine-unavailable` with the compiler's last lines.
 */
export async function compileBinding(
  compiler: string,
  plan: InstallPlan,
  { folder, signal }: Pick<ToolOptions, 'folder' | 'signal'>,
): Promise<EngineManifest> {
  const manifest: EngineManifest = {
    package: packageFolder,
    binding: 'tfjs_binding.node',
    preload: 'preload_quietly.node',
    library: join('site', plan.libraries[0] ?? ''),
  };
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(manifest.package, 'binding', name));
  const common = [...addonFlags, ...addonIncludes];
  const libraries = plan.libraries.map((path) => join('site', path));
  await runTool(compiler, [...common, ...sources, ...libraries, ...plan.linkerFlags, '-o', manifest.binding], {
    folder,
    signal,
  });
  const macFlags = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-ldl'];
  await runTool(
    compiler,
    [...common, nativeSource('doors/tensorflow/preload-quietly.cc'), ...macFlags, '-o', manifest.preload],
    {
      folder,
      signal,
    },
  );
  return manifest;
}

/** C++ files travel in the package beside `dist/`; the package finds itself by name, from source and from dist alike. */
export function nativeSource(name: string): string {
  return join(createRequire(import.meta.url).resolve('@counterweight/core/package.json'), '..', 'native', name);
}
