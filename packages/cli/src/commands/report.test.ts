import { describe, expect, it } from 'vitest';
import type { Core } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { report } from './report.ts';

/** A core that writes nothing, and remembers what it was asked. */
function reporting() {
  const asked: Parameters<Core['reportRuns']>[] = [];
  const reportRuns: Core['reportRuns'] = async (...given) => {
    asked.push(given);
    return { file: given[1]?.output ?? '/somewhere/runs/a/report.html' };
  };
  const run = (...argv: string[]) =>
    runWith([report], ['report', ...argv], { core: { reportRuns }, cwd: '/somewhere' });
  return { asked, run };
}

describe('report', () => {
  it('leaves the place of a single run’s page to its folder, and says where it is', async () => {
    const { asked, run } = reporting();
    const { stdout, exitCode } = await run('runs/a');
    expect(exitCode).toBe(0);
    expect(asked).toEqual([[['/somewhere/runs/a'], { output: undefined }]]);
    expect(stdout).toBe('Written to runs/a/report.html\n');
  });

  it('takes several, and writes their page here unless it is told where', async () => {
    const { asked, run } = reporting();
    const { stdout } = await run('runs/a', 'runs/b', '--json');
    expect(lastJson(stdout)).toEqual({ report: '/somewhere/report.html' });
    await run('runs/a', 'runs/b', '--output', 'out/c.html');
    expect(asked.map(([runs, options]) => [runs.length, options?.output])).toEqual([
      [2, '/somewhere/report.html'],
      [2, '/somewhere/out/c.html'],
    ]);
  });

  it('asks for a run where none is named', async () => {
    const { exitCode, stderr } = await reporting().run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('RUN is missing');
  });
});
