/** What stands in a configuration, by its names there. */
export type Source = Readonly<Record<string, unknown>>;

/** What becomes of an option: options here, what to know of them, or why there is none. */
export interface Outcome {
  readonly options?: Readonly<Record<string, unknown>>;
  /** They are not quite the same: in what. */
  readonly note?: string;
  /** There is no counterpart: the reason, or the nearest thing. */
  readonly lost?: string;
}

/** A line of a trainer's table: one of its options, and what it is here. */
export interface Rule {
  /** Its name there. */
  readonly theirs: string;
  /** Options here; empty where none is written. */
  readonly ours: readonly string[];
  /** For readers of the table: how the value changes, or why there is no counterpart. */
  readonly about: string;
  translate(value: unknown, all: Source): Outcome;
}

/** The same value under our name. */
export const same = (theirs: string, ours: string, about = ''): Rule => ({
  theirs,
  ours: [ours],
  about,
  translate: (value) => ({ options: { [ours]: plainValue(value) } }),
});

/** Another value, or several options. */
export const turned = (
  theirs: string,
  ours: string | readonly string[],
  about: string,
  translate: Rule['translate'],
): Rule => ({ theirs, ours: [ours].flat(), about, translate });

/** A switch there, which is these options here when it is on, and others when it is off. */
export const whether = (
  theirs: string,
  on: Readonly<Record<string, unknown>>,
  off: Readonly<Record<string, unknown>> = {},
  about = '',
): Rule => ({
  theirs,
  ours: Object.keys({ ...on, ...off }),
  about,
  translate: (value) => ({ options: isOn(value) ? on : off }),
});

/** It says something that cannot be said here. What is off or empty says nothing, and is not listed. */
export const none = (reason: string, ...names: readonly string[]): Rule[] =>
  names.map((theirs) => ({
    theirs,
    ours: [],
    about: reason,
    translate: (value) => (isOn(value) ? { lost: reason } : {}),
  }));

/** Nothing has to be said here: it is so, or means nothing here. */
export const needless = (reason: string, ...names: readonly string[]): Rule[] =>
  names.map((theirs) => ({ theirs, ours: [], about: `not needed: ${reason}`, translate: () => ({}) }));

/** Neither off nor empty. */
export const isOn = (value: unknown): boolean =>
  !(
    value === false ||
    value === null ||
    value === undefined ||
    value === '' ||
    value === 'false' ||
    value === 'none' ||
    value === 'no' ||
    value === 0 ||
    (Array.isArray(value) && value.length === 0)
  );

/** YAML 1.1 and command lines leave numbers as texts: `2e-4`, `4_096`. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value.replaceAll('_', ''));
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}

/** `[a, b]`, `a,b` and `a b` as a list. */
export const listOf = (value: unknown): string[] =>
  [value]
    .flat()
    .flatMap((item) => String(item).split(/[\s,]+/))
    .filter((item) => item !== '');
