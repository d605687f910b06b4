import type { Corpus, CorpusMetric } from './corpus-metric.ts';

/** The version of sacreBLEU whose numbers these are; its signatures name it. */
export const SACREBLEU_VERSION = '2.6.0';

/**
 * sacreBLEU's signature, which belongs beside every number that is published:
 * `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`. `version` is that of sacreBLEU whose results
 * these metrics reproduce.
 * @param references those of the corpus: their number is part of the signature, or `var` when it varies.
 * @param bootstrap given when the numbers come from `pairedBootstrap`.
 */
export function signature(
  metric: CorpusMetric,
  references: Corpus['references'],
  bootstrap?: { readonly samples: number; readonly seed: number },
): string {
  const counts = new Set(references.map((own) => own.length));
  const nrefs = counts.size === 1 ? [...counts][0] : 'var';
  const resampling = bootstrap ? [`bs:${bootstrap.samples}`, `seed:${bootstrap.seed}`] : [];
  return [`nrefs:${nrefs}`, ...resampling, metric.settings, `version:${SACREBLEU_VERSION}`].join('|');
}
