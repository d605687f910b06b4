import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { push } from './push.ts';

/** A core that pushes nothing, and remembers what it was asked. */
function pushing() {
  const asked: object[] = [];
  const pushToHub: Core['pushToHub'] = async ({ signal, onProgress, ...options }) => {
    asked.push(options);
    onProgress?.({ file: 'adapter_model.safetensors', done: 1 });
    return { url: 'https://hub/org/name', commit: 'c0ffee', created: true, files: ['README.md', 'a.json'] };
  };
  const writeModelCard: Core['writeModelCard'] = async ({ signal, ...options }) => {
    asked.push(options);
    return 'the card';
  };
  const run = (...argv: string[]) =>
    runWith([push], ['push', ...argv], { core: { pushToHub, writeModelCard }, cwd: '/somewhere' });
  return { asked, run };
}

describe('push', () => {
  it('pushes a run, and says where it is now', async () => {
    const { asked, run } = pushing();
    const flags = ['--to', 'org/name', '--private', '--base-model', 'org/base', '--datasets', 'org/a,org/b'];
    const { exitCode, stdout } = await run('runs/a', ...flags);
    expect(asked[0]).toEqual({
      ...{ run: '/somewhere/runs/a', to: 'org/name', private: true, baseModel: 'org/base' },
      ...{ datasets: ['org/a', 'org/b'], samples: false },
    });
    expect([exitCode, stdout]).toEqual([0, '2 files are at https://hub/org/name, which is new\n']);
    const json = await run('runs/a', ...flags, '--json');
    expect(lastJson(json.stdout)).toMatchObject({ commit: 'c0ffee', created: true });
  });

  it('writes the card alone', async () => {
    const { asked, run } = pushing();
    const { stdout } = await run('runs/a', '--card-only', 'out/README.md', '--samples');
    expect(asked).toEqual([
      { run: '/somewhere/runs/a', to: undefined, samples: true, output: '/somewhere/out/README.md' },
    ]);
    expect(stdout).toBe('Written to out/README.md\n');
  });

  it('asks for a place, and for a run', async () => {
    expect(await pushing().run('runs/a')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--card-only'),
    });
    expect(await pushing().run('--to', 'org/name')).toMatchObject({ exitCode: 2 });
  });
});
