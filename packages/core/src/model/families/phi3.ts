import { z } from 'zod';
import type { JoinedLinear } from '../layers/linear.ts';
import { outputsOf } from '../layers/linear.ts';
import { llamaFields, llamaLike, withBlocks } from './llama-like.ts';
import { type Family, parseFields } from './parse-config.ts';
import { windowFields, windowsOf } from './windows.ts';

const schema = z.object({
  ...llamaFields,
  ...windowFields,
  rms_norm_eps: z.number().positive().default(1e-5),
});

/** q, k, v and gate, up are one matrix each in the checkpoint too, and have one adapter. */
export const phi3: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  const config = llamaLike('phi3', fields, file, { windows: windowsOf(fields, () => true, file) });
  return withBlocks(config, (block) => ({
    ...block,
    linears: { ...block.linears, qkv: fused(block.linears.qkv), gateUp: fused(block.linears.gateUp) },
  }));
};

const fused = (linear: JoinedLinear): JoinedLinear => ({
  ...linear,
  parts: [{ name: linear.name, outputs: outputsOf(linear) }],
});
