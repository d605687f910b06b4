import { expect, it } from 'vitest';
import { checkSamples } from './samples.ts';

it.each([[{ samples: 0 }], [{ samples: 1.5 }], [{ samples: 2 }], [{ samples: 2, temperature: 0 }]])(
  'refuses %j',
  (sampling) => {
    expect(() => checkSamples(sampling)).toThrow(/sample/);
    expect(() => checkSamples({ samples: 2, temperature: 0.5 })).not.toThrow();
  },
);
