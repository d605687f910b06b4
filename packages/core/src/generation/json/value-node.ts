import type { NumberRange } from './number-literal.ts';

/** What a JSON value may be. The values in it are numbers of other nodes, so that a schema may hold itself. */
export type ValueNode =
  | { readonly kind: 'object'; readonly properties: readonly Property[] }
  /** Keys of any kind, each with such a value. */
  | { readonly kind: 'record'; readonly value: number }
  | { readonly kind: 'array'; readonly items: number; readonly least: number; readonly most: number }
  /** In characters. */
  | { readonly kind: 'string'; readonly least: number; readonly most: number }
  | { readonly kind: 'number'; readonly range: NumberRange }
  /** One of these, written as JSON. */
  | { readonly kind: 'literals'; readonly texts: readonly string[] }
  | { readonly kind: 'any-of'; readonly options: readonly number[] };

export interface Property {
  readonly name: string;
  readonly value: number;
  readonly isRequired: boolean;
}

/** Nodes by their numbers; the first one is the whole. */
export type CompiledSchema = readonly ValueNode[];
