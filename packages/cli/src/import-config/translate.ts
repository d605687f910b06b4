import type { z } from 'zod';
import { trainOptions } from '../options.ts';
import { type ReadSource, TRAINERS } from './read-source.ts';
import type { Outcome, Source } from './rule.ts';

/** An option of ours, and which of theirs it is from. */
export interface Imported {
  readonly value: unknown;
  readonly from: string;
  /** Nobody said it: it is what the trainer does by itself. */
  readonly isDefault: boolean;
  readonly note?: string | undefined;
}

/** Something that is not in the configuration that was written. */
export interface Lost {
  readonly option: string;
  readonly value: unknown;
  readonly reason: string;
}

export interface Translation {
  readonly options: Readonly<Record<string, Imported>>;
  readonly lost: readonly Lost[];
}

/** Options that say what evaluations decide, or when they are made. */
const OF_EVALUATIONS = [
  'evaluateEvery',
  'evaluateAtStart',
  'keep',
  'bestMetric',
  'earlyStoppingPatience',
  'plateauPatience',
];

/** What a configuration is here, option by option, by the table of its trainer. */
export function translate({ trainer, given, defaults, processes }: ReadSource): Translation {
  const options: Record<string, Imported> = {};
  const lost: Lost[] = [];
  const all: Source = { ...defaults, ...given };
  const rules = new Map(TRAINERS[trainer].rules.map((rule) => [rule.theirs, rule]));
  const take = (option: string, { options: own = {}, note, lost: reason }: Outcome) => {
    const isDefault = !Object.hasOwn(given, option);
    if (reason !== undefined) lost.push({ option, value: all[option], reason });
    for (const [name, value] of Object.entries(own)) {
      const problem = misfit(name, value);
      if (problem !== undefined) lost.push({ option, value: all[option], reason: problem });
      // What was said wins over what the trainer does by itself.
      else if (!isDefault || !options[name] || options[name].isDefault)
        options[name] = { value, from: option, isDefault, note };
    }
  };
  // Defaults first.
  for (const option of new Set([...Object.keys(defaults), ...Object.keys(given)])) {
    const rule = rules.get(option);
    if (rule) {
      const value = all[option];
      // An empty value is the trainer's default, except where that is what is asked.
      if (value !== null || Object.hasOwn(defaults, option)) take(option, rule.translate(value, all));
    } else if (given[option] !== null) {
      lost.push({ option, value: given[option], reason: 'there is no counterpart' });
    }
  }
  if (processes > 1) multiply(options, processes);
  withoutRows(options, lost);
  for (const [name, value] of Object.entries({ model: 'MODEL', data: ['rows.jsonl'] })) {
    options[name] ??= { value, from: '', isDefault: true, note: 'nothing was said of it: put it here' };
  }
  return { options, lost };
}

function misfit(name: string, value: unknown): string | undefined {
  const schema = (trainOptions.shape as Readonly<Record<string, z.ZodType>>)[name];
  const result = schema?.safeParse(value);
  if (!result) return `there is no option ${name}`;
  return result.success ? undefined : `${name} cannot be ${JSON.stringify(value)}: ${result.error.issues[0]?.message}`;
}

/** As many rows a step as all processes had together. */
function multiply(options: Record<string, Imported>, processes: number): void {
  const { value = 1, from = 'gradient_accumulation_steps' } = options.gradientAccumulation ?? {};
  const note = `× ${processes} processes, so that a step has as many rows`;
  options.gradientAccumulation = { value: Number(value) * processes, from, isDefault: false, note };
}

/** Without rows to evaluate on, what evaluations are to decide is a mistake here. */
function withoutRows(options: Record<string, Imported>, lost: Lost[]): void {
  if (options.evalData || options.evalSplit) {
    // Both would be two sources of rows.
    if (options.evalData) delete options.evalSplit;
    return;
  }
  for (const name of OF_EVALUATIONS) {
    const { from, value, isDefault } = options[name] ?? {};
    if (from === undefined) continue;
    delete options[name];
    const reason = `there are no rows to evaluate on: with --eval-data or --eval-split it is ${name}: ${JSON.stringify(value)}`;
    if (!isDefault) lost.push({ option: from, value, reason });
  }
}
