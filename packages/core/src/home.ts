import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where Counterweight keeps what is its own on this machine: `$COUNTERWEIGHT_HOME`, or a folder in the platform's cache.
 * @example
 * ```ts
 * import { counterweightHome } from '@counterweight/core';
 *
 * console.log(counterweightHome());
 * ```
 */
export function counterweightHome(): string {
  const { COUNTERWEIGHT_HOME, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (COUNTERWEIGHT_HOME) return COUNTERWEIGHT_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'counterweight');
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'counterweight');
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'counterweight');
}
