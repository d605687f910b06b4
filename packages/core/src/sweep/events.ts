import type { Trial } from './plan.ts';
import type { TunedRate } from './tuned-rates.ts';

/** What a sweep reports while it goes on. */
export type SweepEvent =
  | { readonly type: 'plan'; readonly trials: number; readonly done: number }
  | { readonly type: 'trial-start'; readonly trial: Trial; readonly steps: number }
  | { readonly type: 'trial-step'; readonly trial: Trial; readonly step: number; readonly steps: number }
  | {
      readonly type: 'trial-done';
      readonly trial: Trial;
      readonly validation: Readonly<Record<string, number>>;
      readonly seconds: number;
    }
  /** The others go on. */
  | { readonly type: 'trial-failed'; readonly trial: Trial; readonly message: string }
  /** The learning rates that were found, by weight. */
  | { readonly type: 'tuned'; readonly rates: readonly TunedRate[] };
