import { afterEach, beforeEach, vi } from 'vitest';

/**
 * GGUF files are unpacked into a folder of the tests'. The native engine is not found there: open another, or open it
 * before.
 */
export function useGgufHome(path: (...names: string[]) => string): void {
  beforeEach(() => {
    vi.stubEnv('COUNTERWEIGHT_HOME', path('home'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
}
