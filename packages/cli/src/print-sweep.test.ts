import { Command } from 'commander';
import { expect, it } from 'vitest';
import { commanderOption, flagsOf, flagValue } from './flags.ts';
import { trainOptions } from './options.ts';
import { trainCommand } from './print-sweep.ts';

/** What a shell makes of a command line in which only single quotes are. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) => word.replaceAll(/'([^']*)'|\\(')/g, '$1$2'));

/** What `train` reads out of it. */
function read(line: string): Record<string, unknown> {
  const flags = flagsOf(trainOptions);
  const parser = new Command().exitOverride().allowExcessArguments(false);
  for (const flag of flags) parser.addOption(commanderOption(flag));
  parser.parse(wordsOf(line).slice(2), { from: 'user' });
  return Object.fromEntries(
    flags.flatMap((flag) => {
      const given = parser.opts()[flag.name];
      return given === undefined ? [] : [[flag.name, flagValue(flag, given)]];
    }),
  );
}

it('prints a command that `train` reads as the sweep was given', () => {
  const options = {
    recipe: 'support',
    recipeOptions: '{"task":"intent","labels":["it\'s", "no"]}',
    model: './my model',
    data: ['a b.csv', 'c.csv'],
    method: 'lora',
    loraTargets: ['q_proj', 'v_proj'],
    dora: true,
    evaluateLossesOnly: false,
    map: { message: 'the "text", once' },
    shuffle: false,
  };
  const command = {
    cwd: '/',
    options: { ...options, output: 'sweeps/first', weights: [0, 1], seeds: 6, tune: 'learningRate' },
  };
  const line = trainCommand({ command, evalSplit: 0.3 }, { promptLossWeight: 0.1, learningRate: 3e-4 });
  const { evaluateLossesOnly: _, ...there } = options;
  expect(read(line as string)).toEqual({ ...there, evalSplit: 0.3, promptLossWeight: 0.1, learningRate: 3e-4 });
  expect(line).not.toContain('sweeps/first');
});

it('prints none for a sweep that a program has planned', () => {
  expect(trainCommand({}, { promptLossWeight: 0.1 })).toBeUndefined();
});
