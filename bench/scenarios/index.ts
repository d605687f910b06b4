import type { Scenario } from '../scenario.ts';
import { full135m } from './full-135m.ts';
import { generation } from './generation.ts';
import { lora135m } from './lora-135m.ts';
import { packedRows } from './packed.ts';
import { quantized7b, quantizedBase } from './quantized.ts';
import { quickstart } from './quickstart.ts';
import { scaling } from './scaling.ts';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  lora135m,
  full135m,
  packedRows,
  quickstart,
  generation,
  quantizedBase,
  quantized7b,
  scaling,
];
