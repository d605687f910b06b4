import type { Value } from './values.ts';

/** What a template writes to: the text of all, or of a macro or block first. */
export interface Output {
  text: string;
}

/** What one rendering knows besides values. */
export interface Rendering {
  /** The line of the template that is executed. */
  line: number;
  readonly root: Output;
}

/** Names and their values where a statement stands; what is not among them is looked for in the scope around it. */
export interface Scope {
  readonly names: Map<string, Value>;
  readonly outer: Scope | undefined;
  readonly rendering: Rendering;
}

export const innerScope = (outer: Scope): Scope => ({ names: new Map(), outer, rendering: outer.rendering });

export function lookUp(scope: Scope, name: string): Value | undefined {
  for (let one: Scope | undefined = scope; one; one = one.outer) {
    const value = one.names.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** How a statement ends: on to the next one, out of the loop, or on to the loop's next turn. */
export type Ending = 'next' | 'break' | 'continue';

export type Evaluate = (scope: Scope) => Value;
export type Execute = (scope: Scope, output: Output) => Ending;
