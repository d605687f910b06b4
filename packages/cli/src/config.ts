import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadFix, similarPath, UserError } from '@counterweight/core';
import { parse as parseYaml } from 'yaml';
import { optionError } from './option-error.ts';

/** Options from a file: the same names in camelCase. Paths in it count from the working directory, as flags do. */
export async function readConfig(file: string, cwd: string): Promise<Record<string, unknown>> {
  const path = resolve(cwd, file);
  const value = await readers(path, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw optionError('A config file holds one object of options', file, 'Write names and values: learningRate: 0.001');
  }
  return value as Record<string, unknown>;
}

async function readers(path: string, file: string): Promise<unknown> {
  const extension = extname(path);
  if (!['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.yaml', '.yml'].includes(extension)) {
    throw optionError(`A config file cannot be of type "${extension}"`, file, 'Use .ts, .js, .json or .yaml.');
  }
  const text = await readFile(path, 'utf8').catch((cause) => {
    const fix = `${similarPath(path)}Check the path given with --config.`;
    throw new UserError({ code: 'file-not-found', problem: 'The config file cannot be read', where: file, fix, cause });
  });
  try {
    if (extension === '.json') return JSON.parse(text);
    if (extension === '.yaml' || extension === '.yml') return parseYaml(text);
    const module: { default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (cause) {
    const { message } = cause as Error;
    const isModule = !['.json', '.yaml', '.yml'].includes(extension);
    const fix = isModule ? loadFix(message) : 'Mend the file, or check it with the tool of its own format.';
    const problem = `The config file does not load: ${message}`;
    throw new UserError({ code: 'file-malformed', problem, where: file, fix, cause });
  }
}
