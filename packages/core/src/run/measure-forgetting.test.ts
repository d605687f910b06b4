import { expect, it } from 'vitest';
import { stopped, tried, weightsOf } from '../test-support/small-runs.ts';
import { type Forgetting, readForgetting } from './measure-forgetting.ts';

const always = { measureForgetting: 'always', evalSplit: 0.25 } as const;
const forgotten = async (output: string): Promise<Forgetting> => (await readForgetting(output)) as Forgetting;

it('says how far an adapter has taken the model, and leaves result and evaluation as they are without it', async () => {
  const measured = await tried(always);
  const not = await tried({ ...always, measureForgetting: 'never' });
  expect(measured.result?.evaluation).toEqual(not.result?.evaluation);
  expect(weightsOf(measured.output)).toBe(weightsOf(not.output));
  expect(await readForgetting(not.output)).toBeUndefined();
  const { neutralLossBefore, neutralLoss, klBase, distance } = await forgotten(measured.output);
  expect(klBase).toBeGreaterThan(0);
  expect(Math.abs(neutralLoss - neutralLossBefore)).toBeGreaterThan(0);
  expect(Object.keys(distance.layers)).toContain('layers.0');
  expect(distance.whole.relative).toBeGreaterThan(0);
});

it('is the same of a run that was interrupted: it knows where that began', async () => {
  const whole = await forgotten((await tried(always)).output);
  const output = await stopped(4, always);
  expect(await readForgetting(output)).toBeUndefined();
  await tried({ ...always, output, resume: true });
  expect(await forgotten(output)).toEqual(whole);
});

it('is the same base for a model that is trained whole, which is read again', async () => {
  const training = { method: 'full', learningRate: 1e-4 } as const;
  const measured = await tried({ ...always, training });
  const not = await tried({ ...always, training, measureForgetting: 'never' });
  expect(measured.result?.evaluation).toEqual(not.result?.evaluation);
  const full = await forgotten(measured.output);
  const adapter = await forgotten((await tried(always)).output);
  expect(full.neutralLossBefore).toBeCloseTo(adapter.neutralLossBefore, 5);
  // Six steps of AdamW move each weight by at most about six learning rates.
  expect(full.distance.whole.l1).toBeLessThan(7 * 1e-4 * 260_032);
  expect(full.distance.whole.l1).toBeGreaterThan(0);
});

it('is left out by itself where it would take a large part of a short training', async () => {
  const { output, events } = await tried();
  expect(await readForgetting(output)).toBeUndefined();
  expect(events.some(({ type }) => type === 'saving-failed')).toBe(false);
});
