export type { PackingReceipt } from './batches/pack.ts';
export { type CheckedAnswer, type CheckGgufOptions, checkGguf, type GgufCheck } from './check-gguf.ts';
export { describeInstallation, installEngine } from './engine/install/install.ts';
export { describeMachine, measureProducts, type ProductSpeeds } from './engine/measure.ts';
export { useThreads } from './engine/native/load.ts';
export { type EngineChoice, engineNames, openEngine } from './engine/open-engine.ts';
export { type EngineSurvey, surveyEngines } from './engine/survey.ts';
export { printable, UserError, type UserErrorCode } from './errors.ts';
export { type EvaluateOptions, evaluate } from './evaluate.ts';
export type { EvaluationEstimate } from './evaluation/estimate-seconds.ts';
export type { Evaluation, EvaluationPart, EvaluationProgress } from './evaluation/evaluation.ts';
export type { Distance, Distances } from './evaluation/forgetting/distance.ts';
export type { PredictionRecord } from './evaluation/predictions.ts';
export type { Samples } from './evaluation/samples.ts';
export type { PerturbedRecord } from './evaluation/sensitivity/measured-sensitivity.ts';
export type { MetricEffect, PerturbationEffect, Sensitivity } from './evaluation/sensitivity/sensitivity.ts';
export {
  type ExportFormat,
  type ExportOptions,
  type ExportResult,
  type ExportType,
  exportFormats,
  exportModel,
  exportTypes,
} from './export-model.ts';
export { similarPath } from './files/similar-path.ts';
export { type FineTuneOptions, type FineTuneResult, fineTune } from './fine-tune.ts';
export { type EventStream, fineTuneEvents } from './fine-tune-events.ts';
export { type GenerateOptions, generate } from './generate.ts';
export type { Sampling } from './generation/sampling.ts';
export type { Answer, HeldModel } from './held/held-model.ts';
export type { AnswerOptions, AnswerRequest, Asked } from './held/requests.ts';
export { type HeldModels, type HoldOptions, holdModels, type ModelToHold } from './hold-models.ts';
export { counterweightHome } from './home.ts';
export type { DownloadProgress } from './hub/fetch-file.ts';
export { isHubId } from './hub/locate-model.ts';
export type { PushProgress } from './hub/push-files.ts';
export { CACHE_KINDS, type KeptFiles, type KeptKind, listKeptFiles, removeKeptFiles } from './kept-files.ts';
export { type ModelOfRunOptions, modelOfRun } from './model-of-run.ts';
export { nearestOf } from './nearest.ts';
export { type PerturbationName, perturbationNames } from './perturbations/perturbations.ts';
export { type PreviewedExample, type PreviewOptions, preview } from './preview.ts';
export {
  type ModelCardOptions,
  type PushOptions,
  type PushResult,
  pushedParts,
  pushToHub,
  writeModelCard,
} from './push-to-hub.ts';
export { createRandom, type Random } from './random.ts';
export * from './recipe/index.ts';
export { describeRecipeSource, type RecipeSource } from './recipe-loading/describe-recipe-source.ts';
export { importRecipeModule, type RecipePlace } from './recipe-loading/find-recipe-module.ts';
export { listRecipes } from './recipe-loading/installed-recipes.ts';
export { loadFix } from './recipe-loading/load-fix.ts';
export { type AnyRecipe, type RecipeRequest, resolveRecipe } from './recipe-loading/resolve-recipe.ts';
export { type ReportOptions, reportRuns } from './report-runs.ts';
export type { Data, RowsInMemory } from './rows/data.ts';
export type { DuplicateCounts } from './rows/duplicates/duplicate-counts.ts';
export { readRows } from './rows/read-rows.ts';
export { runHolder } from './run/claim-run-folder.ts';
export type { MetricDescription } from './run/describe-recipe.ts';
export type { RunDescription } from './run/describe-run.ts';
export { type Score, type ScoreOptions, score } from './score.ts';
export type {
  ClaimVerdict,
  Difference,
  OutcomeAnalysis,
  Recommendation,
  SweepAnalysis,
  Verdict,
  WeightOutcome,
} from './sweep/analysis/analysis.ts';
export { type AnalysisOptions, analyzeSweep } from './sweep/analysis/analyze-sweep.ts';
export { describeAnalysis } from './sweep/analysis/describe-analysis.ts';
export type { PathPoint, TrialObservation } from './sweep/analysis/observations.ts';
export { DEFAULT_MARGINS, type Margin, type MetricDirection } from './sweep/analysis/outcomes.ts';
export { type WeightChart, weightCharts } from './sweep/analysis/weight-chart.ts';
export { SWEEP_DEFAULTS } from './sweep/defaults.ts';
export type { SweepEvent } from './sweep/events.ts';
export type { SweepOptions } from './sweep/options.ts';
export type { Setting, SweepPlan, Trial } from './sweep/plan.ts';
export type { PlannedSweep } from './sweep/plan-sweep.ts';
export { type PlannedTrial, planTrials, readPlannedTrial } from './sweep/planned-trials.ts';
export { readSweep, type SweepProgress } from './sweep/read-sweep.ts';
export { reportSweep, type SweepReport } from './sweep/report-sweep.ts';
export type { SharedTrials, TrialClaim } from './sweep/shared-trials.ts';
export { failTrial } from './sweep/trial-folder.ts';
export type { SweptTrials } from './sweep/work-sweep.ts';
export { assertSweepFits, planSweep, sweep, workSweep, workTrial } from './sweep.ts';
export type { TaskOptions } from './task/open-task.ts';
export { FITTED_STEP, type Fitting, type FittingModel, whatFits } from './task/what-fits.ts';
export { currentEngine, type Engine, type EngineName } from './tensor/engine.ts';
export type { Batch, TokenizedExample, TokenRoleName } from './tokenization/example.ts';
export type { DroppedRow, Receipt } from './tokenization/receipt.ts';
export { fromTransformersJs, type TransformersJsTokenizer } from './tokenizer/from-transformers-js.ts';
export { loadTokenizer } from './tokenizer/load-tokenizer.ts';
export type { Tokenizer } from './tokenizer/tokenizer.ts';
export { type MlflowOptions, mlflow } from './tracking/mlflow/mlflow.ts';
export { tensorboard } from './tracking/tensorboard/tensorboard.ts';
export type { TrackedEnd, TrackedRun, Tracker } from './tracking/tracker.ts';
export { type WandbOptions, wandb } from './tracking/wandb/wandb.ts';
export type { MemoryEstimate } from './training/estimate-memory.ts';
export type { StepMetrics, TrainingEvent } from './training/events.ts';
export {
  type SettledTraining,
  type TrainingOptions,
  type TrainingOptionsInput,
  trainingOptionsSchema,
} from './training/options.ts';
export { peakLearningRate } from './training/schedule.ts';
export type { CheckResult, Verification } from './verify/check.ts';
export { assertLlamaServer } from './verify/llama-cpp/llama-server.ts';
export type { FindRecipe } from './verify/run-subject.ts';
export { type VerifiedRows, type VerifyOptions, verify } from './verify.ts';
export { type VerifyRunOptions, verifyRun } from './verify-run.ts';
export { version } from './version.ts';
export { type Launch, launchedBy } from './workers/launched.ts';
export { openWorkers, type WorkerPlace } from './workers/open-workers.ts';
