import { parseArgs } from 'node:util';

/** What `pnpm bench` can be told. Where a number is not given, the scenario has its own. */
export interface BenchOptions {
  /** Our engines that run; where none are named, those that are here, without WebAssembly. The first is the one that others are held against. */
  readonly engines?: readonly EngineName[];
  /** Leaves `torch.compile` out: its first step takes minutes. */
  readonly eagerOnly?: boolean;
  readonly rounds?: number;
  readonly steps?: number;
  /** Compare in this precision only; for a scenario that has several. */
  readonly precision?: Precision;
}

export type Precision = 'f32' | 'bf16';
/** In the order of the tables. */
export const ENGINES = ['native', 'tfjs-node', 'wasm'] as const;
export type EngineName = (typeof ENGINES)[number];

export interface Command extends BenchOptions {
  readonly names: readonly string[];
  readonly all: boolean;
  readonly list: boolean;
  readonly profile: boolean;
  readonly write: boolean;
  readonly help: boolean;
}

export const HELP = `pnpm bench [SCENARIO …] [options]        without a name: the standard set, half an hour and more

  --list             the scenarios, and which of them are the standard set
  --all              every scenario
  --rounds N         how often each side runs
  --steps N          training steps of a run, warm-up included
  --precision P      f32 or bf16, where a scenario compares both
  --engines A,B      native, tfjs-node, wasm; without it those of the first two that are here
  --eager-only       without torch.compile, whose first step takes minutes
  --profile          no comparison: time per operation of our first engine
  --write            put the figures into bench/figures.json and the tables of bench/README.md
`;

export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      steps: { type: 'string' },
      precision: { type: 'string' },
      engines: { type: 'string' },
      'eager-only': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { rounds, steps, precision, engines, 'eager-only': eagerOnly, ...flags } = values;
  if (precision !== undefined && precision !== 'f32' && precision !== 'bf16') {
    throw new Error(`--precision is f32 or bf16, not ${precision}`);
  }
  return {
    names: positionals,
    ...flags,
    ...(rounds !== undefined && { rounds: countFrom('rounds', rounds) }),
    ...(steps !== undefined && { steps: countFrom('steps', steps) }),
    ...(precision !== undefined && { precision }),
    ...(engines !== undefined && { engines: engines.split(',').map(engineFrom) }),
    eagerOnly,
  };
}

function countFrom(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a whole number from 1 on, not ${text}`);
}

function engineFrom(text: string): EngineName {
  const name = ENGINES.find((engine) => engine === text);
  if (name) return name;
  throw new Error(`--engines takes ${ENGINES.join(', ')}, not ${text}`);
}
