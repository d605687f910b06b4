import { createRequire } from 'node:module';
import type { Machine } from './machine.ts';

/**
 * The engine as a Node add-on: `native/doors/addon.cc` gives what a machine needs.
 *
 * @throws {Error} the system's, where the file does not fit this process.
 */
export function openAddonMachine(path: string): Machine {
  return createRequire(import.meta.url)(path) as Machine;
}
