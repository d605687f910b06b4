import { built } from '../../tsup.config.base.ts';

export default built('src/main.ts');
