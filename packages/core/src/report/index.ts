export type { Distances } from '../evaluation/forgetting/distance.ts';
export type { MetricDescription } from '../run/describe-recipe.ts';
export { countDropped, type DroppedCounts } from '../tokenization/receipt.ts';
export { type WeightAdvice, weightAdvice } from './advice/weight-advice.ts';
export { comparisonPage } from './compare-page/index.ts';
export { brandMark, type Section, sectionMarkup } from './document.ts';
export { headlinesOf } from './evidence/metrics-of-run.ts';
export {
  formatBytes,
  formatCount,
  formatCounted,
  formatDate,
  formatDuration,
  formatLoss,
  formatMetric,
  formatNumber,
  formatShare,
  formatShort,
} from './format.ts';
export { escapeHtml, type Html, html } from './html.ts';
export { type PreviewPage, previewPage, receiptFacts } from './preview-page.ts';
export {
  droppedInWords,
  duplicatesInWords,
  invalidRowsInWords,
  promptShare,
  type ReceiptLine,
  receiptLines,
  unusedInWords,
} from './receipt-lines.ts';
export { runPage, runSections } from './run-page/index.ts';
export { leadOf, modelName, titleOf } from './run-page/lead.ts';
export { type RunRecord, type RunSummary, readRunRecord, readRunSummary } from './run-record.ts';
export { shadedExamples } from './shaded-tokens.ts';
export { type Share, shareFigure } from './share-figure.ts';
export { pageStyle } from './style/index.ts';
export { inWords } from './text.ts';
export { type PreviewExample, type TokenRun, tokenRuns } from './token-runs.ts';
export { writeReport } from './write-report.ts';
