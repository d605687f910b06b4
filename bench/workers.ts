/**
 * Workers under mpirun beside one process with as many threads: the same steps, alternating. And what workers do with each
 * other, alone: adding up 20 MB, telling each other a few words. Aims: 0.9 of one process, 25 ms.
 *
 *     node bench/workers.ts                               # some minutes; needs Open MPI
 *     node bench/workers.ts --model ~/smollm2 --rounds 3  # LoRA on another model beside
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { counterweight, MPI_ENVIRONMENT, mpirun, node, start } from '../test/mpi/open-mpi.ts';
import { median, type Spread, spreadOf } from './statistics.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '2' },
    model: { type: 'string' },
    /** A part of a job's name. */
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const workers = Number(values.workers);
const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'counterweight-workers-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const trained = [
  ...['train', '--recipe', 'support', '--data', at('packages/recipe-support/fixtures/banking77-train.csv')],
  ...['--precision', 'f32', '--measure-forgetting', 'never', '--gradient-accumulation', String(workers)],
];
interface Job {
  readonly name: string;
  readonly flags: readonly string[];
}
const small = ['--model', at('models/stories260k')];
const jobs: readonly Job[] = [
  {
    name: 'stories260k, every weight',
    flags: [...small, '--method', 'full', '--batch-size', '32', '--max-steps', '40'],
  },
  { name: 'stories260k, LoRA', flags: [...small, '--batch-size', '32', '--max-steps', '40'] },
  ...(values.model
    ? [
        {
          name: 'the other model, LoRA',
          flags: ['--model', resolve(values.model), '--batch-size', '4', '--max-steps', '6'],
        },
      ]
    : []),
];
/** Steps at the beginning that make room in memory. */
const WARM_UP = 2;
let runs = 0;

/** Tokens a second, over the steps after the first ones; each side has the same number of threads in all. */
async function speedOf(flags: readonly string[], together: boolean): Promise<number> {
  const output = join(folder, `run-${runs++}`);
  const command = counterweight(...trained, ...flags, '--output', output);
  const env = { ...process.env, COUNTERWEIGHT_THREADS: together ? '1' : String(workers), ...MPI_ENVIRONMENT };
  const words = together ? mpirun(workers, [...command, '--workers', String(workers)]) : command;
  const { status, errors } = await start(words, { env }).ended;
  if (status !== 0) throw new Error(errors);
  const lines = readFileSync(join(output, 'metrics.jsonl'), 'utf8').trim().split('\n').slice(WARM_UP);
  const steps = lines.map((line) => JSON.parse(line) as { tokens: number; stepSeconds: number });
  const sum = (of: (step: (typeof steps)[number]) => number) => steps.reduce((total, step) => total + of(step), 0);
  return sum(({ tokens }) => tokens) / sum(({ stepSeconds }) => stepSeconds);
}

const shown = ({ median: middle, min, max }: Spread, digits: number) =>
  `${middle.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;

console.log(
  `${cpus()[0]?.model.trim()}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)} at the beginning`,
);
for (const [network, more] of [
  ['shared memory', []],
  ['TCP on this machine', ['--mca', 'btl', 'tcp,self']],
] as const) {
  const command = mpirun(workers, node(at('bench/workers-sum.ts'), String(workers)));
  const { out, errors } = await start([...command.slice(0, 1), ...more, ...command.slice(1)]).ended;
  if (!out) throw new Error(errors);
  const { sum, exchange } = JSON.parse(out) as { sum: Spread; exchange: Spread };
  console.log(`${network}: 20 MB in ${shown(sum, 1)} ms, a few words in ${shown(exchange, 3)} ms`);
}
for (const { name, flags } of jobs.filter((job) => job.name.includes(values.only))) {
  const [alone, together]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const one of round % 2 === 0 ? [alone, together] : [together, alone]) {
      one.push(await speedOf(flags, one === together));
    }
  }
  const ratios = together.map((speed, i) => speed / (alone[i] as number));
  console.log(
    `${name}: ${median(together).toFixed(0)} tokens/s with ${workers} workers, ${median(alone).toFixed(0)} in one process; ` +
      `of pairs ${shown(spreadOf(ratios), 2)}`,
  );
}
