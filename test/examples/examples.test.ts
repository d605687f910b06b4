import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const at = (name: string) => fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url));

/** Runs an example as a reader would, on the engine that every machine has. @returns what it printed */
function printedBy(name: string): string {
  const env = { ...process.env, COUNTERWEIGHT_ENGINE: 'wasm' };
  const ran = spawnSync(process.execPath, [at(name)], { encoding: 'utf8', env });
  expect(ran.status, ran.stderr).toBe(0);
  return ran.stdout;
}

/** The loss on the answers before the training and after it. */
function lossesIn(printed: string): [before: number, after: number] {
  const [, before, after] = printed.match(/loss on the answers: (\S+) (\S+)/) ?? [];
  return [Number(before), Number(after)];
}

describe('the example', { timeout: 120_000 }, () => {
  it('extend-support changes the prompt and measures more, and learns', () => {
    const printed = printedBy('extend-support');
    expect(printed).toMatch(/\(app\) [\s\S]*Name the problem/);
    expect(printed).toMatch(/exactMatch: [\s\S]*macroF1: [\s\S]*words: /);
    const [before, after] = lossesIn(printed);
    expect(after).toBeLessThan(0.7 * before);
  });

  it('mix-recipes learns both, and answers each row as its own recipe', () => {
    const printed = printedBy('mix-recipes');
    expect(printed).toMatch(/supportExactMatch: [\s\S]*plainExactMatch: /);
    const [before, after] = lossesIn(printed);
    expect(after).toBeLessThan(0.8 * before);
    const [named = '', told = ''] = printed.split('\n> ').slice(1);
    expect(named.trim().length).toBeLessThan(told.trim().length);
  });

  it('from-nothing defines a recipe in 30 lines, and learns what it is shown', () => {
    const source = readFileSync(at('from-nothing'), 'utf8');
    const recipe = source.slice(source.indexOf('const row'), source.indexOf('\n});') + 4);
    expect(recipe.split('\n').length).toBeLessThanOrEqual(30);
    const printed = printedBy('from-nothing');
    const [before, after] = lossesIn(printed);
    expect(after).toBeLessThan(0.3 * before);
    expect(printed).toContain("'cold'");
  });
});
