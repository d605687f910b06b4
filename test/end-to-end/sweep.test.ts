import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { counterweight, model, newFolder } from './command.ts';

const folder = newFolder();
const data = join(folder, 'rows.jsonl');
const rows = Array.from({ length: 24 }, (_, i) => ({ prompt: `Lily had ${i} cats`, completion: ` and ${i} dogs` }));
writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const neutral = join(folder, 'neutral.txt');
writeFileSync(neutral, 'Once there was a cat.\n\nIt slept.\n');

const task = ['--model', model, '--engine', 'wasm', '--data', data, '--eval-split', '0.5', '--neutral', neutral];
const trials = ['--weights', '0,1', '--seeds', '2', '--max-steps', '3', '--batch-size', '4', '--evaluate-losses-only'];
// Each plan settles `auto` anew, and what is compared is of two plans.
const precision = ['--precision', 'f32'];
const flags = [...task, ...trials, ...precision, '--json'];

/** What every trial came to, by its name. */
const outcomes = (sweep: string) =>
  Object.fromEntries(
    readdirSync(join(sweep, 'trials'))
      .sort()
      .map((id) => [
        id,
        ['outcome.json', 'predictions.jsonl'].map((name) => readFileSync(join(sweep, 'trials', id, name), 'utf8')),
      ]),
  );

describe('counterweight sweep', { timeout: 240_000 }, () => {
  const whole = join(folder, 'whole');

  it('trains, compares and recommends, as its JSON object promises', async () => {
    const { code, json, stderr } = await counterweight(['sweep', ...flags, '--output', whole]);
    expect(stderr).toContain('4 trainings of 3 steps on 12 rows; 6 rows choose, 6 report');
    expect(stderr.match(/^weight \d, seed \d {2}completion [\d.]+ {2}prompt [\d.]+ {2}\d:\d\d$/gm)).toHaveLength(4);
    expect(json()).toEqual({
      sweep: whole,
      trials: 4,
      failed: [],
      recommended: { promptLossWeight: expect.toBeOneOf([0, 1]), interval: [expect.any(Number), expect.any(Number)] },
      verdicts: ['a', 'b', 'c', 'd'].map((claim) => ({
        claim,
        verdict: expect.stringMatching(/^(different|equivalent|inconclusive)$/),
        effect: expect.toBeOneOf([expect.any(Number), null]),
        interval: expect.toBeOneOf([[expect.any(Number), expect.any(Number)], null]),
      })),
    });
    expect(code).toBe(0);
    for (const name of ['sweep.json', 'analysis.json', 'report.html']) expect(existsSync(join(whole, name))).toBe(true);
  });

  it('in steps, by several processes of which one is killed, comes to the same bytes', async () => {
    const steps = join(folder, 'steps');
    const planned = await counterweight(['sweep', 'plan', ...flags, '--output', steps]);
    expect(planned.json()).toEqual({ sweep: steps, trials: 4 });
    const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
    const first = spawn(process.execPath, [cli, 'sweep', 'work', steps], { stdio: 'ignore' });
    const trials = () => (existsSync(join(steps, 'trials')) ? readdirSync(join(steps, 'trials')) : []);
    const having = (file: string) => trials().filter((id) => existsSync(join(steps, 'trials', id, file))).length;
    // One is done, and another has begun.
    while (having('metrics.jsonl') < 2) await sleep(20);
    first.kill('SIGKILL');
    const left = 4 - having('done');
    const worked = await counterweight(['sweep', 'work', steps, '--parallel', '2', '--json']);
    // A line a trial: those that were done before are no news.
    expect(worked.stderr.match(/, seed \d+ {2}/g)).toHaveLength(left);
    expect(worked.json()).toEqual({ sweep: steps, trials: 4, failed: [] });
    expect(outcomes(steps)).toEqual(outcomes(whole));
    const reported = await counterweight(['sweep', '--report', steps, '--json']);
    expect(reported.json()).toMatchObject({ sweep: steps, trials: 4, failed: [] });
    expect(readFileSync(join(steps, 'analysis.json'), 'utf8')).toBe(readFileSync(join(whole, 'analysis.json'), 'utf8'));
  });

  it('tells each trial that fails once, whichever process was at it, and names it at the end', async () => {
    const output = join(folder, 'failing');
    const asked = ['--weights', '0', '--seeds', '2', '--vary', 'learning-rate=0.001,1e30', '--max-steps', '3'];
    const more = ['--batch-size', '4', '--evaluate-losses-only', ...precision, '--parallel', '2', '--json'];
    const { code, stderr } = await counterweight(['sweep', ...task, ...asked, ...more, '--output', output]);
    expect(stderr.match(/^weight 0, learningRate \S+, seed \d {2}failed: /gm)).toHaveLength(2);
    expect(stderr).toContain('2 trials failed:\n  weight 0, learningRate 1e+30, seed 0: ');
    expect(code).toBe(1);
  });

  it('finds learning rates first where it is asked to, and counts their trials', async () => {
    const output = join(folder, 'tuned');
    const asked = [
      ...task,
      ...precision,
      '--weights',
      '0,1',
      '--seeds',
      '1',
      '--tune',
      'learning-rate',
      '--max-steps',
      '2',
    ];
    const flagsOfTuned = [...asked, '--batch-size', '4', '--evaluate-losses-only', '--output', output];
    const planned = await counterweight(['sweep', 'plan', ...flagsOfTuned, '--json']);
    expect(planned.json()).toEqual({ sweep: output, trials: 2 * 3 + 2 });
    const { code, stdout } = await counterweight(['sweep', ...flagsOfTuned]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Learning rates, by the loss of answers on rows of their own \(.+ tried, one seed\):$/m);
    expect(stdout.match(/^ {4}promptLossWeight [01]: /gm)).toHaveLength(2);
  });

  it('is heard: a signal ends it with what is done, and how to go on', async () => {
    const stopped = join(folder, 'stopped');
    const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
    const child = spawn(process.execPath, [cli, 'sweep', ...flags, '--output', stopped], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => {
      stderr += text;
      if (/^weight 0, seed 0/m.test(stderr)) child.kill('SIGTERM');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(143);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: 'interrupted', signal: 'SIGTERM', sweep: stopped, done: 1 },
    });
    expect(stderr).toContain(`Go on with counterweight sweep work ${stopped}`);
  });

  it.each([
    [['--weights', '0.1,1'], 'Weight 0 is not among the weights'],
    [['--vary', 'learninRate=1'], 'There is no option learninRate to vary'],
    [['--vary', 'batch-size'], '--vary takes an option and its values'],
    [['--margins', 'exactMatch=no'], 'The margin of exactMatch is "no"'],
    [['--neutral', 'nowhere.txt'], 'There is no such file'],
    [['--seeds', '0'], 'seeds cannot be 0'],
  ])('says what is wrong: %j', async (wrong, problem) => {
    const { code, stderr } = await counterweight(['sweep', ...flags, ...wrong, '--output', join(folder, 'never')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});
