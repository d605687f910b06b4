import type { Interval, PerturbationEffect, PerturbationName, Sensitivity } from '@counterweight/core';
import { count, nats, percent, table } from './format.ts';

const TITLES: Readonly<Record<PerturbationName, string>> = {
  phrasing: 'other words',
  case: 'case, punctuation',
  typing: 'a typing error',
  order: 'other order',
};

/** Rows asked again: a column for each way, with 95 % intervals; below the share, what the metrics gain or lose. */
export function sensitivityTable({ rows, changedShare, interval, byPerturbation }: Sensitivity): string {
  const ways = Object.entries(byPerturbation) as [PerturbationName, PerturbationEffect][];
  if (changedShare === null || interval === null || ways.length === 0) return `${NOTHING}\n`;
  const effects = ways.map(([, effect]) => effect);
  const metrics = [...new Set(effects.flatMap((effect) => Object.keys(effect.metrics)))];
  const metric = (name: string) => (effect: PerturbationEffect) => {
    const { difference, interval } = effect.metrics[name] ?? {};
    if (difference === undefined) return '–';
    return interval ? `${signed(difference)} ${within(interval, signed)}` : signed(difference);
  };
  const tooLong = effects.some((effect) => effect.tooLong > 0);
  const line = (label: string, cell: (effect: PerturbationEffect) => string) => [label, ...effects.map(cell)];
  return [
    `\n  ${count(rows)} rows asked again: ${share(changedShare, interval)} of the answers change\n`,
    table(
      [
        ['', ...ways.map(([name]) => TITLES[name])],
        line('rows', (effect) => count(effect.rows)),
        ...(tooLong ? [line('too long', (effect) => count(effect.tooLong))] : []),
        line('answers changed', (effect) => share(effect.changed, effect.interval)),
        ...metrics.map((name) => line(name, metric(name))),
      ],
      1,
    ),
  ].join('');
}

const NOTHING =
  '  No row was asked again: the recipe does not say of any text how else it could be put (phrasings, freedom).';

const share = (part: number, interval: Interval): string => `${percent(part)} ${within(interval, percent)}`;

const within = ([low, high]: Interval, write: (value: number) => string): string => `(${write(low)} to ${write(high)})`;

/** With its sign, and no sign of nothing. */
const signed = (value: number): string => {
  const size = nats(Math.abs(value));
  if (Number(size) === 0) return size;
  return value > 0 ? `+${size}` : `−${size}`;
};
