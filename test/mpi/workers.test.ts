import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../packages/core/src/random.ts';
import { counterweight, type Ended, mpirun, node, pidOfWorker, type Running, start } from './open-mpi.ts';

/** Real workers under mpirun, held against one process. */

const folder = mkdtempSync(join(tmpdir(), 'mpi-'));
const model = fileURLToPath(new URL('../../models/stories260k', import.meta.url));
const at = (name: string) => join(folder, name);

beforeAll(() => {
  const random = createRandom(3);
  const rows = Array.from({ length: 60 }, (_, i) => ({
    prompt: `There were ${i} cats${' and a mouse'.repeat(random.integer(6))}`,
    completion: ` and ${random.integer(90)} dogs${' that slept'.repeat(random.integer(4))}`,
  }));
  const write = (name: string, some: readonly object[]) =>
    writeFileSync(at(name), some.map((row) => `${JSON.stringify(row)}\n`).join(''));
  write('rows.jsonl', rows);
  write('others.jsonl', rows.slice(1));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const base = [
  ...['train', '--model', model, '--precision', 'f32', '--measure-forgetting', 'never'],
  // Written by whoever is first, and nothing that a run hangs on.
  ...['--cache', 'false'],
  ...['--batch-size', '2', '--gradient-accumulation', '4'],
];
const trainOn = (data: string, output: string, args: readonly string[]) =>
  counterweight(...base, '--data', at(data), '--output', at(output), ...args);
const alone = (output: string, args: readonly string[]): Promise<Ended> =>
  start(trainOn('rows.jsonl', output, args)).ended;
const under = (workers: number, output: string, args: readonly string[]) =>
  start(mpirun(workers, trainOn('rows.jsonl', output, [...args, '--workers', String(workers)])));

async function done(ended: Promise<Ended>): Promise<Ended> {
  const result = await ended;
  expect(result.status, result.errors).toBe(0);
  return result;
}

const linesOf = (run: string, file: string) =>
  existsSync(at(`${run}/${file}`))
    ? readFileSync(at(`${run}/${file}`), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
const lossesOf = (run: string): number[] => linesOf(run, 'metrics.jsonl').map(({ loss }) => loss);
const bytesOf = (run: string, file: string) => readFileSync(at(`${run}/${file}`));
const json = (run: string, file: string) => JSON.parse(readFileSync(at(`${run}/${file}`), 'utf8'));
/** @throws {Error} where the run ends before it */
async function stepReached({ ended }: Running, run: string, step: number): Promise<void> {
  let end: Ended | undefined;
  ended.then((ending) => {
    end = ending;
  });
  while (linesOf(run, 'metrics.jsonl').length < step) {
    if (end) throw new Error(`The run has ended before step ${step}: ${end.errors}`);
    await sleep(50);
  }
}
function expectSameLosses(run: string, other: string): void {
  const [own, expected] = [lossesOf(run), lossesOf(other)];
  expect(own.length).toBe(expected.length);
  for (const [i, loss] of own.entries()) expect(Math.abs(loss / (expected[i] as number) - 1)).toBeLessThan(1e-6);
}

describe('workers under mpirun', () => {
  it.each([2, 3, 4])('%i of them add up vectors in the order of their ranks, to the bit', async (workers) => {
    const program = fileURLToPath(new URL('sums-process.ts', import.meta.url));
    const { out } = await done(start(mpirun(workers, node(program, String(workers)))).ended);
    expect(out).toBe('');
  });

  it.each([
    ['lora', ['--max-steps', '8', '--lora-dropout', '0.1', '--learning-rate', '0.005']],
    ['full', ['--max-steps', '8', '--method', 'full']],
    ['packed', ['--max-steps', '3', '--packing', 'examples', '--max-length', '64', '--batch-size', '1']],
    ['plus', ['--max-steps', '5', '--lora-plus-ratio', '4', '--loss-normalization', 'per-example']],
  ])('have the losses of one process, two and four of them: %s', async (name, args) => {
    await done(alone(`${name}-1`, args));
    const [two] = [await done(under(2, `${name}-2`, args).ended), await done(under(4, `${name}-4`, args).ended)];
    for (const workers of [2, 4]) expectSameLosses(`${name}-${workers}`, `${name}-1`);
    // One worker speaks, and says each thing once.
    expect(two.out.match(/The run is in/g)?.length).toBe(1);
    expect(two.errors).not.toContain('worker 1');
    expect(json(`${name}-2`, 'run.json').workers).toEqual({
      count: 2,
      sum: 'in the order of ranks',
      optimizer: 'whole',
    });
  });

  it('come to the same bits again; and to those of one process, where each has a micro-batch', async () => {
    await done(under(2, 'again-2', ['--max-steps', '8', '--lora-dropout', '0.1', '--learning-rate', '0.005']).ended);
    const file = 'adapter/adapter_model.safetensors';
    expect(bytesOf('again-2', file)).toEqual(bytesOf('lora-2', file));
    expect(bytesOf('lora-4', file)).toEqual(bytesOf('lora-1', file));
  });

  it('may share the moments of AdamW: the same checkpoints and the same model, to the bit', async () => {
    const args = ['--method', 'full', '--max-steps', '6', '--checkpoint-every', '3', '--weight-decay', '0.1'];
    await done(under(2, 'whole', args).ended);
    await done(under(2, 'sharded', [...args, '--shard-optimizer']).ended);
    for (const step of ['step-000003', 'step-000006']) {
      const state = `checkpoints/${step}/state.safetensors`;
      expect(bytesOf('sharded', state)).toEqual(bytesOf('whole', state));
    }
    expect(bytesOf('sharded', 'model/model.safetensors')).toEqual(bytesOf('whole', 'model/model.safetensors'));
    expect(json('sharded', 'checkpoints/step-000006/progress.json').workers.optimizer).toBe('sharded');
  });

  it('evaluate once, and stop early and keep the best together', async () => {
    const args = [
      ...['--eval-split', '0.2', '--evaluate-losses-only', '--evaluate-every', '2', '--keep', 'best'],
      ...['--early-stopping-patience', '1', '--min-delta', '0.3', '--learning-rate', '0.01', '--max-steps', '30'],
    ];
    await done(alone('early-1', args));
    // Four have a micro-batch each, and so the bits of one process: what evaluations decide hangs on little.
    await done(under(4, 'early-4', args).ended);
    const [one, four] = [linesOf('early-1', 'evaluations.jsonl'), linesOf('early-4', 'evaluations.jsonl')];
    expect(four.map(({ step }) => step)).toEqual(one.map(({ step }) => step));
    expect(one.length).toBeLessThan(15);
    expect(json('early-4', 'result.json').resultStep).toBe(json('early-1', 'result.json').resultStep);
  });
});

describe('a worker that is gone', () => {
  const args = ['--method', 'full', '--max-steps', '600', '--checkpoint-every', '5'];

  it('ends the job within ten seconds, saying why; more of them go on from its checkpoint', async () => {
    const first = under(2, 'killed', args);
    const { child, ended } = first;
    await stepReached(first, 'killed', 12);
    process.kill(pidOfWorker(child.pid as number, 1), 'SIGKILL');
    const tooLate = sleep(10_000, undefined, { ref: false }).then(() => ({ status: 'still there', errors: '' }));
    const { status, errors } = await Promise.race([ended, tooLate]);
    expect(status).not.toBe('still there');
    expect(status).not.toBe(0);
    expect(errors).toMatch(/rank 1 .*exited on signal 9/);
    const [newest] = linesOf('killed', 'metrics.jsonl').slice(-1);
    const reached = newest.step + 5;
    const resumed = under(4, 'killed', [...args, '--resume']);
    await stepReached(resumed, 'killed', reached);
    resumed.child.kill('SIGTERM');
    await resumed.ended;
    const untouched = under(2, 'untouched', args);
    await stepReached(untouched, 'untouched', reached);
    untouched.child.kill('SIGTERM');
    await untouched.ended;
    const [own, expected] = [lossesOf('killed'), lossesOf('untouched')];
    for (let i = 0; i < reached; i++)
      expect(Math.abs((own[i] as number) / (expected[i] as number) - 1)).toBeLessThan(1e-6);
  });

  it.each([
    ['SIGTERM', 'mpirun'],
    ['SIGTERM', 'one worker'],
    // A scheduler's, whose time is nearly over.
    ['SIGUSR1', 'mpirun'],
    ['SIGUSR1', 'one worker'],
  ])('%s to %s is one to all: a checkpoint, and they leave', async (signal, whom) => {
    const run = `${signal}-${whom.replace(' ', '-')}`;
    const job = mpirun(2, trainOn('rows.jsonl', run, ['--max-steps', '600', '--workers', '2']));
    // mpirun kills who has not left a second after SIGTERM, which is little where others use the processors too.
    const running = start(['env', 'OMPI_MCA_odls_base_sigkill_timeout=8', ...job]);
    const { child, ended } = running;
    await stepReached(running, run, 3);
    process.kill(whom === 'mpirun' ? (child.pid as number) : pidOfWorker(child.pid as number, 1), signal);
    const { status, errors } = await ended;
    expect(status).not.toBe(0);
    const step = linesOf(run, 'metrics.jsonl').length;
    expect(errors).toContain(`step ${step}  checkpoint in`);
    expect(json(run, `checkpoints/step-${String(step).padStart(6, '0')}/progress.json`).step).toBe(step);
    expect(existsSync(at(`${run}/.lock`))).toBe(false);
  });
});

describe('what workers are refused', () => {
  const args = ['--max-steps', '2'];
  const refused = async (ended: Promise<Ended>) => {
    const { status, errors } = await ended;
    expect(status).toBe(2);
    expect(errors.match(/error:/g)?.length).toBe(1);
    return errors;
  };

  it('no launcher, and another number of them', async () => {
    expect(await refused(alone('refused', [...args, '--workers', '2']))).toContain('mpirun -n 2 counterweight train');
    const four = start(mpirun(2, trainOn('rows.jsonl', 'refused', [...args, '--workers', '4'])));
    expect(await refused(four.ended)).toContain('4 workers are wanted, but 2 were started');
  });

  it('steps that cannot be dealt evenly, and moments that are not shared', async () => {
    expect(await refused(under(3, 'refused', args).ended)).toContain('Give --gradient-accumulation 3 or a multiple');
    expect(await refused(under(2, 'refused', [...args, '--shard-optimizer']).ended)).toContain('are not sharded');
    expect(existsSync(at('refused'))).toBe(false);
  });

  it('other rows than the first worker has', async () => {
    const [first, second] = ['rows.jsonl', 'others.jsonl'].map((rows) =>
      trainOn(rows, 'refused', [...args, '--workers', '2']),
    );
    const both = ['-n', '1', ...(first as string[]), ':', '-n', '1', ...(second as string[])];
    const errors = await refused(start(['mpirun', '--oversubscribe', '--bind-to', 'none', ...both]).ended);
    expect(errors).toContain('Workers have different runs: rows: rows.jsonl is missing');
    expect(errors).toMatch(/where: worker 1 on /);
  });

  it('another instruction set than the first worker has', async ({ skip }) => {
    skip(process.arch !== 'x64', 'one instruction set is all there is here');
    const command = trainOn('rows.jsonl', 'refused', [...args, '--workers', '2']);
    const held = ['-n', '1', '-x', 'COUNTERWEIGHT_KERNELS=baseline', ...command];
    const both = ['-n', '1', '-x', 'COUNTERWEIGHT_KERNELS=avx2', ...command, ':', ...held];
    const errors = await refused(start(['mpirun', '--oversubscribe', '--bind-to', 'none', ...both]).ended);
    expect(errors).toMatch(/engine is our own for \S+, avx2, this one's our own for \S+, baseline/);
  });

  it('another library than Open MPI', async () => {
    const env = { ...process.env, COUNTERWEIGHT_MPI: 'libm.so.6', OMPI_COMM_WORLD_RANK: '0' };
    const command = trainOn('rows.jsonl', 'refused', [...args, '--workers', '2']);
    expect(await refused(start(command, { env }).ended)).toContain('libm.so.6 is no MPI');
  });
});
