import { readFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { similarPath, UserError } from '@counterweight/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { readSource, TRAINERS, trainers } from '../import-config/read-source.ts';
import { translate } from '../import-config/translate.ts';
import { configText, lostInWords } from '../import-config/write-config.ts';
import { optionError } from '../option-error.ts';
import { writeNew } from '../write-new.ts';

export const importConfig: Command = defineCommand({
  name: 'import-config',
  summary:
    'Turn a configuration of Axolotl or LLaMA-Factory, or a command line of TRL, into a config file, and say what has no counterpart.',
  example: 'counterweight import-config axolotl.yaml --output support.yaml',
  options: z.strictObject({
    file: z
      .string()
      .min(1)
      .describe('YAML of Axolotl, LLaMA-Factory or TRL, or a script with trl sft or sft.py')
      .meta({ placeholder: 'file' }),
    from: z.enum(trainers).optional().describe('whose it is (default: what it looks like)'),
    output: z
      .string()
      .min(1)
      .default('counterweight.yaml')
      .describe('the config file to write, a new one')
      .meta({ placeholder: 'file' }),
  }),
  argument: 'file',
  async run({ file, from, output }, { cwd, terminal }) {
    if (!/[.]ya?ml$/.test(output)) {
      throw optionError(
        'The config file is YAML, with remarks',
        `--output ${output}`,
        'Give a name that ends in .yaml.',
      );
    }
    const source = readSource(await read(resolve(cwd, file), file), file, from);
    const translation = translate(source);
    const { options, lost } = translation;
    const target = resolve(cwd, output);
    await writeNew(target, configText(translation, basename(file), source.trainer));
    const name = relative(cwd, target);
    const count = Object.keys(options).length;
    terminal.print(`${count} options of ${TRAINERS[source.trainer].name} are in ${name}\n`);
    if (lost.length > 0) {
      terminal.print(
        `Without a counterpart, ${lost.length}:\n${lost.map((one) => `  ${lostInWords(one)}\n`).join('')}`,
      );
    }
    terminal.print(`Next:\n  counterweight preview --config ${name}\n  counterweight train --config ${name}\n`);
    const values = Object.fromEntries(Object.entries(options).map(([option, { value }]) => [option, value]));
    return { config: target, from: source.trainer, options: values, lost };
  },
});

const read = (path: string, file: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause) => {
    const fix = `${similarPath(path)}Check the path.`;
    throw new UserError({ code: 'file-not-found', problem: 'The file cannot be read', where: file, fix, cause });
  });
