import type { Scenario } from '../scenario.ts';
import { lora135m } from './lora-135m.ts';
import { quickstart } from './quickstart.ts';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [lora135m, quickstart];
