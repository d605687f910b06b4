import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainingEvent } from '@counterweight/core';
import { afterAll, describe, expect, it } from 'vitest';
import { lastJson, runWith } from '../test-support.ts';
import { fakeCore, minimal, stepMetrics } from './test-support.ts';
import { train } from './train.ts';

const cwd = mkdtempSync(join(tmpdir(), 'counterweight-train-events-'));
afterAll(() => rmSync(cwd, { recursive: true }));

describe('train --events', () => {
  it('writes every event as a line, to a file or before the JSON object', async () => {
    const { core } = fakeCore();
    const argv = [...minimal, '--output', 'runs/x', '--json'];
    await runWith([train], [...argv, '--events', 'events.jsonl'], { core, cwd });
    const lines = readFileSync(join(cwd, 'events.jsonl'), 'utf8').trimEnd().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as TrainingEvent).type);
    expect(types).toEqual(['start', 'evaluation', 'step', 'checkpoint', 'evaluation']);
    expect(JSON.parse(lines[2] ?? '')).toEqual({ type: 'step', steps: 1, metrics: stepMetrics });
    const { stdout } = await runWith([train], [...argv, '--events', '-'], { core, cwd });
    const { run } = lastJson(stdout) as { run: string };
    expect([stdout.trimEnd().split('\n').slice(0, -1), run]).toEqual([lines, join(process.cwd(), 'runs/x')]);
    const spoken = await runWith([train], [...minimal, '--output', 'runs/x', '--events', '-'], { core, cwd });
    expect(spoken.stdout.trimEnd().split('\n')).toEqual(lines);
    expect(spoken.stderr).toContain('1 step. The run is in');
  });

  it('appends to the events of the run that it goes on with, and says where none can be written', async () => {
    const { core } = fakeCore();
    const argv = [...minimal, '--output', 'runs/x', '--events'];
    for (const flags of [['more.jsonl'], ['more.jsonl', '--resume']]) {
      await runWith([train], [...argv, ...flags], { core, cwd });
    }
    expect(readFileSync(join(cwd, 'more.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(10);
    const { exitCode, stderr } = await runWith([train], [...argv, 'none/such.jsonl'], { core, cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cannot be opened')]);
  });
});
