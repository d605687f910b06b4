import type { Step } from '../tokenizer-json.ts';

/** Fields of a step, of the type they must have. @throws {Error} for one that has another */

export function flagOf(step: Step, name: string, otherwise: boolean): boolean {
  const value = step[name] ?? otherwise;
  if (typeof value !== 'boolean') throw wrong(step, name, 'true or false');
  return value;
}

export function textOf(step: Step, name: string, otherwise?: string): string {
  const value = step[name] ?? otherwise;
  if (typeof value !== 'string') throw wrong(step, name, 'a text');
  return value;
}

export function countOf(step: Step, name: string, otherwise: number): number {
  const value = step[name] ?? otherwise;
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong(step, name, 'a number of 0 or more');
  return value as number;
}

/** The steps of a sequence. */
export function stepsOf(step: Step, name: 'normalizers' | 'pretokenizers' | 'decoders'): readonly Step[] {
  const steps = step[name];
  if (!steps) throw wrong(step, name, 'a list of steps');
  return steps;
}

const wrong = (step: Step, name: string, wanted: string): Error =>
  new Error(`the field ${JSON.stringify(name)} of its step ${JSON.stringify(step.type)} is not ${wanted}`);
