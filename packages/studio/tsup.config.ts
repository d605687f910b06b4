import { builtWithPrograms } from '../../tsup.config.base.ts';

export default builtWithPrograms('src/index.ts', 'src/jobs/run-job.ts', 'src/draft/preview-program.ts');
