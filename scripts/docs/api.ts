/**
 * Writes the pages of the public API into docs/api, from the doc comments of what the packages export:
 *
 *     pnpm docs:api
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { entryPoints } from './entry-points.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const out = join(root, 'docs/api');

async function writeApi(): Promise<void> {
  const names = new Map([...entryPoints()].map(([name, file]) => [join(root, file), name]));
  const options: Record<string, unknown> & PluginOptions = {
    entryPoints: [...names.keys()],
    tsconfig: join(root, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    out,
    name: 'API',
    readme: 'none',
    // Types are checked by `pnpm typecheck`.
    skipErrorChecking: true,
    disableSources: true,
    excludeInternal: true,
    // What a public type is made of, but nobody imports, has no page.
    validation: { notExported: false },
    treatWarningsAsErrors: true,
    logLevel: 'Warn',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    tableColumnSettings: { hideModifiers: true, hideOverrides: true, hideInherited: true },
    entryFileName: 'index',
    // Vue reads what a page says as its own language.
    sanitizeComments: true,
    useHTMLEncodedBrackets: true,
  };
  const app = await Application.bootstrapWithPlugins(options as Parameters<typeof Application.bootstrapWithPlugins>[0]);
  const project = await app.convert();
  if (!project) throw new Error('The sources could not be read.');
  // TypeDoc calls a module by its folder; its readers import it by name.
  for (const module of project.children ?? []) {
    module.name = names.get(join(root, 'packages', module.name, 'index.ts')) ?? module.name;
  }
  rmSync(out, { recursive: true, force: true });
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
}

await writeApi();
