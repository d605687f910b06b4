import { builtWithPrograms } from '../../tsup.config.base.ts';

export default builtWithPrograms('src/index.ts', 'src/sandbox/launcher.ts');
