import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findEnginePackage, platformName } from './find-package.ts';

describe('the engine that this process should load', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('is the file that is named, of its own kind', () => {
    for (const [name, kind] of [
      ['mine.node', 'addon'],
      ['mine.wasm', 'wasm'],
    ] as const) {
      const path = join(folder, name);
      vi.stubEnv('COUNTERWEIGHT_ENGINE_FILE', path);
      expect(findEnginePackage(kind)).toEqual({
        reason: `COUNTERWEIGHT_ENGINE_FILE names ${path}, which is not there`,
      });
      writeFileSync(path, '');
      expect(findEnginePackage(kind)).toMatchObject({ kind, files: [path] });
      const other = findEnginePackage(kind === 'wasm' ? 'addon' : 'wasm');
      expect('files' in other && other.files.includes(path)).toBe(false);
    }
  });

  it('is of the C library that this Node uses', () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
    vi.spyOn(process, 'arch', 'get').mockReturnValue('x64');
    const report = vi.spyOn(process.report, 'getReport');
    report.mockReturnValue({ header: { glibcVersionRuntime: '2.36' } });
    expect(platformName()).toBe('linux-x64');
    report.mockReturnValue({ header: {} });
    expect(platformName()).toBe('linux-x64-musl');
  });

  it('is missing in words where there is no such package', () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('sunos');
    vi.spyOn(process, 'arch', 'get').mockReturnValue('sparc' as never);
    expect(findEnginePackage('addon')).toEqual({ reason: '@counterweight/engine-sunos-sparc is not installed' });
  });
});
