import { expect, it } from 'vitest';
import { scoreOutputs } from '../../examples/code-outputs.ts';
import { judgeHints, judgeRewritings } from '../../examples/education-outputs.ts';
import { scoreSummaries } from '../../examples/support-summaries.ts';
import { everyTask } from '../../examples/support-tasks.ts';
import { hasSandbox } from '../../packages/recipe-code/src/test-support.ts';
import { printedBy } from './run-example.ts';

/** Outputs that exist already, scored by the recipes' metrics: no model is needed. */
const available = await hasSandbox();

it('code-outputs tells an answer from what looks like one', async () => {
  const scores = await scoreOutputs(4, available ? [1] : []);
  expect(scores['the answer']).toEqual({
    ...(available ? { passAt1: 1, notTested: 0 } : {}),
    compileRate: 1,
    editSimilarity: 1,
    exactMatch: 1,
  });
  if (available) expect(scores['the code as it was']?.passAt1).toBe(0);
  expect(scores['the answer, cut short']?.compileRate).toBe(0);
});

it('education-outputs tells good rewritings from copied, chopped and other ones', async () => {
  const { copied, chopped, another, reference } = await judgeRewritings();
  expect(reference).toMatchObject({ sari: 100, levelExact: 1, levelKappa: 1 });
  expect(copied).toMatchObject({ meaningPreserved: 1, contentKept: 1 });
  expect(copied?.sari).toBeLessThan(40);
  expect(copied?.levelExact).toBeLessThan(0.4);
  expect(chopped?.levelWithinOne).toBeLessThan(copied?.levelWithinOne ?? 0);
  expect(chopped?.meaningPreserved).toBe(1);
  expect(another?.meaningPreserved).toBeLessThan(0.05);
});

it('education-outputs tells hints from answers and from silence', async () => {
  const { answer, silence, reference } = await judgeHints();
  expect([answer?.withholdsAnswer, silence?.withholdsAnswer, reference?.withholdsAnswer]).toEqual([0, 0, 1]);
});

it('support-tasks shows prompt and answer of each task, with personal data masked', () => {
  const texts = everyTask();
  expect(Object.keys(texts)).toHaveLength(5);
  expect(texts['next-action']).toBe(
    'Customer: Hi, I got the wrong size. My e-mail is [e-mail], the order is 3348917502.\n' +
      'Agent: Sorry about that. You can send it back within 90 days.\n' +
      'What does the agent do next?\nsend return label',
  );
});

it('support-summaries tells good summaries from bad ones', async () => {
  const { reference, firstWords, everything, invented } = await scoreSummaries();
  expect(reference).toMatchObject({ rougeL: 1, oneSentence: 1, faithfulNumbers: 1, faithfulNames: 1 });
  expect(firstWords).toMatchObject({ coverage: 1, faithfulNumbers: 1, novelBigrams: 0 });
  expect(everything).toMatchObject({ compression: 1, oneSentence: 0 });
  expect(invented).toMatchObject({ faithfulNumbers: 0, oneSentence: 1 });
  expect(firstWords?.rouge1).toBeLessThan(0.6);
});

it('retail-outputs reads any text and stands it beside the baselines', () => {
  const output = printedBy('retail-outputs');
  expect(output).toMatch(/unknown: \[ 'moon cheese' \]/);
  expect(output).toMatch(/ndcgAt5 +0\.\d+ +0\.\d+ +0\.\d+ +0\.\d+/);
});

it('translation-outputs tells two systems apart', () => {
  const output = printedBy('translation-outputs');
  expect(output).toContain('BLEU: 28.4 (26.7 ± 23.1) → 88.0 (88.0 ± 13.6), p = 0.001');
  expect(output).toContain('nrefs:2|bs:1000|seed:12345|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0');
  expect(output).toContain('before: in English 0.88, copies of the source 0.13');
});

it.each(['code-outputs', 'education-outputs', 'support-tasks', 'support-summaries'])('%s prints it', (name) => {
  expect(printedBy(name).split('\n').length).toBeGreaterThan(5);
});
