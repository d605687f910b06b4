import { built } from '../../tsup.config.base.ts';

export default built(
  'src/index.ts',
  'src/files/index.ts',
  'src/recipe/index.ts',
  'src/report/index.ts',
  'src/testing/index.ts',
  'src/web/index.ts',
  'src/tokenization/tokenizer-worker.ts',
  'src/tracking/wandb/wandb-worker.ts',
);
