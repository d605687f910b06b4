import { flagName } from '../../packages/cli/src/flags.ts';
import { TRAINERS, trainers } from '../../packages/cli/src/import-config/read-source.ts';
import { groupBy } from './group-by.ts';
import { code, plain, table } from './markdown.ts';

/** A table for each trainer: its options with a counterpart, and those without one by their reason. */
export function importTables(): string {
  return trainers.map((trainer) => trainerSection(TRAINERS[trainer])).join('\n\n');
}

function trainerSection({ name, rules }: (typeof TRAINERS)[keyof typeof TRAINERS]): string {
  const known = rules.filter(({ ours }) => ours.length > 0);
  const others = groupBy(
    rules.filter(({ ours }) => ours.length === 0),
    ({ about }) => about,
  );
  const counterparts = known.map(({ theirs, ours, about }) => [
    code(theirs),
    [...new Set(ours)].map((one) => code(flagName(one))).join(', '),
    plain(about),
  ]);
  const reasons = [...others].map(([about, all]) => [all.map(({ theirs }) => code(theirs)).join(', '), plain(about)]);
  return [
    `## ${name}`,
    table([`in ${name}`, 'here', 'what changes'], counterparts),
    `Without a counterpart:`,
    table([`in ${name}`, 'why, or what instead'], reasons),
  ].join('\n\n');
}
