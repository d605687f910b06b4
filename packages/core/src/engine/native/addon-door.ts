import { createRequire } from 'node:module';
import type { Door } from './door.ts';

/**
 * The engine as a Node add-on: `native/doors/addon.cc` gives what a door needs.
 *
 * @throws {Error} the system's, where the file does not fit this process.
 */
export function openAddonDoor(path: string): Door {
  return createRequire(import.meta.url)(path) as Door;
}
