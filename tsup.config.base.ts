import { defineConfig, type Options } from 'tsup';

/**
 * How every package is built: ES modules with declarations, for the oldest Node that is supported. Source maps name the
 * lines of the sources, without a second copy of them: that was half of core's size.
 */
export const built = (...entry: string[]) =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    platform: 'node',
    dts: true,
    sourcemap: true,
    clean: true,
    esbuildOptions(options) {
      options.sourcesContent = false;
    },
  });

/** Scripts that a page loads one by one, each with all that it needs; they are built behind the package they belong to. */
export const builtForPages = (...entry: string[]) =>
  defineConfig({
    entry,
    outDir: 'dist/client',
    format: 'esm',
    target: 'es2023',
    platform: 'browser',
    splitting: false,
  });

/** The same of a package with programs beside its module: nobody asks for their types. */
export const builtWithPrograms = (module: string, ...programs: string[]): Options => ({
  ...(built(module, ...programs) as Options),
  dts: { entry: module },
});
