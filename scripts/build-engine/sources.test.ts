import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Platform, platforms } from './platforms.ts';
import { contentHash, unitsOf } from './sources.ts';

const named = (name: string) => platforms.find((platform) => platform.name === name) as Platform;

describe('what the engine is compiled from', () => {
  let folder = '';
  const write = (path: string, text = '') => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sources-'));
    const products = ['products/tile-tiles.cc', 'products/tile-test.cc'];
    for (const path of ['engine/pool.cc', 'engine/wasm-pool.cc', ...products, 'workers/mpi.cc']) write(path);
    for (const part of ['kernels', 'operations']) mkdirSync(join(folder, part));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is each source once, and arithmetic once for every instruction set', () => {
    const sets = (name: string) => unitsOf(named(name), folder).map(({ source, flags }) => [source, flags.at(-1)]);
    expect(sets('linux-x64')).toEqual([
      ['engine/pool.cc', undefined],
      ['products/tile-tiles.cc', '-DCW_SET=Baseline'],
      ['products/tile-tiles.cc', '-DCW_SET=Avx2'],
      ['products/tile-tiles.cc', '-DCW_SET=Avx512'],
      ['products/tile-tiles.cc', '-DCW_SET=Bfloat16'],
      ['workers/mpi.cc', undefined],
      ['doors/addon.cc', undefined],
      ['doors/mpi.cc', undefined],
    ]);
    expect(sets('wasm')).toEqual([
      ['engine/pool.cc', undefined],
      ['engine/wasm-pool.cc', undefined],
      ['products/tile-tiles.cc', '-DCW_SET=Baseline'],
      ['doors/wasm.cc', undefined],
    ]);
  });

  it('has changed when a header has that it includes, and not when another has', () => {
    write('kernels/norm.cc', '#include <vector>\n#include "norm.h"\n');
    write('kernels/norm.h', '#pragma once\n  #  include "array.h"\n');
    write('engine/array.h', '#include "norm.h"\n');
    write('engine/other.h', '');
    const before = contentHash('kernels/norm.cc', folder);
    write('engine/other.h', 'changed');
    expect(contentHash('kernels/norm.cc', folder)).toBe(before);
    write('engine/array.h', '// changed\n');
    expect(contentHash('kernels/norm.cc', folder)).not.toBe(before);
  });
});
