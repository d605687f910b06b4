import type { ClaimVerdict } from '@counterweight/core';
import { type RegimeName, regimes } from './regimes.ts';
import { type Result, readResult, resultNames } from './result.ts';

/** What the published studies found on each claim; `docs/prompt-weight.md` has their findings with sizes. */
const STUDIES = {
  'Huerta-Enochian and Ko 2024': {
    a: 'no relation told from chance at R_g = 3.3 and 7.8, which is not the same as none',
    b: 'at R_g = 0.08 yes, by less than 2 points, for answers that are short or a choice; for long ones the best was near 1',
    c: 'yes; the loss varied most there',
    d: 'yes: above 0.1 outputs repeat fewer trained answers',
  },
  'Shi et al. 2024': {
    a: 'weights 0 and 1 only; 1 helps with few examples, not beyond 50,000',
    b: 'nothing between 0 and 1 was tried; 1 above 0 where prompts are long and examples few',
    c: '–',
    d: 'yes, of weight 1: a higher loss in training, a lower one held out',
  },
  'Chatterjee et al. 2025': {
    a: '0 was best in 44 % of the settings',
    b: 'a weight above 0 was best in 56 % of the settings, apparently one run each',
    c: '–',
    d: '–',
  },
} as const satisfies Record<string, Record<ClaimVerdict['claim'], string>>;

/** A row for each claim, a column for each source; the last is what all results that are there say. */
export function claimsTable(digits: (value: number) => string): string {
  const results = resultNames().map((name) => ({ name, ...readResult(name) }));
  const studies = Object.entries(STUDIES);
  const statements = results[0]?.analysis.claims ?? [];
  const rows = statements.map(({ claim, statement }) => {
    const ours = results.map((result) => cell(result, claim, digits));
    return `| (${claim}) ${statement} | ${studies.map(([, found]) => found[claim]).join(' | ')} | ${ours.join('<br>')} |`;
  });
  return [
    '',
    `| claim | ${studies.map(([study]) => study).join(' | ')} | here |`,
    `| --- | ${studies.map(() => '---').join(' | ')} | --- |`,
    ...rows,
    '',
    '',
  ].join('\n');
}

function cell(
  { name, plan, analysis }: Result & { readonly name: string },
  claim: ClaimVerdict['claim'],
  digits: (value: number) => string,
): string {
  const { verdict, holds } = analysis.claims.find((own) => own.claim === claim) as ClaimVerdict;
  const words = holds === null ? 'open' : holds ? 'holds' : 'does not hold';
  const { model } = regimes[name as RegimeName];
  const facts = `${model}, R_g ${digits(plan.rows.generationRatio)}, ${plan.seeds.length} seeds`;
  return `\`${name}\` (${facts}): **${verdict}**, ${words}`;
}
