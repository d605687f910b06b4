import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openAddonDoor } from './addon-door.ts';
import { createCalls } from './calls.ts';
import type { Door } from './door.ts';
import { ElementType } from './door.ts';
import { findEnginePackage } from './find-package.ts';
import { openWasmFiles } from './wasm-files.ts';

/** Every build that lies here (`pnpm build:engine`): the add-on, and each of WebAssembly's modules. */
const addon = findEnginePackage('addon');
const wasm = findEnginePackage('wasm');
const builds: { name: string; open: () => Door }[] = [
  ...('reason' in addon ? [] : [{ name: addon.platform, open: () => openAddonDoor(addon.files[0] as string) }]),
  ...('reason' in wasm ? [] : wasm.files).map((file) => ({
    name: file.replace(/.*[\\/]/, ''),
    open: () => openWasmFiles([file]),
  })),
];

const rows = 300;
const size = 515;

function place(door: Door, values: Float32Array): number {
  const address = door.allocate(values.byteLength);
  door.write(address, new Uint8Array(values.buffer));
  return address;
}

const gateUp = Float32Array.from({ length: rows * 2 * size }, (_, i) => Math.sin(i * i) * 4);
const expected = Float32Array.from({ length: rows * size }, (_, at) => {
  const start = at + Math.floor(at / size) * size;
  const gate = gateUp[start] as number;
  return (gate / (1 + Math.exp(-gate))) * (gateUp[start + size] as number);
});

/** silu(gate) · up, by the engine. */
function swiglu(door: Door): Float32Array {
  const { call } = createCalls(door);
  const address = place(door, gateUp);
  const [out] = call('CwSwiglu', [{ address, type: ElementType.float32, shape: [rows, 2 * size] }]);
  if (!out) throw new Error('no output');
  expect(out.shape).toEqual([rows, size]);
  const y = new Float32Array(door.read(out.address, expected.byteLength));
  for (const block of [address, out.address]) door.free(block);
  return y;
}

const largestError = (y: Float32Array) =>
  y.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0);
const sameBits = (a: Float32Array, b: Float32Array) =>
  Buffer.compare(new Uint8Array(a.buffer), new Uint8Array(b.buffer)) === 0;

describe.skipIf(builds.length === 0).each(builds)('the engine, built as $name', ({ name, open }) => {
  const door = builds.length > 0 ? open() : (undefined as never);
  // WebAssembly's memory never goes back to the system, and has no pool: all that was used once waits there.
  const keepsNothing = name.endsWith('.wasm');

  it('computes the same on one thread and on more', () => {
    door.setThreads(1);
    const alone = swiglu(door);
    expect(largestError(alone)).toBeLessThan(4e-6);
    for (const threads of [2, 3, 2]) {
      door.setThreads(threads);
      expect(door.threads()).toBe(threads);
      for (let round = 0; round < 20; round++) expect(sameBits(swiglu(door), alone)).toBe(true);
    }
  });

  it('says what was wrong with a call, and goes on', () => {
    const { call } = createCalls(door);
    const address = place(door, new Float32Array(9));
    expect(() => call('CwSwiglu', [{ address, type: ElementType.float32, shape: [3, 3] }])).toThrow(/gate and up/);
    door.free(address);
    expect(largestError(swiglu(door))).toBeLessThan(4e-6);
  });

  it('gives and takes memory, and counts it', () => {
    door.emptyPool();
    const before = door.memory();
    if (!keepsNothing) expect(before.pooled).toBe(0);
    const blocks = Array.from({ length: 100 }, (_, i) => {
      const address = door.allocate(1 + i * i * 300);
      expect(address % 64).toBe(0);
      const bytes = new Uint8Array(1 + i * i * 300).fill(i);
      door.write(address, bytes);
      return { address, bytes };
    });
    const during = door.memory();
    expect(during.blocks).toBe(before.blocks + 100);
    expect(during.used).toBeGreaterThan(100_000_000 * 0.95);
    for (const { address, bytes } of blocks) {
      expect(Buffer.compare(new Uint8Array(door.read(address, bytes.length)), bytes)).toBe(0);
      door.free(address);
    }
    expect(door.memory()).toMatchObject({ used: before.used, blocks: before.blocks });
    door.emptyPool();
    if (keepsNothing) expect(door.memory().pooled).toBe(door.memory().peak - before.used);
    else expect(door.memory().pooled).toBe(0);
  });

  it.skipIf(keepsNothing)(
    'keeps what is freed, the newest first, but for no more than 16 MiB beyond the most used',
    () => {
      door.emptyPool();
      const block = 5 * 2 ** 20;
      const before = door.memory().used;
      const small = Array.from({ length: 12 }, () => door.allocate(block));
      for (const address of small) door.free(address);
      expect(door.memory().pooled).toBeGreaterThan(11 * block);
      const again = door.allocate(block);
      expect(again).toBe(small.at(-1));
      const large = door.allocate(20 * block);
      expect(door.memory().used + door.memory().pooled).toBeLessThanOrEqual(before + 22 * block + 16 * 2 ** 20);
      for (const address of [again, large]) door.free(address);
      door.emptyPool();
      expect(door.memory()).toMatchObject({ used: before, pooled: 0 });
    },
  );

  it('adds next to nothing to sizes that are round', () => {
    const before = door.memory().used;
    const address = door.allocate(11 * 2 ** 20);
    expect(door.memory().used - before).toBe(11 * 2 ** 20 + 64);
    door.free(address);
  });
});

describe.skipIf('reason' in wasm)('WebAssembly', () => {
  const files = 'reason' in wasm ? [] : wasm.files;

  it('uses what it was given back again, up to all that 32 bits address', () => {
    const door = openWasmFiles(files);
    const block = 300 * 2 ** 20;
    for (let round = 0; round < 30; round++) {
      const addresses = Array.from({ length: 6 }, () => door.allocate(block));
      expect(addresses.every((address) => address > 0)).toBe(true);
      const high = addresses[5] as number;
      door.write(high + block - 3, Uint8Array.of(1, 2, round));
      expect(new Uint8Array(door.read(high + block - 3, 3))).toEqual(Uint8Array.of(1, 2, round));
      for (const address of addresses) door.free(address);
      door.emptyPool();
    }
    // Beyond 2 GiB an address would be negative if it were taken as a signed one.
    const all = Array.from({ length: 12 }, () => door.allocate(block));
    expect(Math.max(...all)).toBeGreaterThan(2 ** 31 + 2 ** 30);
    expect(door.allocate(2 * block)).toBe(0);
    expect(door.allocate(2 ** 40)).toBe(0);
    for (const address of all) door.free(address);
    door.emptyPool();
    expect(largestError(swiglu(door))).toBeLessThan(4e-6);
  });

  it('falls back to the module that this process can compile', () => {
    const door = openWasmFiles([fileURLToPath(import.meta.url), ...files.slice(-1)]);
    expect(door.instructionSet()).toBe('simd128');
  });

  it('lets the process end, with threads that sleep', () => {
    const program = `
      const { openWasmFiles } = await import(${JSON.stringify(new URL('./wasm-files.ts', import.meta.url).href)});
      const door = openWasmFiles(${JSON.stringify(files)});
      door.setThreads(4);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { user, system } = process.cpuUsage(before);
      console.log(door.threads(), user + system);`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(ran.stderr).toBe('');
    const [threads, microseconds] = ran.stdout.trim().split(' ').map(Number);
    expect(threads).toBe(4);
    expect(microseconds).toBeLessThan(250_000);
  });
});
