import { fileURLToPath } from 'node:url';
import { ASSUMED, type Constants } from './constants.ts';
import { efficiencyOf, jobOf, paysUpTo, type StepSetup, slowdownOf, stepOf, sweepOf } from './simulate.ts';

/** The tables of docs/scaling.md, between `<!-- NAME -->` and `<!-- end -->`. */

export const page = fileURLToPath(new URL('../../docs/scaling.md', import.meta.url));

const LINKS = Object.keys(ASSUMED.links) as (keyof typeof ASSUMED.links)[];
const WORKERS = [1, 2, 4, 8, 16, 64, 512];
const METHODS = ['lora', 'full'] as const;
const NAMES = { lora: 'LoRA', full: 'every weight' };
/** What is called worth it: machines that do seven tenths of their time what one by itself would. */
export const WORTH = 0.7;
/** Micro-batches of a step that stays the same: 64 rows. */
const FIXED = 16;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const seconds = (value: number): string =>
  value < 0.1 ? `${(1000 * value).toPrecision(2)} ms` : `${value.toPrecision(3)} s`;
const bytes = (value: number): string =>
  value < 1e9 ? `${(value / 1e6).toFixed(0)} MB` : `${(value / 1e9).toPrecision(3)} GB`;
const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
const hours = (value: number): string => `${value.toPrecision(3)} h`;

/** Steps of one batch, whoever computes it, and steps that grow with the workers. */
function dataParallel(constants: Constants, microBatches: (workers: number) => number): string {
  const head = ['workers', 'rows a step', ...METHODS.flatMap((m) => [`${NAMES[m]}: sent a step`, ...LINKS])];
  const rows = WORKERS.filter((workers) => workers <= microBatches(workers)).map((workers) => {
    const setup = { constants, workers, microBatches: microBatches(workers) };
    const cells = METHODS.flatMap((name) => {
      const of = (link: StepSetup['link']): StepSetup => ({ ...setup, method: constants[name], link });
      const sent = bytes(stepOf(of('10 GbE')).sentBytes);
      return [sent, ...LINKS.map((link) => `${seconds(stepOf(of(link)).total)}, ${percent(efficiencyOf(of(link)))}`)];
    });
    return [String(workers), String(4 * setup.microBatches), ...cells];
  });
  return table(head, rows);
}

function sums(constants: Constants): string {
  const rows = WORKERS.slice(1).map((workers) => {
    const cells = METHODS.flatMap((name) =>
      LINKS.map((link) => {
        const { sum, words } = stepOf({ constants, method: constants[name], workers, microBatches: workers, link });
        return seconds(sum + words);
      }),
    );
    return [String(workers), ...cells];
  });
  return table(['workers', ...METHODS.flatMap((name) => LINKS.map((link) => `${NAMES[name]}, ${link}`))], rows);
}

/** How many times as fast as the machine that was measured: itself, and one with a GPU or a hundred cores. */
const SPEEDS = [1, 50];

function worth(constants: Constants): string {
  const rows = SPEEDS.flatMap((speed) =>
    METHODS.flatMap((name) =>
      LINKS.map((link) => {
        const measured = constants[name];
        const method = { ...measured, microBatchSeconds: measured.microBatchSeconds / speed };
        const setup = { constants, method, link };
        const fixed = paysUpTo(setup, () => FIXED, WORTH);
        const growing = paysUpTo(setup, (workers) => workers, WORTH);
        return [speed === 1 ? 'as here' : `${speed} times as fast`, NAMES[name], link, String(fixed), String(growing)];
      }),
    ),
  );
  return table(['machines', '', '', `a step of ${4 * FIXED} rows`, 'four rows a worker'], rows);
}

function stragglers(constants: Constants): string {
  const { quietVariation } = ASSUMED;
  const { variation } = constants.lora;
  const rows = WORKERS.slice(1).map((workers) => {
    const setup = { constants, method: constants.lora, workers, microBatches: workers, link: '10 GbE' } as const;
    const slower = (options: Parameters<typeof slowdownOf>[1]) => `× ${slowdownOf(setup, options).toFixed(2)}`;
    return [
      String(workers),
      slower({ variation: quietVariation }),
      slower({ variation }),
      slower({ variation: quietVariation, slowest: 2 }),
    ];
  });
  const head = [`quiet machines (${percent(quietVariation)})`, `as here (${percent(variation)})`, 'one at half speed'];
  return table(['workers', ...head], rows);
}

