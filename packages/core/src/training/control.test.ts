import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../recipe/recipe.ts';
import {
  type Control,
  endsEarly,
  INITIAL_CONTROL,
  type Observation,
  observe,
  selectedValue,
  selectionOf,
} from './control.ts';
import { parseTrainingOptions } from './parse-options.ts';

type Options = Parameters<typeof observe>[2] & Parameters<typeof endsEarly>[1];
type Value = number | null;

const options = (some: Partial<Options> = {}): Options => ({
  minDelta: 0,
  earlyStoppingPatience: undefined,
  plateauPatience: undefined,
  plateauFactor: 0.5,
  direction: 'lower-is-better',
  ...some,
});

/** Each value an evaluation at steps 10, 20, …; `through` is what happens to the state between two of them. */
function observeAll(values: readonly Value[], by: Options, through = (control: Control) => control): Observation[] {
  let control = INITIAL_CONTROL;
  return values.map((value, i) => {
    const observation = observe(through(control), { step: 10 * (i + 1), value }, by);
    control = observation.control;
    return observation;
  });
}

describe('evaluations', () => {
  it('stop a run after so many without an improvement, by more than the minimum', () => {
    const by = options({ earlyStoppingPatience: 2, minDelta: 0.1 });
    const stops = (values: readonly Value[]) => observeAll(values, by).map(({ control }) => endsEarly(control, by));
    expect(stops([3, 2, 1.95, 1.93, 1])).toEqual([false, false, false, true, false]);
    // What is not enough by itself adds up.
    expect(stops([3, 2.95, 2.89, 2.85, 2.8])).toEqual([false, false, false, false, true]);
    expect(stops([3, null, null])).toEqual([false, false, true]);
  });

  it('lower the learning rate, again and again', () => {
    const by = options({ plateauPatience: 2, direction: 'higher-is-better' });
    const observed = observeAll([1, 1, 0, 0, 0, 2, 2, 2], by);
    expect(observed.map(({ lowered }) => lowered)).toEqual([false, false, true, false, true, false, false, true]);
    expect(observed.map(({ control }) => control.rateFactor)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]);
  });

  it('name the best one, however little better it is, and the first of equals', () => {
    const observed = observeAll([null, 2, 1.99, 1.99, 3], options({ minDelta: 0.5 }));
    expect(observed.map(({ isBest }) => isBest)).toEqual([false, true, true, false, false]);
    expect(observed.at(-1)?.control.best).toEqual({ step: 30, value: 1.99 });
  });

  const values = fc.array(fc.option(fc.integer({ min: -5, max: 5 }).map((n) => n / 4)), { maxLength: 40 });
  const anyOptions = fc.record({
    minDelta: fc.constantFrom(0, 0.25, 0.6),
    earlyStoppingPatience: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    plateauPatience: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    plateauFactor: fc.constantFrom(0.1, 0.5),
    direction: fc.constantFrom('lower-is-better' as const, 'higher-is-better' as const),
  });

  it('decide the same when the state went through a checkpoint at any moment', () => {
    const throughJson = (control: Control) => JSON.parse(JSON.stringify(control)) as Control;
    fc.assert(
      fc.property(values, anyOptions, (all, by) => {
        expect(observeAll(all, by, throughJson)).toEqual(observeAll(all, by));
      }),
    );
  });

  it('find the extreme, and count like a loop over all that came before', () => {
    fc.assert(
      fc.property(values, anyOptions, (all, by) => {
        const sign = by.direction === 'higher-is-better' ? 1 : -1;
        const measured = all.filter((value) => value !== null);
        const observed = observeAll(all, by);
        const best = observed.at(-1)?.control.best ?? null;
        if (measured.length === 0) expect(best).toBeNull();
        else {
          expect(sign * (best?.value as number)).toBe(Math.max(...measured.map((value) => sign * value)));
          expect(best?.step).toBe(10 * (all.indexOf(best?.value as number) + 1));
        }
        let reference = Number.NEGATIVE_INFINITY;
        let waited = 0;
        for (const [i, value] of all.entries()) {
          const improved = value !== null && sign * value - reference > by.minDelta;
          if (improved) reference = sign * value;
          waited = improved ? 0 : waited + 1;
          const { earlyStoppingPatience: patience } = by;
          expect(endsEarly(observed[i]?.control as Control, by)).toBe(patience !== undefined && waited >= patience);
        }
        const lowered = observed.filter((one) => one.lowered).length;
        expect(observed.at(-1)?.control.rateFactor ?? 1).toBeCloseTo(by.plateauFactor ** lowered, 10);
      }),
    );
  });
});

describe('what evaluations are compared by', () => {
  const metric = { name: 'exactMatch', direction: 'higher-is-better' } as Metric<never>;
  const evaluation = {
    ...{ rows: 2, tokens: 9, loss: 2, promptLoss: null, completionLoss: 1, perplexity: Math.E },
    metrics: { exactMatch: 0.5 },
  };
  const selected = (bestMetric: string) =>
    selectionOf(parseTrainingOptions({ bestMetric, keep: 'best' }), [metric], true);

  it('is a loss, or a metric with its own direction', () => {
    expect(selected('completionLoss')).toEqual({ metric: 'completionLoss', direction: 'lower-is-better' });
    expect(selected('exactMatch')).toEqual({ metric: 'exactMatch', direction: 'higher-is-better' });
    const compared = (name: string) => selectedValue(selected(name), evaluation);
    expect(['completionLoss', 'perplexity', 'promptLoss', 'exactMatch'].map(compared)).toEqual([1, Math.E, null, 0.5]);
    expect(selectedValue(selected('loss'), { ...evaluation, loss: Number.NaN })).toBeNull();
    expect(selectedValue(selected('exactMatch'), { ...evaluation, metrics: {} })).toBeNull();
  });

  it('must be there, and so must rows to evaluate on', () => {
    const lossesOnly = parseTrainingOptions({ bestMetric: 'exactMatch', evaluateLossesOnly: true });
    expect(() => selectionOf(lossesOnly, [metric], true)).toThrow(
      /losses only have no "exactMatch".*\n.*\n.*--evaluate-losses-only/,
    );
    expect(() => selected('exactMach')).toThrow(/Did you mean "exactMatch"/);
    expect(() => selected('bleu')).toThrow(/no "bleu".*\n.*\n.*exactMatch, completionLoss/);
    for (const options of [{ keep: 'best' }, { earlyStoppingPatience: 1 }, { plateauPatience: 3 }] as const) {
      expect(() => selectionOf(parseTrainingOptions(options), [], false)).toThrow(/no rows to evaluate on/);
    }
    expect(() => selectionOf(parseTrainingOptions(), [], false)).not.toThrow();
  });
});
