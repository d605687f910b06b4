import { z } from 'zod';
import { llamaFields, llamaLike } from './llama-like.ts';
import { type Family, parseFields } from './parse-config.ts';
import { windowFields, windowsOf } from './windows.ts';

/** Only layers from `max_window_layers` on have the window, and only where it is switched on. */
export const qwenFields = {
  ...llamaFields,
  ...windowFields,
  use_sliding_window: z.boolean().default(false),
  sliding_window: windowFields.sliding_window.default(4096),
  max_window_layers: z.int().min(0).default(28),
};

type QwenFields = z.output<z.ZodObject<typeof qwenFields>>;

export function qwenWindows(fields: QwenFields, file: string): (number | undefined)[] {
  const { use_sliding_window, max_window_layers } = fields;
  const windows = windowsOf(fields, (layer) => layer >= max_window_layers, file);
  return use_sliding_window ? windows : [];
}

/** Queries, keys and values have biases, whatever config.json says. */
export const qwen2: Family = (json, file) => {
  const fields = parseFields(z.object(qwenFields), json, file);
  return llamaLike('qwen2', fields, file, { biases: { qkv: true }, windows: qwenWindows(fields, file) });
};
