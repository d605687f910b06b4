import { z } from 'zod';
import { known, tokenCount } from './parse-config.ts';

/** Which layers see only so far back. */
export const windowFields = {
  sliding_window: tokenCount.nullish(),
  layer_types: z.array(z.string()).nullish(),
};

type WindowFields = z.output<z.ZodObject<typeof windowFields>> & { readonly num_hidden_layers: number };

const SLIDES: Readonly<Record<string, boolean>> = { sliding_attention: true, full_attention: false };

/**
 * The window of every layer: `layer_types` (today's spelling), or else by the family's own rule.
 * @throws {UserError} `model-unsupported` for layers of another type
 */
export function windowsOf(
  { sliding_window, layer_types, num_hidden_layers }: WindowFields,
  slides: (layer: number) => boolean,
  file: string,
): (number | undefined)[] {
  return slidingLayers({ layer_types, num_hidden_layers }, slides, file).map((sliding) =>
    sliding ? (sliding_window ?? undefined) : undefined,
  );
}

export const slidingLayers = (
  { layer_types, num_hidden_layers }: Pick<WindowFields, 'layer_types' | 'num_hidden_layers'>,
  slides: (layer: number) => boolean,
  file: string,
): boolean[] =>
  Array.from({ length: num_hidden_layers }, (_, layer) => {
    const type = layer_types?.[layer];
    return type === undefined ? slides(layer) : known(SLIDES, 'layer_types', type, file);
  });
