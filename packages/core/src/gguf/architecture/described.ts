import type { Metadata } from '../format/metadata.ts';
import type { TensorInfo } from '../format/read-header.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What a family's config.json is made of. */
export interface Described {
  readonly metadata: Metadata;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** The value of a tensor of f32, for what travels as one. */
  readonly values: (name: string) => readonly number[] | undefined;
  /** Keys without the architecture's name in front. */
  readonly number: (key: string) => number;
  readonly numberOr: <Other>(key: string, other: Other) => number | Other;
}

/** The decimal that a number of f32 was written from: 0.00001 and not 0.000009999999747378752. */
export function decimal(value: number): number {
  const short = Number(value.toPrecision(7));
  return Math.fround(short) === Math.fround(value) ? short : value;
}
