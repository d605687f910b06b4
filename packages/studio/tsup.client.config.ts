import { builtForPages } from '../../tsup.config.base.ts';

export default builtForPages('src/client/ask.ts', 'src/client/live.ts', 'src/client/new-run.ts');