function failures(constants: Constants): string {
  const rows = METHODS.flatMap((name) =>
    [16, 64, 512].map((workers) => {
      const method = constants[name];
      const { outcome, checkpoint } = jobAt(constants, method, workers);
      return [
        NAMES[name],
        String(workers),
        seconds(checkpoint),
        `${outcome.minutesBetweenCheckpoints.toPrecision(2)} min`,
        outcome.failures.toFixed(1),
        hours(outcome.hours),
      ];
    }),
  );
  return table(['', 'workers', 'a checkpoint', 'one every', 'failures', `${JOB_HOURS} h of steps take`], rows);
}

const JOB_HOURS = 24;

function jobAt(constants: Constants, method: Constants['lora'], workers: number) {
  const checkpoint = (12 * method.trainable) / constants.diskBytesPerSecond;
  const outcome = jobOf({
    workHours: JOB_HOURS,
    workers,
    checkpointSeconds: checkpoint,
    restartSeconds: ASSUMED.queueSeconds + method.startSeconds,
    hoursBetweenFailures: ASSUMED.hoursBetweenFailures,
  });
  return { outcome, checkpoint };
}

/** Micro-batches that a trial of the sweep learns from. */
const TRIAL_STEPS = 500;

function sweeps(constants: Constants): string {
  const { lora, model } = constants;
  const trialSeconds = TRIAL_STEPS * lora.microBatchSeconds + lora.startSeconds;
  const rows = [300, 3000].flatMap((trials) =>
    [true, false].map((isCached) => {
      const swept = { trials, trialSeconds, modelBytes: 2 * model.parameters, isCached, variation: lora.variation };
      const outcome = sweepOf({ ...swept, machines: 512 });
      return [
        String(trials),
        isCached ? 'once a machine' : 'for every trial',
        bytes(outcome.fetchedBytes),
        hours(outcome.hours),
        `× ${outcome.speedup.toFixed(0)}`,
        String(outcome.failures),
      ];
    }),
  );
  return table(['trials', 'the model is fetched', 'in all', 'takes', 'beside one machine', 'failures'], rows);
}

function measured({ measured, model, lora, full, ...rest }: Constants): string {
  return table(
    ['', NAMES.lora, NAMES.full],
    [
      ['parameters that are trained', lora, full].map((of) =>
        typeof of === 'string' ? of : of.trainable.toLocaleString('en'),
      ),
      [
        'a micro-batch of four rows',
        ...[lora, full].map((of) => `${seconds(of.microBatchSeconds)}, ${of.tokens} tokens`),
      ],
      ['its variation', percent(lora.variation), percent(full.variation)],
      ['a run beside its steps', seconds(lora.startSeconds), seconds(full.startSeconds)],
      ['update of a step', ...[lora, full].map((of) => seconds((rest.updateSecondsPerMillion * of.trainable) / 1e6))],
      ['dealing a micro-batch', seconds(rest.dealSeconds), seconds(rest.dealSeconds)],
      ['20 MB added up between two workers here', seconds(rest.sumSeconds), ''],
      ['a few words between them', seconds(rest.exchangeSeconds), ''],
      ['disk', `${bytes(rest.diskBytesPerSecond)}/s`, ''],
      [
        'model, machine',
        model.name,
        `${measured.processors} × ${measured.processor}, load ${measured.load}, ${measured.day}`,
      ],
    ],
  );
}

/** The page with its tables made anew. @throws {Error} where a mark is missing */
export function written(text: string, constants: Constants): string {
  const tables: Readonly<Record<string, string>> = {
    measured: measured(constants),
    sums: sums(constants),
    'fixed batch': dataParallel(constants, () => FIXED),
    'growing batch': dataParallel(constants, (workers) => workers),
    worth: worth(constants),
    stragglers: stragglers(constants),
    failures: failures(constants),
    sweeps: sweeps(constants),
  };
  return Object.entries(tables).reduce((page, [name, content]) => {
    const marked = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!marked.test(page)) throw new Error(`docs/scaling.md has no mark <!-- ${name} -->`);
    return page.replace(marked, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
  }, text);
}
