import type { EvaluationPart, EvaluationProgress } from '@counterweight/core';
import { type Progress, startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** A bar for each part of an evaluation, one after the other, each with its own time left: `evaluating outputs 12/400`. */
export function watchEvaluation(terminal: Terminal): { readonly update: EvaluationProgress; end(): void } {
  let at: { readonly part: EvaluationPart; readonly progress: Progress } | undefined;
  return {
    update(done, of, part) {
      if (at?.part !== part) at = { part, progress: startProgress(`evaluating ${part}`, terminal) };
      at.progress.update(done, of);
    },
    end() {
      at?.progress.end();
      at = undefined;
    },
  };
}
