import { expect, it } from 'vitest';
import { everyTask } from '../examples/every-task.ts';
import { scoreSummaries } from '../examples/score-summaries.ts';

it('every-task shows prompt and answer of each task, with personal data masked', () => {
  const texts = everyTask();
  expect(Object.keys(texts)).toHaveLength(5);
  expect(texts['next-action']).toBe(
    'Customer: Hi, I got the wrong size. My e-mail is [e-mail], the order is 3348917502.\n' +
      'Agent: Sorry about that. You can send it back within 90 days.\n' +
      'What does the agent do next?\nsend return label',
  );
});

it('score-summaries tells good summaries from bad ones', async () => {
  const { reference, firstWords, everything, invented } = await scoreSummaries();
  expect(reference).toMatchObject({ rougeL: 1, oneSentence: 1, faithfulNumbers: 1, faithfulNames: 1 });
  expect(firstWords).toMatchObject({ coverage: 1, faithfulNumbers: 1, novelBigrams: 0 });
  expect(everything).toMatchObject({ compression: 1, oneSentence: 0 });
  expect(invented).toMatchObject({ faithfulNumbers: 0, oneSentence: 1 });
  expect(firstWords?.rouge1).toBeLessThan(0.6);
});
