import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { InstallRecipe } from './install-recipes.ts';
import type { EngineManifest } from './native-package.ts';
import { runTool } from './run-tool.ts';

/** Node resolves everything that an addon takes from it when the addon is loaded. */
const addonFlags = ['-O2', '-shared', '-fPIC', '-std=c++17', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'];

/**
 * Compiles tfjs-node's binding against the TensorFlow under `site`, and our own quiet loader. The compiler is called
 * directly: node-gyp would download Node's headers, of which only the Node-API's are needed, and npm has those.
 *
 * @returns where everything is, relative to `folder`.
 * @throws {UserError} `engine-unavailable` with the compiler's last lines.
 */
export async function compileBinding(compiler: string, recipe: InstallRecipe, folder: string): Promise<EngineManifest> {
  const manifest: EngineManifest = {
    package: 'node_modules/@tensorflow/tfjs-node',
    binding: 'tfjs_binding.node',
    preload: 'preload_quietly.node',
    library: join('site', recipe.libraries[0] ?? ''),
  };
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(manifest.package, 'binding', name));
  const includes = [manifest.package, 'site/tensorflow/include', 'node_modules/node-api-headers/include'];
  const common = [...addonFlags, ...includes.map((path) => `-I${path}`)];
  const libraries = recipe.libraries.map((path) => join('site', path));
  await runTool(compiler, [...common, ...sources, ...libraries, ...recipe.linkerFlags, '-o', manifest.binding], {
    folder,
  });
  const macFlags = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-ldl'];
  await runTool(compiler, [...common, nativeSource('preload-quietly.cc'), ...macFlags, '-o', manifest.preload], {
    folder,
  });
  return manifest;
}

/** C++ files travel in the package beside `dist/`; the package finds itself by name, from source and from dist alike. */
function nativeSource(name: string): string {
  return join(createRequire(import.meta.url).resolve('@counterweight/core/package.json'), '..', 'native', name);
}
