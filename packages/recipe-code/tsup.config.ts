import { built } from '../../tsup.config.base.ts';

/** The launcher is a program: nobody has its types. */
export default { ...built('src/index.ts', 'src/sandbox/launcher.ts'), dts: { entry: 'src/index.ts' } };
