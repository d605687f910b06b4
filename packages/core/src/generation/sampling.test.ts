import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { chooseToken, type Sampling } from './sampling.ts';

/** Token 2 has probability 0.5, token 0 has 0.3, token 1 has 0.15, token 3 has 0.05. */
const probabilities = [0.3, 0.15, 0.5, 0.05];
const logits = Float32Array.from(probabilities, (p) => Math.log(p) + 7);

const never = () => {
  throw new Error('asked for a random number');
};

/** How often each token comes in 20,000 draws, to two standard errors of about 0.007. */
function frequencies(sampling: Sampling): number[] {
  const random = createRandom(3).uniform;
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) counts[chooseToken(logits, sampling, random)]! += 1;
  return counts.map((count) => count / 20_000);
}

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) {
    expect(Math.abs((actual[i] as number) - value)).toBeLessThan(value === 0 ? Number.MIN_VALUE : 0.012);
  }
}

describe('greedy', () => {
  it('takes the likeliest token, by default, without chance', () => {
    expect(chooseToken(logits, {}, never)).toBe(2);
    expect(chooseToken(logits, { temperature: 0, topK: 3 }, never)).toBe(2);
  });

  it('takes the first of equals', () => {
    expect(chooseToken(Float32Array.of(-1, 4, 4, 0), {}, never)).toBe(1);
  });
});

describe('sampling', () => {
  it('draws by the running sum of the probabilities, the likeliest first', () => {
    const drawn = [0, 0.49, 0.51, 0.79, 0.81, 0.94, 0.96, 0.999999].map((share) =>
      chooseToken(logits, { temperature: 1 }, () => share),
    );
    expect(drawn).toEqual([2, 2, 0, 0, 1, 1, 3, 3]);
  });

  it('follows the probabilities at temperature 1', () => {
    expectNear(frequencies({ temperature: 1 }), probabilities);
  });

  it('sharpens below 1 and flattens above: p^(1/T), made to add up to one', () => {
    // Squares .09 .0225 .25 .0025 of sum .365; roots .5477 .3873 .7071 .2236 of sum 1.8657
    expectNear(frequencies({ temperature: 0.5 }), [0.2466, 0.0616, 0.6849, 0.0068]);
    expectNear(frequencies({ temperature: 2 }), [0.2936, 0.2076, 0.379, 0.1198]);
  });

  it('keeps the k likeliest', () => {
    expectNear(frequencies({ temperature: 1, topK: 2 }), [0.375, 0, 0.625, 0]);
    expectNear(frequencies({ temperature: 1, topK: 1 }), [0, 0, 1, 0]);
    expectNear(frequencies({ temperature: 1, topK: 100 }), probabilities);
  });

  it('keeps the likeliest that together reach p, at least one', () => {
    expectNear(frequencies({ temperature: 1, topP: 0.4 }), [0, 0, 1, 0]);
    expectNear(frequencies({ temperature: 1, topP: 0.6 }), [0.375, 0, 0.625, 0]);
    expectNear(frequencies({ temperature: 1, topP: 0.9 }), [0.3158, 0.1579, 0.5263, 0]);
    expectNear(frequencies({ temperature: 1, topP: 1 }), probabilities);
  });

  it('takes p of what the k likeliest leave', () => {
    // Of .5 and .3, the first alone is 62.5 %.
    expectNear(frequencies({ temperature: 1, topK: 2, topP: 0.6 }), [0, 0, 1, 0]);
  });

  it('gives a token among the k likeliest, however far apart the logits', () => {
    const anyLogits = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 });
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(anyLogits, share, fc.integer({ min: 1, max: 5 }), (values, at, topK) => {
        const chosen = chooseToken(Float32Array.from(values), { temperature: 0.7, topK, topP: 0.9 }, () => at);
        expect(values.filter((value) => value > (values[chosen] as number)).length).toBeLessThan(topK);
      }),
    );
  });
});
