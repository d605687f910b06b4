import { expect, it } from 'vitest';
import { assertInstallation } from './assert-installation.ts';

it('refuses Plug’n’Play with the setting that is needed, and nothing else', () => {
  expect(() => assertInstallation()).not.toThrow();
  expect(() => assertInstallation({ node: '24.0.0', pnp: '3' })).toThrow('nodeLinker: node-modules');
});
