import { nearestOf, type UserError } from '@counterweight/core';
import { flagName } from './flags.ts';
import { axolotl } from './import-config/axolotl.ts';
import { llamaFactory } from './import-config/llama-factory.ts';
import { trl } from './import-config/trl.ts';
import { optionError } from './option-error.ts';

/** `lora_r`, `loraR` and `--lora-r` are one name. */
const bare = (name: string): string => name.replace(/[-_]/g, '').toLowerCase();

/** What other trainers call an option, and what it is called here: their tables say both. */
const theirs: ReadonlyMap<string, readonly string[]> = new Map(
  [...axolotl, ...llamaFactory, ...trl]
    .filter(({ ours }) => ours.length > 0)
    .map(({ theirs, ours }) => [bare(theirs), ours] as const),
);

/** What an option of another trainer is here; empty where none has that name. */
const counterpartsOf = (name: string): readonly string[] => theirs.get(bare(name)) ?? [];

/** The options here that an unknown name most likely means: those of another trainer's name, or the nearest one. */
export function meantBy(name: string, known: readonly string[]): readonly string[] {
  const same = known.find((one) => bare(one) === bare(name));
  if (same !== undefined) return [same];
  const counterparts = counterpartsOf(name).filter((one) => known.includes(one));
  if (counterparts.length > 0) return counterparts;
  const nearest = nearestOf(name, known);
  return nearest === undefined ? [] : [nearest];
}

/** All of them at once, each with what it is here. */
export function unknownOptions(names: readonly string[], where: string, known: readonly string[]): UserError {
  const meant = names.map((name) => [name, meantBy(name, known).join(', ')] as const);
  const [first] = meant;
  if (names.length === 1 && first?.[1]) return unknown(names, where, `Did you mean ${first[1]}?`);
  const found = meant.flatMap(([name, ours]) => (ours ? [`${name} → ${ours}`] : []));
  const hint = found.length > 0 ? `Did you mean ${found.join('; ')}? ` : '';
  // More than slips: a file that was written for another program.
  const importer =
    names.length > 2 ? ' A file of Axolotl, LLaMA-Factory or TRL: counterweight import-config FILE.' : '';
  return unknown(
    names,
    where,
    `${hint}Use the names of the flags in camelCase: see counterweight train --help.${importer}`,
  );
}

/** What every command takes beside its own. */
const EVERYWHERE = ['config', 'json', 'debug', 'help', 'version'];

/** Flags of a command line that its command does not have, all of them at once; undefined where there are none. @param own in camelCase */
export function unknownFlags(argv: readonly string[], own: readonly string[]): UserError | undefined {
  const known = [...own, ...EVERYWHERE];
  const flags = argv.map((word) => /^--[A-Za-z][\w-]*/.exec(word)?.[0]).filter((flag) => flag !== undefined);
  const strange = [...new Set(flags)].filter((flag) => !known.some((name) => flagName(name) === flag));
  if (strange.length === 0) return undefined;
  const meant = strange.map((flag) => [flag, meantBy(flag.slice(2), known).map(flagName).join(', ')] as const);
  const found = meant.flatMap(([flag, ours]) => (ours ? [strange.length === 1 ? ours : `${flag} → ${ours}`] : []));
  const problem = `unknown option${strange.length > 1 ? 's' : ''} ${strange.map((flag) => `'${flag}'`).join(', ')}`;
  const fix = found.length > 0 ? `Did you mean ${found.join('; ')}?` : '--help lists the options of the command.';
  return optionError(problem, 'command line', fix);
}

const unknown = (names: readonly string[], where: string, fix: string): UserError =>
  optionError(
    `Unknown option${names.length > 1 ? 's' : ''} ${names.map((name) => `"${name}"`).join(', ')}`,
    where,
    fix,
  );
