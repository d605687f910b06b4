import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Language } from '../src/index.ts';
import { programRunner } from '../src/index.ts';
import { hasSandbox } from '../src/test-support.ts';

interface FixtureRow {
  readonly source: string;
  readonly language: Language;
  readonly code?: string;
  readonly faults?: readonly string[];
  readonly tests: string;
  readonly solution?: string;
}

const rowsOf = (name: string): FixtureRow[] =>
  readFileSync(new URL(`../fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const run = programRunner({ limits: { timeoutSeconds: 60 } });

describe.skipIf(!(await hasSandbox()))('real programs of MBXP and MBPP in the sandbox', () => {
  const failing = async (rows: readonly FixtureRow[], sourceOf: (row: FixtureRow) => string | undefined) => {
    const outcomes = rows.map(async (row) => {
      const { status } = await run({ language: row.language, source: sourceOf(row) ?? '', tests: row.tests });
      return status === 'passed' ? [] : [row.source];
    });
    return (await Promise.all(outcomes)).flat();
  };

  // Every one of them passes under plain Node or Python; 95 % is what the sandbox must let pass.
  it.each(['functions', 'bugs', 'improvements'])('solutions of %s pass', async (name) => {
    const rows = rowsOf(name);
    expect((await failing(rows, ({ solution }) => solution)).length).toBeLessThanOrEqual(0.05 * rows.length);
  });

  it('code to improve works, code to mend does not', async () => {
    const [bugs, improvements] = [rowsOf('bugs'), rowsOf('improvements')];
    expect(await failing(improvements, ({ code }) => code)).toEqual([]);
    expect(await failing(bugs, ({ code }) => code)).toHaveLength(bugs.length);
  });

  it('tests pass with the code and find the fault', async () => {
    const rows = rowsOf('tests');
    expect(await failing(rows, ({ code }) => code)).toEqual([]);
    const faulty = rows.filter(({ faults = [] }) => faults.length > 0);
    expect(faulty.length).toBeGreaterThan(0);
    expect(await failing(faulty, ({ faults }) => faults?.[0])).toHaveLength(faulty.length);
  });
});
