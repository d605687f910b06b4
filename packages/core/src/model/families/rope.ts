import { z } from 'zod';
import { frequenciesOf, type RotaryShape } from '../attention/rotary.ts';
import { inconsistent, known } from './parse-config.ts';

/** How positions become angles, in one of its spellings: `rope_parameters` (today's), or `rope_scaling`. */
export const ropeParameters = z.object({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  partial_rotary_factor: z.number().positive().max(1).nullish(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: z.number().positive().optional(),
});

export type RopeParameters = z.output<typeof ropeParameters>;

/** Both spellings, and what yesterday's keeps beside them. */
export const ropeFields = {
  rope_theta: z.number().positive().nullish(),
  partial_rotary_factor: z.number().positive().max(1).nullish(),
  rope_scaling: ropeParameters.nullish(),
  rope_parameters: ropeParameters.nullish(),
};

export type RopeFields = z.output<z.ZodObject<typeof ropeFields>>;

/** Today's spelling of either. */
export function ropeOf(fields: RopeFields, defaults: { theta?: number; partial?: number } = {}): RopeParameters {
  const given = fields.rope_parameters ?? fields.rope_scaling ?? {};
  return {
    ...given,
    rope_type: given.rope_type ?? given.type ?? 'default',
    rope_theta: given.rope_theta ?? fields.rope_theta ?? defaults.theta ?? 10_000,
    partial_rotary_factor: given.partial_rotary_factor ?? fields.partial_rotary_factor ?? defaults.partial ?? 1,
  };
}

/** @throws {UserError} `model-unsupported` for a kind of scaling that depends on the length of the text (yarn, longrope) */
export function rotaryShape(rope: RopeParameters, headSize: number, file: string): RotaryShape {
  const size = Math.floor(headSize * (rope.partial_rotary_factor ?? 1));
  if (size % 2 !== 0 || size === 0) throw inconsistent(file, `${size} features of a head are to be rotated in pairs`);
  const scaled = known(SCALINGS, 'rope_type', rope.rope_type ?? 'default', file);
  const frequencies = frequenciesOf(size, rope.rope_theta ?? 10_000);
  return { frequencies: frequencies.map((frequency) => scaled(frequency, rope)) };
}

type Scaling = (frequency: number, rope: RopeParameters) => number;

const SCALINGS: Readonly<Record<string, Scaling>> = {
  default: (frequency) => frequency,
  linear: (frequency, { factor = 1 }) => frequency / factor,
  llama3,
};

/**
 * Waves longer than the first context are stretched, short ones are left, those between go over from one to the other.
 * Source: Llama Team 2024, arXiv 2407.21783, and the code published with the model.
 */
function llama3(frequency: number, rope: RopeParameters): number {
  const {
    factor = 8,
    low_freq_factor: low = 1,
    high_freq_factor: high = 4,
    original_max_position_embeddings: first = 8192,
  } = rope;
  const wavesInContext = (first * frequency) / (2 * Math.PI);
  const kept = Math.min(1, Math.max(0, (wavesInContext - low) / (high - low)));
  return (1 - kept) * (frequency / factor) + kept * frequency;
}
