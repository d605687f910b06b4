import type { z } from 'zod';
import { optionsSchema as code } from '../../packages/recipe-code/src/index.ts';
import { optionsSchema as education } from '../../packages/recipe-education/src/index.ts';
import { optionsSchema as retail } from '../../packages/recipe-retail/src/index.ts';
import { optionsSchema as support } from '../../packages/recipe-support/src/index.ts';
import { optionsSchema as translation } from '../../packages/recipe-translation/src/index.ts';

/** The options of every recipe. */
export const schemas: Readonly<Record<string, z.ZodType>> = { support, code, retail, education, translation };
