import { trainingOptionsSchema } from '@counterweight/core';
import { measuredSweep } from '../../packages/core/src/report/advice/measured-sweep.ts';
import { type RegimeName, regimes } from './regimes.ts';
import { readResult, resultNames } from './result.ts';

/** What core's advice goes by: a line a sweep, so that a new one is one line more. */
export const measuredFile = new URL('../../packages/core/src/report/advice/measured-sweeps.json', import.meta.url);

export function measuredInJson(): string {
  const sweeps = resultNames().map((name) => {
    const { plan, analysis } = readResult(name);
    const { lossNormalization } = trainingOptionsSchema.parse(plan.training);
    return measuredSweep(name, analysis, {
      model: regimes[name as RegimeName].model,
      generationRatio: plan.rows.generationRatio,
      seeds: plan.seeds.length,
      lossNormalization,
      isTuned: plan.tune !== undefined,
    });
  });
  return `[\n${sweeps.map((sweep) => `  ${JSON.stringify(sweep)}`).join(',\n')}\n]\n`;
}
