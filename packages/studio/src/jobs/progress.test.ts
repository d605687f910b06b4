import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLineReader, TAIL_BYTES } from './new-lines.ts';
import { openProgressMeter } from './progress.ts';

const folder = mkdtempSync(join(tmpdir(), 'progress-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stepLine = (step: number, stepSeconds = 0.5, steps = 10) => {
  const metrics = { step, loss: 1, completionLoss: 0.5, tokensPerSecond: 200, residentBytes: 1e6, stepSeconds };
  return JSON.stringify({ type: 'step', steps, metrics });
};

describe('progress', () => {
  it('is that of the last step, with the median of the steps for what is left', () => {
    const meter = openProgressMeter();
    expect(meter.progress()).toBeUndefined();
    for (const [step, seconds] of [
      [1, 9],
      [2, 0.5],
      [3, 0.7],
    ] as const) {
      meter.read(stepLine(step, seconds));
    }
    expect(meter.progress()).toEqual({
      ...{ step: 3, steps: 10, loss: 1, completionLoss: 0.5, tokensPerSecond: 200, residentBytes: 1e6 },
      secondsLeft: 0.7 * 7,
    });
  });

  it('says how far an evaluation is, until the next event', () => {
    const meter = openProgressMeter();
    meter.read(stepLine(1));
    meter.read('{"type":"evaluation-progress","part":"losses","done":3,"of":20}');
    meter.read('{"type":"evalu');
    meter.read('null');
    expect(meter.progress()?.evaluating).toEqual({ part: 'losses', done: 3, of: 20 });
    meter.read('{"type":"evaluation","step":1}');
    expect(meter.progress()).not.toHaveProperty('evaluating');
  });
});

describe('lines of a file that grows', () => {
  it('come once, whole, and from the beginning where it is begun anew', async () => {
    const file = join(folder, 'grows');
    const read = openLineReader(file);
    expect(await read()).toEqual([]);
    writeFileSync(file, 'one\ntw');
    expect(await read()).toEqual(['one']);
    expect(await read()).toEqual([]);
    appendFileSync(file, 'ö\nthree\n');
    expect(await read()).toEqual(['twö', 'three']);
    truncateSync(file);
    appendFileSync(file, '1\n2\n');
    expect(await read()).toEqual(['1', '2']);
  });

  it('are those of the end only where there are many', async () => {
    const file = join(folder, 'long');
    writeFileSync(file, Array.from({ length: 100_000 }, (_, i) => `${stepLine(i + 1, 0.5, 100_000)}\n`).join(''));
    const read = openLineReader(file);
    const lines = await read();
    const bytes = lines.join('\n').length;
    expect(bytes).toBeLessThan(TAIL_BYTES);
    expect(bytes).toBeGreaterThan(TAIL_BYTES - 1000);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ type: 'step' });
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ metrics: { step: 100_000 } });
    appendFileSync(file, `${stepLine(100_001)}\n`);
    expect(await read()).toEqual([stepLine(100_001)]);
    expect(await read()).toEqual([]);
  });
});
