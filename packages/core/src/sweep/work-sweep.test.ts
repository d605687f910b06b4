import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertSweepFits, planSweep, workSweep } from '../sweep.ts';
import { optionsOf, swept } from '../test-support/small-sweeps.ts';
import { comparedTrials, type Trial } from './plan.ts';
import { reportSweep } from './report-sweep.ts';

const ratio = { generationRatio: expect.any(Number) };

describe('the trials of a sweep', { timeout: 60_000 }, () => {
  it('names a trial that fails, and goes on with the others', async () => {
    const { result, events, outcomes } = await swept(
      optionsOf({ vary: { learningRate: [0.01, 1e30] }, weights: [0], training: { learningRate: undefined } }),
    );
    expect(result.done).toBe(1);
    expect(result.failed.map(({ trial }) => trial.settings.learningRate)).toEqual([1e30]);
    expect(result.failed[0]?.message).toContain('not a finite number');
    expect(events.some(({ type }) => type === 'trial-failed')).toBe(true);
    expect(outcomes.length).toBe(1);
  });

  it('does not try again what has just failed in another process, and says in its report what is missing', async () => {
    const options = optionsOf();
    const { plan } = await planSweep(options);
    const [first, second] = comparedTrials(plan) as [Trial, Trial];
    expect((await reportSweep(options.output)).lines[0]).toBe(
      '2 trials of 2 are not done yet: what follows is of the others.',
    );
    const begun: string[] = [];
    const work = () =>
      workSweep({
        ...options,
        onEvent: (event) => {
          if (event.type !== 'trial-step' || event.step !== 1) return;
          begun.push(event.trial.id);
          if (event.trial.id === first.id) {
            const folder = join(options.output, 'trials', second.id);
            mkdirSync(folder, { recursive: true });
            writeFileSync(join(folder, 'failed.json'), '{"message":"No room."}');
          }
        },
      });
    expect(await work()).toEqual({ done: 1, failed: [{ trial: second, message: 'No room.' }] });
    expect(begun).toEqual([first.id]);
    expect((await reportSweep(options.output)).lines[0]).toBe('1 trial failed: what follows is of the others.');
    // Whoever asks again gets it tried again.
    expect(await work()).toEqual({ done: 2, failed: [] });
    expect((await reportSweep(options.output)).lines[0]).not.toContain('what follows');
  });

  it('counts the memory of all processes, at every point', async () => {
    const options = optionsOf({ vary: { batchSize: [2, 512] }, training: { batchSize: undefined, maxSteps: 1 } });
    await planSweep(options);
    await expect(assertSweepFits(options, 1)).resolves.toBeUndefined();
    await expect(assertSweepFits(options, 1e6)).rejects.toMatchObject({ code: 'memory-exceeded' });
  });

  it('finds a learning rate for each weight on rows that decide nothing else', async () => {
    const { planned, events, outcomes, output } = await swept(optionsOf({ tune: 'learningRate' }));
    expect([planned.trials, planned.plan.rows]).toEqual([2 * 3 + 2, { ...ratio, train: 18, validation: 4, test: 4 }]);
    const tuned = events.find((event) => event.type === 'tuned');
    const tried = events.flatMap((event) =>
      event.type === 'trial-done' && event.trial.stage === 'tune' ? [event] : [],
    );
    for (const { point, learningRate } of tuned?.rates ?? []) {
      const own = tried.filter(({ trial }) => trial.settings.promptLossWeight === point.promptLossWeight);
      const losses = own.map(({ validation }) => validation.completionLoss as number);
      expect(own[losses.indexOf(Math.min(...losses))]?.trial.settings.learningRate).toBe(learningRate);
    }
    expect(outcomes.map(({ trial }) => trial.settings.learningRate)).toEqual(
      tuned?.rates.map((rate) => rate.learningRate),
    );
    const { lines } = await reportSweep(output);
    for (const { point, learningRate } of tuned?.rates ?? []) {
      const line = lines.find((own) => own.startsWith(`    promptLossWeight ${point.promptLossWeight}: `));
      expect(line).toContain(`: ${learningRate}`);
      expect(line?.includes('an end of what was tried')).toBe(learningRate !== 0.01);
    }
  });
});
