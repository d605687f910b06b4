import { z } from 'zod';
import { llamaFields, llamaLike } from './llama-like.ts';
import { type Family, parseFields } from './parse-config.ts';
import { windowFields, windowsOf } from './windows.ts';

const schema = z.object({
  ...llamaFields,
  num_key_value_heads: llamaFields.num_key_value_heads.default(8),
  ...windowFields,
  sliding_window: windowFields.sliding_window.default(4096),
});

/** Every layer has the window; `null` is none. */
export const mistral: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  return llamaLike('mistral', fields, file, { windows: windowsOf(fields, () => true, file) });
};
