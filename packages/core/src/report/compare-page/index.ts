import { documentOf } from '../document.ts';
import { formatCounted } from '../format.ts';
import { html } from '../html.ts';
import { modelName } from '../run-page/lead.ts';
import type { RunRecord } from '../run-record.ts';
import { comparedCurves } from './curves.ts';
import { differencesSection } from './differences.ts';
import { comparedMetrics } from './metrics.ts';
import { withNames } from './names.ts';
import { comparedOptions } from './options.ts';
import { runsSection } from './runs.ts';

/** Several runs on one page: what differs in what they were told, and in what came of it. */
export function comparisonPage(records: readonly RunRecord[]): string {
  const runs = withNames(records);
  const recipes = [...new Set(records.map(({ description }) => description.recipe.name))];
  const models = [...new Set(records.map(modelName))];
  return documentOf({
    title: `${formatCounted(records.length, 'run')} of ${recipes.join(', ')}`,
    lead: html`<p class="lead">${models.join(', ')}</p>`,
    sections: [
      runsSection(runs),
      comparedOptions(runs),
      comparedMetrics(runs),
      differencesSection(runs),
      comparedCurves(runs),
    ],
  });
}
