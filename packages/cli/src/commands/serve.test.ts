import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { Interrupted } from '../signals.ts';
import { lastJson, runWith } from '../test-support.ts';
import { serve } from './serve.ts';

/** A core whose models answer nothing, and that is told to stop once they are held. */
function fakeCore() {
  const stop = new AbortController();
  const asked: Parameters<Core['holdModels']>[0][] = [];
  let closed = 0;
  const core = {
    modelOfRun: async (run: string, { name = run.split('/').at(-1) ?? '' } = {}) => ({
      name,
      model: './base',
      adapter: run,
      training: { format: 'plain' },
    }),
    holdModels: async (options: Parameters<Core['holdModels']>[0]) => {
      asked.push(options);
      setTimeout(() => stop.abort(new Interrupted('SIGTERM')), 200);
      const names = options.models.map(({ name }) => name);
      return { names, get: () => undefined, close: async () => void closed++ };
    },
  } as unknown as Partial<Core>;
  return { core, signal: stop.signal, asked, closed: () => closed };
}

describe('serve', () => {
  it('prints its address as the first line, and ends with 0 when it is told to', async () => {
    const { closed, ...world } = fakeCore();
    const { exitCode, stdout, stderr } = await runWith(
      [serve],
      ['serve', 'runs/first', 'other=runs/second', '--quantize', 'int8'],
      world,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(stderr).toContain('Serving first, other');
    expect(closed()).toBe(1);
    const training = { format: 'plain', quantize: 'int8' };
    expect(world.asked[0]?.models).toMatchObject(
      ['first', 'other'].map((name) => ({ name, model: './base', training })),
    );
  });

  it('serves a model by itself and with adapters, by their names', async () => {
    const { closed: _, ...world } = fakeCore();
    const adapters = ['--adapter', 'tuned=/somewhere/run/adapter', 'org/adapter', '--precision', 'f32'];
    const { stdout } = await runWith([serve], ['serve', '--model', 'org/base', ...adapters, '--json'], world);
    expect(world.asked[0]?.models).toEqual([
      expect.objectContaining({ name: 'org/base', model: 'org/base' }),
      expect.objectContaining({ name: 'tuned', model: 'org/base', adapter: '/somewhere/run/adapter' }),
      expect.objectContaining({ name: 'org/adapter', training: expect.objectContaining({ precision: 'f32' }) }),
    ]);
    expect(lastJson(stdout)).toMatchObject({ models: ['org/base', 'tuned', 'org/adapter'] });
  });

  it.each([
    [[], 'nothing to serve'],
    [['--adapter', 'a'], '--adapter has no model'],
    [['runs/first', '--port', '70000'], '--port'],
  ])('refuses %j', async (argv, message) => {
    const { closed: _, ...world } = fakeCore();
    const { exitCode, stderr } = await runWith([serve], ['serve', ...argv], world);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
