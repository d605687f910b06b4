import type { Options } from 'tsup';
import { built } from '../../tsup.config.base.ts';

/** The launcher is a program: nobody asks for its types. */
const config: Options = {
  ...(built('src/index.ts', 'src/sandbox/launcher.ts') as Options),
  dts: { entry: 'src/index.ts' },
};

export default config;
