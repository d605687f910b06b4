import { defineConfig } from 'tsup';

/** How every package is built: ES modules with declarations, for the oldest Node that is supported. */
export const built = (...entry: string[]) =>
  defineConfig({ entry, format: 'esm', target: 'node22', platform: 'node', dts: true, sourcemap: true, clean: true });
