import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { judgeHints, judgeRewritings } from '../examples/judge-outputs.ts';
import { trainATutor } from '../examples/train-a-tutor.ts';

it('judge-outputs tells good rewritings from copied, chopped and other ones', async () => {
  const { copied, chopped, another, reference } = await judgeRewritings();
  expect(reference).toMatchObject({ sari: 100, levelExact: 1, levelKappa: 1 });
  expect(copied).toMatchObject({ meaningPreserved: 1, contentKept: 1 });
  expect(copied?.sari).toBeLessThan(40);
  expect(copied?.levelExact).toBeLessThan(0.4);
  expect(chopped?.levelWithinOne).toBeLessThan(copied?.levelWithinOne ?? 0);
  expect(chopped?.meaningPreserved).toBe(1);
  expect(another?.meaningPreserved).toBeLessThan(0.05);
});

it('judge-outputs tells hints from answers and from silence', async () => {
  const { answer, silence, reference } = await judgeHints();
  expect([answer?.withholdsAnswer, silence?.withholdsAnswer, reference?.withholdsAnswer]).toEqual([0, 0, 1]);
});

it('train-a-tutor lowers the loss on feedback it has not seen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'train-a-tutor-'));
  try {
    const few = (name: string, rows: number) => {
      const lines = readFileSync(new URL(`../fixtures/${name}.jsonl`, import.meta.url), 'utf8').split('\n');
      const path = join(folder, `${name}.jsonl`);
      writeFileSync(path, lines.slice(0, rows).join('\n'));
      return path;
    };
    const model = fileURLToPath(new URL('../../../models/stories260k', import.meta.url));
    const [before, after] = await trainATutor(model, join(folder, 'run'), {
      engine: 'wasm',
      data: few('bridge-train', 24),
      evalData: few('bridge-eval', 2),
    });
    expect(after?.completionLoss).toBeLessThan((before?.completionLoss ?? 0) - 0.2);
    expect(Object.keys(after?.metrics ?? {})).toEqual(['referenceOverlap', 'asksLikeReference']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
