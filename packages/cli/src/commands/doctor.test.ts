import { type Fitting, UserError } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { doctor } from './doctor.ts';
import { engineInstall } from './engine-install.ts';

const machine = {
  nodeVersion: '24.0.0',
  platform: 'linux-x64',
  cpuModel: 'a processor',
  cpuCount: 2,
  totalBytes: 16e9,
  freeBytes: 8e9,
};

const core = {
  describeMachine: () => machine,
  surveyEngines: async () => [
    { name: 'tfjs-node', usable: false, reason: 'not installed', fix: 'counterweight engine install' },
    { name: 'wasm', usable: true, description: 'always there' },
  ],
  openEngine: async () => ({
    name: 'wasm',
    description: 'always there',
    fusedKernels: true,
  }),
  measureProducts: async () => ({ f32: 25.3, bf16: 12.2, faster: 'f32' }),
} as unknown as Partial<Core>;

describe('doctor', () => {
  it('says what works, how fast, why the rest does not, and what to do', async () => {
    const { stdout, exitCode } = await runWith([doctor], ['doctor'], { core });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓ +wasm +25 GFLOP\/s, 12 in bf16 +in use, with --precision auto: f32\n/);
    expect(stdout).toMatch(/– +tfjs-node\n +not installed/);
    expect(stdout).toContain('To get faster\n  counterweight engine install\n');
    expect(stdout).toContain('8.0 GB free of 16.0 GB');
  });

  it('says the same as JSON', async () => {
    const { stdout } = await runWith([doctor], ['doctor', '--json'], { core });
    expect(lastJson(stdout)).toMatchObject({
      machine,
      engine: 'wasm',
      engines: [
        { name: 'tfjs-node', usable: false },
        { name: 'wasm', gigaflopsPerSecond: { f32: 25, bf16: 12 }, autoPrecision: 'f32' },
      ],
      advice: ['counterweight engine install'],
    });
  });
});

describe('doctor --fits', () => {
  const way = (training: Fitting['training'], bytes: number, fits: boolean): Fitting => ({ training, bytes, fits });
  const whatFits = () => [
    {
      name: 'small',
      weights: 1e8,
      ways: [
        way({ method: 'full' }, 9e9, false),
        way({ method: 'full', recompute: true }, 7e9, true),
        way({ method: 'lora', precision: 'f32' }, 2e9, true),
        way({ method: 'lora', precision: 'bf16', quantize: 'int4' }, 1e9, true),
      ],
    },
    {
      name: 'large',
      weights: 7e9,
      ways: [
        way({ method: 'full' }, 90e9, false),
        way({ method: 'full', recompute: true }, 70e9, false),
        way({ method: 'lora', precision: 'f32' }, 20e9, false),
        way({ method: 'lora', precision: 'bf16', quantize: 'int4' }, 5e9, true),
      ],
    },
  ];

  it('says which sizes fit, and how', async () => {
    const { stdout } = await runWith([doctor], ['doctor', '--fits'], { core: { ...core, whatFits } });
    expect(stdout).toMatch(/into 8\.0 GB/);
    expect(stdout).toMatch(/every weight +f32 +int4\n +small +7\.0 GB\* +2\.0 GB +1\.0 GB\n +large +– +– +5\.0 GB\n/);
  });

  it('says the same as JSON', async () => {
    const { stdout } = await runWith([doctor], ['doctor', '--fits', '--json'], { core: { ...core, whatFits } });
    expect(lastJson(stdout)).toMatchObject({ fits: whatFits() });
  });
});

describe('engine install', () => {
  const plan = {
    engine: 'tfjs-node',
    folder: 'engines/tfjs-node',
    installed: false,
    downloads: [
      { what: 'tfjs-node', by: 'npm', megabytes: 15 },
      { what: 'tensorflow-cpu', by: 'pip', megabytes: 274 },
    ],
    downloadMegabytes: 289,
    tools: ['npm', 'a C++ compiler'],
  };
  const withInstaller = (installEngine: unknown) =>
    ({ describeInstallation: () => plan, installEngine }) as unknown as Partial<Core>;

  it('says what it downloads before it does', async () => {
    const installer = withInstaller(async ({ onProgress }: { onProgress: (line: string) => void }) => {
      onProgress('compiling');
      return { folder: plan.folder };
    });
    const { exitCode, stdout, stderr } = await runWith([engineInstall], ['engine', 'install'], { core: installer });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Downloads 289 MB:[\s\S]*tensorflow-cpu +with pip +274 MB[\s\S]*0:00 +compiling/);
    expect(stdout).toContain('tfjs-node is installed');
  });

  it('exits with 2 and the reason when it cannot be had', async () => {
    const installer = withInstaller(async () => {
      throw new UserError({ code: 'engine-unavailable', problem: 'no C++ compiler', fix: 'Install one.' });
    });
    const { exitCode, stderr } = await runWith([engineInstall], ['engine', 'install'], { core: installer });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/WebAssembly works without it[\s\S]*error: no C\+\+ compiler/);
  });
});
