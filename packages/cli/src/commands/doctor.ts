import {
  type EngineName,
  type EngineSurvey,
  FITTED_STEP,
  type Fitting,
  type FittingModel,
  type ProductSpeeds,
} from '@counterweight/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import type { Core } from '../core.ts';
import { bytes, table } from '../format.ts';
import { startProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

type Machine = ReturnType<Core['describeMachine']>;
/** Speeds are in GFLOP/s, by precision; bf16 is left out where an engine computes in f32 only. */
type Checkup = EngineSurvey & {
  readonly gigaflopsPerSecond?: { readonly f32: number; readonly bf16?: number };
  /** What `--precision auto` is with this engine, where f32 fits into memory. */
  readonly autoPrecision?: ProductSpeeds['faster'];
};

export const doctor: Command = defineCommand({
  name: 'doctor',
  summary: 'Look at this machine: which engines work, how fast they are, and what would make it faster.',
  example: 'counterweight doctor',
  options: z.strictObject({
    fits: z.boolean().default(false).describe('say which sizes of models fit into memory here, and trained how'),
  }),
  async run({ fits }, { core, terminal }) {
    const machine = core.describeMachine();
    // Asked first: once an engine is open, `auto` means that one.
    const engine = await core.openEngine('auto');
    // As long as this process holds that engine alone.
    const models = fits ? core.whatFits() : undefined;
    const engines = await measureEngines(core, terminal);
    const advice = adviceFor(engine.name, engines);
    terminal.print(report(machine, engines, engine.name, advice, terminal));
    if (models) terminal.print(fittingReport(models, machine, terminal));
    return { machine, engines, engine: engine.name, advice, ...(models && { fits: models }) };
  },
});

/** Every engine that works is opened and timed, one after the other. */
async function measureEngines(core: Core, terminal: Terminal): Promise<Checkup[]> {
  const survey = await core.surveyEngines();
  const progress = startProgress('measuring engine', terminal);
  const engines: Checkup[] = [];
  for (const [i, engine] of survey.entries()) {
    progress.update(i, survey.length);
    engines.push(engine.usable ? await measure(core, engine) : engine);
  }
  progress.end();
  return engines;
}

async function measure(core: Core, engine: EngineSurvey): Promise<Checkup> {
  try {
    await core.openEngine(engine.name);
    const { f32, bf16, faster } = await core.measureProducts();
    const gigaflopsPerSecond = { f32: Math.round(f32), ...(bf16 !== undefined && { bf16: Math.round(bf16) }) };
    return { ...engine, gigaflopsPerSecond, autoPrecision: faster };
  } catch (error) {
    const reason = `it does not open: ${error instanceof Error ? error.message : String(error)}`;
    return { name: engine.name, usable: false, reason, fix: 'counterweight doctor --debug' };
  }
}

/** What would bring a faster engine than the one in use. */
function adviceFor(inUse: EngineName, engines: readonly Checkup[]): string[] {
  const faster = engines.slice(
    0,
    engines.findIndex(({ name }) => name === inUse),
  );
  return faster
    .toReversed()
    .flatMap((engine) =>
      engine.usable ? [`--engine ${engine.name}`] : engine.fix.startsWith('nothing') ? [] : [engine.fix],
    );
}

function report(
  machine: Machine,
  engines: readonly Checkup[],
  inUse: EngineName,
  advice: readonly string[],
  { colors }: Terminal,
): string {
  const { nodeVersion, platform, cpuModel, cpuCount, freeBytes, totalBytes } = machine;
  const machineTable = table([
    ['Node', `${nodeVersion} on ${platform}`],
    ['processor', `${cpuCount} × ${cpuModel}`],
    ['memory', `${bytes(freeBytes)} free of ${bytes(totalBytes)}`],
  ]);
  const indent = ' '.repeat(4);
  const engineList = engines.map((engine) => {
    const mark = engine.usable ? colors.green('✓') : colors.dim('–');
    const { f32, bf16 } = engine.gigaflopsPerSecond ?? {};
    const speed = f32 === undefined ? '' : `${f32} GFLOP/s${bf16 === undefined ? '' : `, ${bf16} in bf16`}`;
    const inUseMark =
      engine.name === inUse ? colors.green(`in use, with --precision auto: ${engine.autoPrecision}`) : '';
    const [line] = table([[mark, colors.bold(engine.name.padEnd(14)), speed.padEnd(26), inUseMark]]).split('\n');
    const left = engine.usable && engine.leftToTfjs ? `\n${indent}${colors.dim(leftInWords(engine.leftToTfjs))}` : '';
    return `${line}\n${indent}${colors.dim(engine.usable ? engine.description : firstLine(engine.reason))}${left}\n`;
  });
  const faster =
    advice.length > 0 ? advice.map((line) => `  ${line}\n`).join('') : '  nothing: the fastest engine is in use\n';
  return [
    `${colors.bold('Machine')}\n${machineTable}`,
    `${colors.bold('Engines')}, with their speed at a [1024, 576] × [576, 1536] product, in f32 and where it can in bf16\n${engineList.join('')}`,
    `${colors.bold('To get faster')}\n${faster}`,
  ].join('\n');
}

/** A line a model, a column a way to train; what fits with `--recompute` only is marked. */
function fittingReport(models: readonly FittingModel[], { freeBytes }: Machine, { colors }: Terminal): string {
  const wayOf = ({ training: { method, precision, quantize } }: Fitting) =>
    method === 'full' ? 'every weight' : (quantize ?? precision ?? '');
  const columns = [...new Set(models.flatMap(({ ways }) => ways.map(wayOf)))];
  const cell = (ways: readonly Fitting[]) => {
    const way = ways.find(({ fits }) => fits);
    if (!way) return colors.dim('–');
    return `${bytes(way.bytes)}${way.training.recompute ? '*' : ''}`;
  };
  const rows = models.map(({ name, ways }) => [
    name,
    ...columns.map((column) => cell(ways.filter((way) => wayOf(way) === column))),
  ]);
  const { rows: batch, length } = FITTED_STEP;
  return [
    `\n${colors.bold('What fits')} into ${bytes(freeBytes)}: an optimizer step with ${batch} × ${length} tokens, of every weight or of LoRA`,
    `${table([['', ...columns], ...rows], 1)}  ${colors.dim('int8, int4: --quantize    *: with --recompute    –: not even so')}`,
    `  ${colors.dim('Longer rows and larger batches take more; `train` says what yours do before it begins.')}\n`,
  ].join('\n');
}

/** What no part of ours asks for, but a metric or a model of somebody else's may. */
const leftInWords = (operations: readonly string[]): string =>
  `${operations.length} operations of tfjs that we do not use are left to tfjs-backend-cpu (--json names them)`;

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
