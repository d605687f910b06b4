import type { RunRecord } from '@counterweight/core/report';
import type { RecipeSources } from '../draft/draft.ts';
import type { Previewer } from '../draft/preview-draft.ts';
import type { Roots } from '../folder/inside.ts';
import type { Jobs } from '../jobs/open-jobs.ts';

/** What the routes work with. */
export interface Studio {
  readonly roots: Roots;
  readonly jobs: Jobs;
  readonly previewer: Previewer;
  /** What a run folder tells. @throws {UserError} where it holds no run */
  readonly readRun: (run: string) => Promise<RunRecord>;
  /** The command line: what is put before its arguments to run it. */
  readonly program: readonly string[];
  /** Recipes that can be chosen, by name or path. */
  readonly recipes: readonly string[];
  readonly recipeSources: RecipeSources;
  /** Bytes of a dropped file at most. */
  readonly uploadLimit: number;
}
