import { built } from '../../tsup.config.base.ts';

export default built('src/index.ts');
