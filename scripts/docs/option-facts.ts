import type { FlagProperty } from '../../packages/cli/src/flags.ts';

/** An option as JSON Schema has it, with its bounds. */
export interface Property extends FlagProperty {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** A default that hangs on something stands at the end of the description. */
export function apart(description: string): [description: string, prose: string] {
  const [whole = '', prose = ''] = /\s*\(default: (.*)\)$/.exec(description) ?? [];
  return [description.slice(0, description.length - whole.length), prose];
}

export const inWords = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

/** `from 0, below 1` */
export function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Property): string {
  const isBound = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const said = [
    ...(isBound(exclusiveMinimum) ? [`above ${exclusiveMinimum}`] : []),
    ...(isBound(minimum) ? [`from ${minimum}`] : []),
    ...(isBound(exclusiveMaximum) ? [`below ${exclusiveMaximum}`] : []),
    ...(isBound(maximum) ? [`to ${maximum}`] : []),
  ];
  return said.join(', ');
}
