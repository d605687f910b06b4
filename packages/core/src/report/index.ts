export { countDropped, type DroppedCounts } from '../tokenization/receipt.ts';
export { type WeightAdvice, weightAdvice } from './advice/weight-advice.ts';
export {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatLoss,
  formatMetric,
  formatNumber,
  formatShare,
  formatShort,
} from './format.ts';
export { type PreviewPage, previewPage } from './preview-page.ts';
export {
  droppedInWords,
  duplicatesInWords,
  invalidRowsInWords,
  promptShare,
  type ReceiptLine,
  receiptLines,
  unusedInWords,
} from './receipt-lines.ts';
export { type RunRecord, readRunRecord } from './run-record.ts';
export { type PreviewExample, type TokenRun, tokenRuns } from './token-runs.ts';
export { writeReport } from './write-report.ts';
