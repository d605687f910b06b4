import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { recipeOptions, trainOptions } from './options.ts';
import { resolveRecipe } from './resolve-recipe.ts';
import { lastJson, runWith } from './test-support.ts';

let cwd: string;

/** A recipe as a stranger writes it: two tasks, each with options of its own. */
const module = `
import { z } from 'zod';
const shared = {
  unsafeExecution: z.boolean().default(false).describe('run programs without a sandbox'),
  timeoutSeconds: z.number().positive().default(10),
  passAt: z.array(z.int()).default([1]),
  languages: z.array(z.string()).default(['typescript']),
  model: z.string().default('the command has a flag of that name'),
  noColor: z.boolean().default(false),
  limits: z.strictObject({ memory: z.number().default(1) }).default({ memory: 1 }),
};
export const optionsSchema = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('write').default('write'), ...shared }),
  z.strictObject({ task: z.literal('mend'), style: z.enum(['short', 'long']).optional(), ...shared }),
]);
export const own = (options = {}) => ({
  specificationVersion: 1, name: 'own', options: optionsSchema.parse({ task: 'write', ...options }), defaults: {}, layout: {},
  parseRow: (row) => row, render: () => ({ prompt: [], completion: [] }), metrics: [],
});`;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'counterweight-flags-'));
  await mkdir(join(cwd, 'node_modules'));
  const zod = fileURLToPath(import.meta.resolve('zod'));
  await writeFile(join(cwd, 'own.js'), module.replace("'zod'", JSON.stringify(zod)));
  await writeFile(
    join(cwd, 'run.json'),
    '{"recipe": "./own.js", "recipeOptions": {"timeoutSeconds": 2, "task": "mend"}}',
  );
});
afterAll(() => rm(cwd, { recursive: true }));

/** A command that prints the options its recipe was made with. */
const show = defineCommand({
  name: 'show',
  summary: 'Show the options of a recipe.',
  example: 'counterweight show --recipe own',
  options: z.strictObject(recipeOptions),
  alsoAccepts: trainOptions,
  run: async (options) => (await resolveRecipe({ ...options, cwd })).options,
});
const other = defineCommand({ ...show, name: 'other', options: z.strictObject({}), run: async () => ({}) });
const shown = (...flags: string[]) => runWith([show, other], flags, { cwd });
const optionsOf = async (...flags: string[]) => lastJson((await shown('show', ...flags, '--json')).stdout);

describe("a recipe's own options", () => {
  it('are flags of every command that takes a recipe', async () => {
    const flags = [
      '--unsafe-execution',
      '--timeout-seconds',
      '3',
      '--languages',
      'python,javascript',
      '--style',
      'long',
      '--pass-at',
      '1,5',
    ];
    expect(await optionsOf('--recipe', './own.js', '--task', 'mend', ...flags)).toMatchObject({
      task: 'mend',
      unsafeExecution: true,
      timeoutSeconds: 3,
      languages: ['python', 'javascript'],
      style: 'long',
      passAt: [1, 5],
    });
    expect(await optionsOf('--recipe=./own.js')).toMatchObject({ task: 'write', unsafeExecution: false });
  });

  it('win over --recipe-options, and add to them', async () => {
    const json = '{"timeoutSeconds": 9, "limits": {"memory": 7}}';
    const given = await optionsOf('--recipe', './own.js', '--recipe-options', json, '--timeout-seconds', '3');
    expect(given).toMatchObject({ timeoutSeconds: 3, limits: { memory: 7 } });
  });

  it('are known when the recipe is named in a config file', async () => {
    expect(await optionsOf('--config', 'run.json', '--unsafe-execution')).toMatchObject({
      task: 'mend',
      timeoutSeconds: 2,
      unsafeExecution: true,
    });
  });

  it('are listed in the help with their choices, save those that no flag can carry', async () => {
    const { stdout } = await shown('show', '--recipe', './own.js', '--help');
    expect(stdout).toMatch(
      /The recipe's own options:\n +--task <name> +\(write, mend;[^)]*\)\n +--unsafe-execution +run/,
    );
    expect(stdout).not.toMatch(/--limits|--no-color|the command has a flag/);
    expect((await shown('show', '--recipe', './none.js', '--help')).exitCode).toBe(0);
  });

  it.each([
    [['show', '--recipe', './own.js', '--unsafe-exekution'], "unknown option '--unsafe-exekution'"],
    [['show', '--unsafe-execution'], "unknown option '--unsafe-execution'"],
    [['other', '--recipe', './own.js', '--unsafe-execution'], "unknown option '--unsafe-execution'"],
    [['show', '--recipe', './own.js', '--timeout-seconds', 'long'], '--timeout-seconds takes a number, not "long"'],
    [['show', '--recipe', './none.js', '--unsafe-execution'], 'recipe module is not there'],
  ])('are refused as %j', async (argv, message) => {
    const { exitCode, stderr } = await shown(...argv);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
